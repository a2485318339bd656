#include "stats/rounds.h"

#include "base/clock.h"
#include "base/cpu.h"
#include "base/error.h"
#include "base/memory.h"
#include "stats/batch.h"
#include "stats/decide.h"
#include "stats/duplicates.h"
#include "stats/resume.h"

#include <pthread.h>
#include <stdlib.h>

enum {
    BAND_PIXELS = 1 << 16, /* of an add task: small enough to share out evenly, large enough to cost nothing */
    LEAST_PHOTOS = 5,      /* with fewer, near-duplicates are better than nothing */
};

/* One group on its way. */
typedef struct rounds {
    hp_run *run;
    const hp_accumulate_options *options;
    hp_accumulation *out;
    hp_batch batch;
    hp_shot *shots;    /* batch.photos of them */
    size_t *order;     /* of decoding: the largest files first, so that no thread is left with one at the end */
    size_t shot_count; /* in this round */
    const hp_shot **adding;
    size_t adding_count;
    hp_resume resume;
    hp_decider decider; /* near-duplicates it set aside are left out, unless there is little else */
    pthread_mutex_t progress_lock;
} rounds;

int hp_run_start(const hp_run_options *options, hp_run *run, hp_error *err)
{
    *run = (hp_run){.options = options, .started_s = hp_now_s()};
    hp_cpu level;
    int code = hp_cpu_choose(options->cpu, &level, err);
    if (code)
        return code;
    run->kernels = hp_kernels_of(level);
    return hp_pool_create(options->threads, &run->pool, err);
}

void hp_run_end(hp_run *run)
{
    hp_pool_free(&run->pool);
}

bool hp_run_must_stop(const hp_run *run)
{
    return run->options->stop && *run->options->stop;
}

static void report_photo(rounds *work, const hp_photo *photo)
{
    hp_run *run = work->run;
    pthread_mutex_lock(&work->progress_lock);
    run->progress.photos_done++;
    run->progress.bytes_done += photo->file_size;
    run->progress.seconds = hp_now_s() - run->started_s;
    if (run->options->progress)
        run->options->progress(run->options->progress_context, &run->progress);
    pthread_mutex_unlock(&work->progress_lock);
}

/* A photo that is known is known by its bytes: no need to decode it again. */
static int decode(const rounds *work, hp_shot *shot, hp_file_buffer *buffer)
{
    const hp_photo *photo = shot->photo;
    uint64_t file_size;
    int code = hp_file_read(photo->path, SIZE_MAX, buffer, &file_size, &shot->fault);
    if (code)
        return code;
    hp_bytes file = {buffer->data, buffer->size};
    shot->hash = hp_hash_of(file.data, file.size);
    shot->hashed = true;
    if (hp_decider_knows(&work->decider, shot->hash))
        return HP_OK;
    code = photo->format->decode(file, &photo->info, work->options->kind->view, &shot->plane, &shot->fault);
    if (code)
        return code;
    work->options->kind->measure(work->out->state.accumulator, shot);
    if (!shot->fault.code && !work->decider.keep_similar)
        shot->similar = hp_album_find_similar(&work->out->state.album, 0, &shot->thumbnail);
    return shot->fault.code;
}

static void decode_task(void *context, size_t index, unsigned worker)
{
    rounds *work = context;
    hp_shot *shot = &work->shots[work->order[index]];
    if (hp_run_must_stop(work->run))
        return;
    decode(work, shot, &work->batch.buffers[worker]);
    report_photo(work, shot->photo);
}

static uint32_t band_rows(const rounds *work)
{
    uint32_t rows = BAND_PIXELS / work->out->state.accumulator->shape.camera.width;
    return rows ? rows : 1;
}

static void add_task(void *context, size_t index, unsigned worker)
{
    (void)worker;
    const rounds *work = context;
    uint32_t height = work->out->state.accumulator->shape.camera.height, rows = band_rows(work);
    uint32_t top = (uint32_t)index * rows;
    uint32_t bottom = height - top < rows ? height : top + rows;
    work->options->kind->add_rows(work->out->state.accumulator, work->adding, work->adding_count, top, bottom);
}

/* Largest first; equals in path order. */
static void order_by_size(rounds *work)
{
    for (size_t i = 0; i < work->shot_count; i++) {
        size_t k = i;
        for (; k > 0 && work->shots[work->order[k - 1]].photo->file_size < work->shots[i].photo->file_size; k--)
            work->order[k] = work->order[k - 1];
        work->order[k] = i;
    }
}

