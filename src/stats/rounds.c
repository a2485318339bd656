#include "stats/rounds.h"

#include "base/error.h"
#include "base/memory.h"
#include "stats/adding.h"
#include "stats/batch.h"
#include "stats/decide.h"
#include "stats/duplicates.h"
#include "stats/resume.h"
#include "stats/team_work.h"

#include <stdlib.h>

enum { LEAST_PHOTOS = 5 }; /* with fewer, near-duplicates are better than nothing */

/* One group on its way. */
typedef struct rounds {
    hp_run *run;
    const hp_accumulate_options *options;
    hp_accumulation *out;
    hp_batch batch;
    const hp_team *team; /* its processes deal out the photos of a round and decide alike; NULL: alone */
    size_t most;         /* photos of a round */
    hp_shot *shots;      /* most of them; those of other processes without a plane */
    hp_shot **order;     /* the same as they are dealt out */
    size_t own_count;
    const hp_shot **adding;
    size_t adding_count;
    hp_resume resume;
    size_t taken_before; /* by earlier runs */
    hp_decider decider;  /* near-duplicates it set aside are left out, unless there is little else */
} rounds;

static int check_length(const hp_photo *photo, uint64_t most, hp_error *err)
{
    char size[HP_SIZE_TEXT];
    if (photo->file_size <= most)
        return HP_OK;
    return hp_fail(err, HP_E_MEMORY, "has %s, for which there is no memory",
                   hp_size_text(photo->file_size, true, size));
}

/* What fails becomes the shot's fault. A photo that is known is known by its bytes: no need to decode it again. */
static void decode(const rounds *work, hp_shot *shot, hp_decoder *decoder)
{
    const hp_photo *photo = shot->photo;
    hp_error *fault = &shot->fault;
    if (photo->hashed && hp_decider_knows(&work->decider, photo->hash)) {
        shot->hash = photo->hash;
        shot->hashed = true;
        return;
    }
    if (check_length(photo, work->batch.most_file, fault) || hp_decoder_read(decoder, photo->path, SIZE_MAX, fault))
        return;
    shot->hash = hp_hash_of(decoder->file.data, decoder->file.size);
    shot->hashed = true;
    if (hp_decider_knows(&work->decider, shot->hash) ||
        hp_decoder_decode(decoder, photo->format, &photo->info, work->options->kind->view, &shot->plane, fault))
        return;
    if (work->options->alter)
        work->options->alter(work->options->alter_context, photo, &shot->plane);
    work->options->kind->measure(work->out->state.accumulator, shot);
    hp_decider_look(&work->decider, shot);
}

static void decode_task(void *context, size_t index, unsigned worker)
{
    rounds *work = context;
    hp_shot *shot = work->order[hp_team_rank(work->team) + index * hp_team_size(work->team)];
    if (hp_run_must_stop(work->run))
        return;
    shot->plane = work->batch.planes[index];
    decode(work, shot, &work->batch.decoders[worker]);
    hp_run_report(work->run, shot->photo);
}

static void load_round(rounds *work, const hp_photo *const *photos, size_t count)
{
    for (size_t i = 0; i < count; i++)
        work->shots[i] = (hp_shot){.photo = photos[i]};
    work->own_count = hp_team_deal(work->team, work->shots, count, work->order);
}

/* What to do once photos are decoded: of what the processes want, all do the first. */
enum { STOP, CHECKPOINT, GO_ON };

static size_t wanted(const rounds *work)
{
    if (hp_run_must_stop(work->run))
        return STOP;
    return hp_resume_is_due(&work->resume, &work->out->state) ? CHECKPOINT : GO_ON;
}

/*
 * A checkpoint of the rounds before when the leader finds it time: the sums of all come to it, and it writes them. Not
 * at the end of a round: processes would wait for each other once more, and those that are later with one half of
 * it may be sooner with the other.
 */
static int keep_rounds(rounds *work, bool due, hp_error *err)
{
    hp_state *state = &work->out->state;
    if (due)
        hp_team_collect_sums(work->team, state);
    return hp_team_agree(work->team, hp_resume_round(&work->resume, due, work->run->pool, state, err), err);
}

