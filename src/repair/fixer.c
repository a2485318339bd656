#include "repair/fixer.h"

#include "base/error.h"
#include "base/memory.h"

#include <stdlib.h>

enum {
    COPY_TIMES = 2, /* a copy may be so many times as long as its photo, and more: */
    COPY_BYTES_A_PIXEL = 16,
    COPY_BYTES = 1 << 20,
    WORK_TIMES = 2 /* repairing holds so many times the samples that decoding does */
};

/* ---- opening ---- */

hp_fixer *hp_fixers_open(const hp_pool *pool, hp_error *err)
{
    unsigned threads = hp_pool_threads(pool);
    hp_fixer *fixers = hp_calloc(threads, sizeof *fixers, err);
    int code = fixers ? HP_OK : HP_E_MEMORY;
    for (unsigned i = 0; !code && i < threads; i++)
        code = hp_decoder_open(pool, &fixers[i].decoder, err);
    if (!code)
        return fixers;
    hp_fixers_close(fixers, pool);
    return NULL;
}

static void free_room(hp_fixer *fixer)
{
    hp_shared_free(&fixer->shared);
    hp_pages_free(fixer->pages);
    fixer->pages = NULL;
    fixer->room = 0;
}

void hp_fixers_close(hp_fixer *fixers, const hp_pool *pool)
{
    for (unsigned i = 0; fixers && i < hp_pool_threads(pool); i++) {
        hp_decoder_close(&fixers[i].decoder);
        free_room(&fixers[i]);
    }
    free(fixers);
}

/* ---- the work ---- */

/* What goes to the worker and comes back. */
typedef struct repair_job {
    size_t file_size, room; /* bytes */
    hp_photo_info info;
    size_t defect_count;
    bool mask;
    size_t repaired, left, copy_size;
    unsigned masked, by_opcode; /* no bool: what comes back may be any bytes */
} repair_job;

static int repair_there(void *arguments, void *const *memory, hp_error *err)
{
    repair_job *job = arguments;
    hp_list list = {.camera = job->info.camera, .defects = memory[1], .defect_count = job->defect_count};
    hp_repair repair = {.file = {memory[0], job->file_size}, .info = &job->info, .list = &list, .mask = job->mask};
    int code = hp_repair_copy(&repair, memory[2], job->room, &job->copy_size, err);
    job->repaired = repair.repaired;
    job->left = repair.left;
    job->masked = repair.masked;
    job->by_opcode = repair.by_opcode;
    return code;
}

/* ---- here ---- */

/* Memory counts only where it is touched: so there may be plenty. */
static int make_room(hp_fixer *fixer, const hp_photo_info *info, hp_error *err)
{
    uint64_t pixels = (uint64_t)info->camera.width * info->camera.height;
    uint64_t room = COPY_TIMES * (uint64_t)fixer->decoder.file.size + COPY_BYTES_A_PIXEL * pixels + COPY_BYTES;
    if (room <= fixer->room)
        return HP_OK;
    free_room(fixer);
    if (room > SIZE_MAX)
        return hp_fail(err, HP_E_MEMORY, "no memory for its copy");
    if (fixer->decoder.file.shares) {
        int code = hp_shared_create_roomy((size_t)room, &fixer->shared, err);
        if (code)
            return code;
    } else {
        fixer->pages = hp_pages((size_t)room, 1, err);
        if (!fixer->pages)
            return HP_E_MEMORY;
    }
    fixer->room = (size_t)room;
    return HP_OK;
}

static void *room_of(const hp_fixer *fixer)
{
    return fixer->shared ? fixer->shared->memory : fixer->pages;
}

/* What comes back may be made up: a copy then holds what it may, but nothing beyond it is read. */
static int judge(const hp_fixer *fixer, const repair_job *job, size_t defect_count, hp_repaired *repaired,
                 hp_error *err)
{
    const hp_bytes file = {fixer->decoder.file.data, fixer->decoder.file.size};
    const bool copied = job->repaired > 0 || job->masked != 0;
    if (job->repaired > defect_count || job->left > defect_count || job->copy_size > fixer->room ||
        (copied && job->copy_size == 0))
        return hp_fail(err, HP_E_INPUT, "was repaired to what cannot be");
    *repaired = (hp_repaired){file, job->repaired, job->left, job->masked != 0, job->by_opcode != 0};
    if (copied)
        repaired->copy = (hp_bytes){room_of(fixer), job->copy_size};
    return HP_OK;
}

/* The job on the heap: what a worker is sent holds no bytes of the stack, between members either. */
static int run_job(hp_fixer *fixer, const hp_photo_info *info, const hp_list *list, bool mask, hp_repaired *repaired,
                   hp_error *err)
{
    static hp_defect none;
    const size_t count = list->defect_count;
    const uint64_t samples = (uint64_t)info->camera.width * info->camera.height * info->channels;
    const hp_region regions[] = {{count ? list->defects : &none, (count ? count : 1) * sizeof none, NULL, false},
                                 {room_of(fixer), fixer->room, fixer->shared, true}};
    char doer[64];
    repair_job *job = hp_calloc(1, sizeof *job, err);
    if (!job)
        return HP_E_MEMORY;
    job->file_size = fixer->decoder.file.size;
    job->room = fixer->room;
    job->info = *info;
    job->defect_count = count;
    job->mask = mask;
    snprintf(doer, sizeof doer, "the repair of %s photos", hp_source_name(info->camera.source));
    int code =
        hp_decoder_run_on(&fixer->decoder, repair_there, doer, job, sizeof *job, regions, 2, WORK_TIMES * samples, err);
    if (!code)
        code = judge(fixer, job, count, repaired, err);
    free(job);
    return code;
}

int hp_fixer_run(hp_fixer *fixer, const char *path, const hp_photo_info *info, const hp_list *list, bool mask,
                 hp_repaired *repaired, hp_error *err)
{
    int code = hp_decoder_read(&fixer->decoder, path, SIZE_MAX, err);
    if (!code)
        code = make_room(fixer, info, err);
    return code ? code : run_job(fixer, info, list, mask, repaired, err);
}
