#include "photo/probe.h"

#include "base/error.h"
#include "base/memory.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { HEAD_BYTES = 1 << 17 }; /* a file is read no further, unless its metadata want it */

typedef struct probing {
    const hp_probing *what;
    hp_probed *results;
    hp_decoder *decoders; /* one a worker */
} probing;

static int compare_to_text(const void *path, const void *text)
{
    return strcmp(path, *(char *const *)text);
}

/* Of a file that need not be read again if its content is known, the whole is hashed while it is open. */
static int read_beginning(const hp_probing *what, const char *path, hp_decoder *decoder, hp_probed *out, hp_error *err)
{
    const hp_strings *familiar = what->familiar;
    out->hashed = familiar->count > 0 &&
                  bsearch(path, familiar->items, familiar->count, sizeof *familiar->items, compare_to_text) != NULL;
    if (!out->hashed)
        return hp_decoder_read(decoder, path, HEAD_BYTES, err);
    return hp_decoder_read_hashed(decoder, path, HEAD_BYTES, &out->hash, err);
}

/* Astronomers' archives compress whole files, which the libraries are not asked to unpack. */
static int fail_unknown(hp_bytes file, hp_error *err)
{
    if (file.size > 2 && file.data[0] == 0x1f && file.data[1] == 0x8b)
        return hp_fail(err, HP_E_INPUT,
                       "is compressed by gzip as a whole: gunzip makes a photo of it (FITS: or fpack)");
    return hp_fail(err, HP_E_INPUT, "is not a photo of a kind that hotpix reads");
}

/* With the beginning of the file first: most of a photo is not metadata. Whole, a TIFF may turn out to be a RAW. */
static int probe(const hp_probing *what, const hp_path *path, hp_decoder *decoder, hp_probed *out, hp_error *err)
{
    int code = read_beginning(what, path->path, decoder, out, err);
    if (code)
        return code;
    out->file_size = decoder->file_size;
    out->marked = hp_format_is_marked((hp_bytes){decoder->file.data, decoder->file.size});
    code = hp_decoder_identify(decoder, &out->format, &out->info, err);
    if (code == HP_E_INPUT && out->format && decoder->file.size < out->file_size) {
        code = hp_decoder_read(decoder, path->path, SIZE_MAX, err);
        out->file_size = decoder->file_size;
        if (!code)
            code = hp_decoder_identify(decoder, &out->format, &out->info, err);
    }
    if (!code && !out->format)
        code = fail_unknown((hp_bytes){decoder->file.data, decoder->file.size}, err);
    return code;
}

/*
 * In a folder; what the user names is told of in any case. A worker's word that a file is no photo counts only where
 * no mark says that it is one: a photo that took it over would hide.
 */
static bool is_passed_over(const char *path, const hp_probed *found, const hp_error *err)
{
    if (err->code == HP_E_NO_PHOTO)
        return true;
    return !found->marked && !found->format && err->code != HP_E_DECODER && !hp_format_knows_ending(path);
}

static void probe_task(void *context, size_t index, unsigned worker)
{
    probing *work = context;
    const hp_path *path = &work->what->paths->items[index];
    hp_probed *out = &work->results[index];
    if (!hp_team_is_mine(work->what->team, index) || (work->what->stop && *work->what->stop))
        return;
    hp_error err = {0};
    if (probe(work->what, path, &work->decoders[worker], out, &err) == HP_OK)
        return;
    if (path->named || !is_passed_over(path->path, out, &err))
        out->reason = hp_strdup(err.message, NULL);
    out->format = NULL;
}

/* ---- a team ---- */

/* What was found, as it is told to the other processes of a team. */
typedef struct told {
    hp_photo_info info;
    uint64_t file_size;
    hp_hash hash;
    bool hashed;
    int format; /* its place in hp_formats; -1: none */
    char reason[256];
} told;

static int share_probed(const hp_team *team, hp_probed *results, size_t count, hp_error *err)
{
    if (!team)
        return HP_OK;
    told *all = hp_calloc(count, sizeof *all, err);
    int code = hp_team_agree(team, all ? HP_OK : HP_E_MEMORY, err);
    for (size_t i = team->rank; !code && i < count; i += team->size) {
        const hp_probed *own = &results[i];
        all[i] = (told){own->info, own->file_size, own->hash, own->hashed, hp_format_place(own->format), ""};
        snprintf(all[i].reason, sizeof all[i].reason, "%s", own->reason ? own->reason : "");
    }
    if (!code)
        code = hp_team_exchange(team, all, count, sizeof *all, err);
    for (size_t i = 0; !code && i < count; i++) {
        if (hp_team_is_mine(team, i))
            continue;
        char *reason = all[i].reason[0] ? hp_strdup(all[i].reason, NULL) : NULL;
        results[i] = (hp_probed){
            all[i].info, hp_format_at(all[i].format), all[i].file_size, all[i].hash, all[i].hashed, reason, false};
    }
    free(all);
    return code;
}

int hp_probe_all(const hp_probing *what, hp_pool *pool, hp_probed *results, hp_error *err)
{
    probing work = {.what = what, .results = results, .decoders = hp_decoders_open(pool, err)};
    int code = work.decoders ? HP_OK : HP_E_MEMORY;
    if (!code)
        hp_pool_run(pool, what->paths->count, probe_task, &work);
    hp_decoders_close(work.decoders, pool);
    if (!code && what->stop && *what->stop)
        code = hp_fail(err, HP_E_STOPPED, "stopped");
    code = hp_team_agree(what->team, code, err);
    return code ? code : share_probed(what->team, results, what->paths->count, err);
}