static void load_round(rounds *work, const hp_photo *const *photos, size_t count)
{
    work->shot_count = count;
    for (size_t i = 0; i < count; i++) {
        hp_plane plane = work->batch.planes[i];
        work->shots[i] = (hp_shot){.photo = photos[i], .plane = plane, .similar = HP_NOT_FOUND};
    }
    order_by_size(work);
}

static int run_round(rounds *work, const hp_photo *const *photos, size_t count, hp_error *err)
{
    load_round(work, photos, count);
    hp_pool_run(work->run->pool, count, decode_task, work);
    if (hp_run_must_stop(work->run))
        return hp_fail(err, HP_E_STOPPED, "stopped");
    work->adding_count = 0;
    size_t earlier = work->out->state.album.count;
    for (size_t i = 0; i < count; i++) {
        bool counts;
        int code = hp_decide(&work->decider, &work->shots[i], earlier, &counts, err);
        if (code)
            return code;
        if (counts)
            work->adding[work->adding_count++] = &work->shots[i];
    }
    if (work->adding_count == 0)
        return HP_OK;
    uint32_t height = work->out->state.accumulator->shape.camera.height, rows = band_rows(work);
    hp_pool_run(work->run->pool, (height + rows - 1) / rows, add_task, work);
    work->options->kind->count(work->out->state.accumulator, work->adding, work->adding_count);
    return HP_OK;
}

static int run_all(rounds *work, const hp_photo *const *photos, size_t count, hp_error *err)
{
    int code = HP_OK;
    for (size_t first = 0; !code && first < count; first += work->batch.photos) {
        size_t left = count - first;
        code = run_round(work, photos + first, left < work->batch.photos ? left : work->batch.photos, err);
        if (!code)
            code = hp_resume_round(&work->resume, work->run->pool, &work->out->state, err);
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
    work->run->progress.photos_total += decider->aside_count;
    return run_all(work, decider->aside, decider->aside_count, err);
}

static int finish(rounds *work, hp_error *err)
{
    int code = settle_similar(work, err);
    if (code)
        return code;
    hp_accumulation *out = work->out;
    out->state.settling = false;
    hp_album_sort(&out->state.album);
    code = hp_album_list_skipped(&out->state.album, &out->skips, err);
    hp_skips_sort(&out->skips);
    return code ? code : hp_resume_end(&work->resume, work->run->pool, &out->state, err);
}

/* What was done before Ctrl-C is kept. */
static int keep_when_stopped(rounds *work, hp_error *err)
{
    int code = hp_resume_end(&work->resume, work->run->pool, &work->out->state, err);
    if (!code && work->options->keeper)
        code = hp_keeper_commit(work->options->keeper, err);
    return code ? code : hp_fail(err, HP_E_STOPPED, "stopped");
}

static int allocate(rounds *work, size_t count, hp_error *err)
{
    work->decider.aside = hp_calloc(count, sizeof *work->decider.aside, err);
    work->shots = hp_calloc(work->batch.photos, sizeof *work->shots, err);
    work->order = hp_calloc(work->batch.photos, sizeof *work->order, err);
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
    pthread_mutex_destroy(&work->progress_lock);
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

int hp_accumulate(hp_run *run, hp_photo *photos, size_t count, const hp_accumulate_options *options,
                  hp_accumulation *out, hp_error *err)
{
    *out = (hp_accumulation){.distinct_scenes = !options->keep_similar};
    rounds work = {.run = run, .options = options, .out = out};
    pthread_mutex_init(&work.progress_lock, NULL);
    const hp_photo **list = hp_calloc(count, sizeof *list, err);
    int code = list ? HP_OK : HP_E_MEMORY;
    for (size_t i = 0; !code && i < count; i++)
        list[i] = &photos[i];
    work.decider = decider_of(options, list, count, out);
    if (!code)
        code = hp_batch_create(run, list, count, options, &work.batch, err);
    if (!code)
        code = hp_resume_start(&work.resume, options->keeper, options->kind, photos, count, run->kernels, run->pool,
                               &out->state, err);
    if (!code)
        out->state.accumulator->compare_calibration = options->compare_calibration;
    if (out->state.album.count)
        out->distinct_scenes = false;
    if (!code)
        code = allocate(&work, count, err);
    if (!code)
        code = run_all(&work, list, count, err);
    if (!code)
        code = finish(&work, err);
    if (code == HP_E_STOPPED)
        code = keep_when_stopped(&work, err);
    free(list);
    release(&work);
    return code;
}

void hp_accumulation_free(hp_accumulation *accumulation)
{
    hp_state_free(&accumulation->state);
    hp_skipped_free(accumulation->skips.items, accumulation->skips.count);
    *accumulation = (hp_accumulation){0};
}