/* Decodes one's own photos of the round; then all processes know all that decisions need. */
static int decode_round(rounds *work, size_t count, hp_error *err)
{
    hp_pool_run(work->run->pool, work->own_count, decode_task, work);
    size_t next = wanted(work);
    int code = hp_team_least(work->team, &next, err);
    if (code || next == STOP)
        return code ? code : hp_fail(err, HP_E_STOPPED, "stopped");
    code = keep_rounds(work, next == CHECKPOINT, err);
    if (!code)
        code = hp_team_exchange_shots(work->team, work->order, count, err);
    for (size_t i = 0; !code && i < count; i++)
        if (!work->shots[i].mine)
            hp_run_report(work->run, work->shots[i].photo);
    return code;
}

static int decide_round(rounds *work, size_t count, hp_error *err)
{
    int code = HP_OK;
    size_t earlier = work->out->state.album.count;
    work->adding_count = 0;
    for (size_t i = 0; !code && i < count; i++) {
        bool counts;
        code = hp_decide(&work->decider, &work->shots[i], earlier, &counts, err);
        if (!code && counts && work->shots[i].mine)
            work->adding[work->adding_count++] = &work->shots[i];
    }
    return code;
}

static int run_round(rounds *work, const hp_photo *const *photos, size_t count, hp_error *err)
{
    load_round(work, photos, count);
    int code = decode_round(work, count, err);
    if (!code)
        code = hp_team_agree(work->team, decide_round(work, count, err), err);
    if (!code)
        hp_add_shots(work->out->state.accumulator, work->adding, work->adding_count, work->run->pool);
    return code;
}

static int run_all(rounds *work, const hp_photo *const *photos, size_t count, hp_error *err)
{
    int code = HP_OK;
    for (size_t first = 0; !code && first < count; first += work->most) {
        size_t left = count - first;
        code = run_round(work, photos + first, left < work->most ? left : work->most, err);
    }
    return code;
}

/* A set that is all one scene must give an answer too: with too little else, what was set aside is counted after all.
 */
static int settle_similar(rounds *work, hp_error *err)
{
    hp_state *state = &work->out->state;
    hp_decider *decider = &work->decider;
    if (decider->keep_similar || decider->aside_count == 0 || (state->album.taken >= LEAST_PHOTOS && !state->settling))
        return HP_OK;
    state->settling = true;
    work->out->distinct_scenes = false;
    decider->keep_similar = true;
    for (size_t i = 0; i < decider->aside_count; i++)
        hp_run_expect(work->run, decider->aside[i]);
    return run_all(work, decider->aside, decider->aside_count, err);
}

/* The sums of all are the leader's from here on; what is new is written. */
static int keep_all(rounds *work, hp_error *err)
{
    hp_state *state = &work->out->state;
    hp_team_collect_sums(work->team, state);
    return hp_team_agree(work->team, hp_resume_end(&work->resume, work->run->pool, state, err), err);
}

static int finish(rounds *work, hp_error *err)
{
    int code = settle_similar(work, err);
    if (code)
        return code;
    hp_accumulation *out = work->out;
    out->state.settling = false;
    out->photos_new = out->state.album.taken - work->taken_before;
    out->photos_known = work->decider.known;
    hp_album_sort(&out->state.album);
    code = hp_album_list_skipped(&out->state.album, &out->skips, err);
    hp_skips_sort(&out->skips);
    code = hp_team_agree(work->team, code, err);
    return code ? code : keep_all(work, err);
}

/* What was done before Ctrl-C is kept. */
static int keep_when_stopped(rounds *work, hp_error *err)
{
    int code = keep_all(work, err);
    if (!code && work->options->keeper)
        code = hp_keeper_commit(work->options->keeper, err);
    code = hp_team_agree(work->team, code, err);
    return code ? code : hp_fail(err, HP_E_STOPPED, "stopped");
}

static int allocate(rounds *work, size_t count, hp_error *err)
{
    work->decider.aside = hp_calloc(count, sizeof *work->decider.aside, err);
    work->shots = hp_calloc(work->most, sizeof *work->shots, err);
    work->order = hp_calloc(work->most, sizeof *work->order, err);
    work->adding = hp_calloc(work->batch.photos, sizeof *work->adding, err);
    return work->decider.aside && work->shots && work->order && work->adding ? HP_OK : HP_E_MEMORY;
}

static void release(rounds *work)
{
    hp_batch_free(&work->batch);
    free(work->shots);
    free(work->order);
    free(work->adding);
    free(work->decider.aside);
}

static hp_decider decider_of(const hp_accumulate_options *options, const hp_photo *const *photos, size_t count,
                             hp_accumulation *out)
{
    return (hp_decider){
        .album = &out->state.album,
        .skips = &out->skips,
        .photos = photos,
        .photo_count = count,
        .most_photos = options->kind->most_photos,
        .keep_similar = options->keep_similar,
    };
}

/* Photos beyond those that the sums can hold are hardly met: they get their room when they are. */
static int reserve(hp_album *album, size_t count, uint64_t most, hp_error *err)
{
    return hp_album_reserve(album, count < most ? count : (size_t)most, err);
}

/* Memory for the rounds, which all processes must have, and the state to begin with. */
static int prepare(rounds *work, hp_photo *photos, const hp_photo *const *list, size_t count, hp_error *err)
{
    const hp_accumulate_options *options = work->options;
    hp_state *state = &work->out->state;
    int code = hp_batch_create(work->run, list, count, options, &work->batch, err);
    work->most = work->batch.photos;
    code = hp_team_agree(work->team, code, err);
    if (!code)
        code = hp_team_least(work->team, &work->most, err);
    work->most *= hp_team_size(work->team);
    if (!code)
        code = hp_team_agree(work->team, allocate(work, count, err), err);
    if (!code)
        code = hp_resume_start(&work->resume, options->keeper, options->kind, photos, count, work->run, state, err);
    if (!code)
        code = hp_team_agree(work->team, reserve(&state->album, count, options->kind->most_photos, err), err);
    if (!code)
        state->accumulator->compare_calibration = options->compare_calibration;
    work->taken_before = state->album.taken;
    work->out->distinct_scenes = !options->keep_similar && state->album.count == 0;
    return code;
}

/*
 * All by path; and in the order of decisions, where those that a program saved again come last: of an original and its
 * copy the copy is what is left out.
 */
static void order_photos(const hp_photo *photos, size_t count, const hp_photo **by_path, const hp_photo **order)
{
    size_t placed = 0;
    for (size_t i = 0; i < count; i++) {
        by_path[i] = &photos[i];
        if (!photos[i].info.editor[0])
            order[placed++] = &photos[i];
    }
    for (size_t i = 0; i < count; i++)
        if (photos[i].info.editor[0])
            order[placed++] = &photos[i];
}

int hp_accumulate(hp_run *run, hp_photo *photos, size_t count, const hp_accumulate_options *options,
                  hp_accumulation *out, hp_error *err)
{
    *out = (hp_accumulation){0};
    rounds work = {.run = run, .options = options, .out = out, .team = run->options->team};
    const hp_photo **by_path = hp_calloc(count, sizeof *by_path, err), **order = hp_calloc(count, sizeof *order, err);
    int code = hp_team_agree(work.team, by_path && order ? HP_OK : HP_E_MEMORY, err);
    if (!code)
        order_photos(photos, count, by_path, order);
    work.decider = decider_of(options, by_path, count, out);
    if (!code)
        code = prepare(&work, photos, order, count, err);
    if (!code)
        code = run_all(&work, order, count, err);
    if (!code)
        code = finish(&work, err);
    if (code == HP_E_STOPPED)
        code = keep_when_stopped(&work, err);
    free(by_path);
    free(order);
    release(&work);
    return code;
}

void hp_accumulation_free(hp_accumulation *accumulation)
{
    hp_state_free(&accumulation->state);
    hp_skipped_free(accumulation->skips.items, accumulation->skips.count);
    *accumulation = (hp_accumulation){0};
}
