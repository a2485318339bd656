#include "stats/rounds.h"

#include "base/clock.h"
#include "base/cpu.h"
#include "base/error.h"
#include "base/memory.h"
#include "stats/batch.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <xxhash.h>

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
    const hp_photo **aside; /* near-duplicates: left out, unless there is little else */
    ptrdiff_t *aside_like;  /* index in the album of what each resembles */
    size_t aside_count;
    bool keep_similar;
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

bool hp_shot_is_odd(const hp_shot *shot)
{
    return shot->hash.low & 1;
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

/* A photo already counted is known by its bytes: no need to decode it again. */
static int decode(const rounds *work, hp_shot *shot, hp_file_buffer *buffer)
{
    const hp_photo *photo = shot->photo;
    uint64_t file_size;
    int code = hp_file_read(photo->path, SIZE_MAX, buffer, &file_size, &shot->fault);
    if (code)
        return code;
    hp_bytes file = {buffer->data, buffer->size};
    XXH128_hash_t hash = XXH3_128bits(file.data, file.size);
    shot->hash = (hp_hash){hash.high64, hash.low64};
    if (hp_album_find(&work->out->album, shot->hash) != HP_NOT_FOUND)
        return HP_OK;
    code = photo->format->decode(file, &photo->info, work->options->kind->view, &shot->plane, &shot->fault);
    if (code)
        return code;
    work->options->kind->measure(work->out->accumulator, shot);
    if (!shot->fault.code && !work->keep_similar)
        shot->similar = hp_album_find_similar(&work->out->album, 0, &shot->thumbnail);
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

static int skip_for_likeness(rounds *work, const hp_photo *photo, const char *what, ptrdiff_t index, hp_error *err)
{
    char name[512], reason[640];
    snprintf(reason, sizeof reason, "%s %s", what,
             hp_printable(work->out->album.items[index].photo->path, name, sizeof name));
    return hp_skips_add(&work->out->skips, photo->path, reason, true, err);
}

static int take(rounds *work, const hp_shot *shot, hp_error *err)
{
    if (work->out->album.count >= work->options->kind->most_photos) {
        char reason[96];
        snprintf(reason, sizeof reason, "is one too many: the sums hold %llu photos",
                 (unsigned long long)work->options->kind->most_photos);
        return hp_skips_add(&work->out->skips, shot->photo->path, reason, false, err);
    }
    work->adding[work->adding_count++] = shot;
    return hp_album_add(&work->out->album, shot, err);
}

/* `earlier` photos were in the album while this round was decoded: the likeness to those is known. */
static int decide(rounds *work, const hp_shot *shot, size_t earlier, hp_error *err)
{
    const hp_album *album = &work->out->album;
    if (shot->fault.code)
        return hp_skips_add(&work->out->skips, shot->photo->path, shot->fault.message, false, err);
    ptrdiff_t same = hp_album_find(album, shot->hash);
    if (same != HP_NOT_FOUND)
        return skip_for_likeness(work, shot->photo, "is the same photo as", same, err);
    ptrdiff_t similar = shot->similar;
    if (similar == HP_NOT_FOUND && !work->keep_similar)
        similar = hp_album_find_similar(album, earlier, &shot->thumbnail);
    if (similar == HP_NOT_FOUND)
        return take(work, shot, err);
    work->aside[work->aside_count] = shot->photo;
    work->aside_like[work->aside_count++] = similar;
    return HP_OK;
}

static uint32_t band_rows(const rounds *work)
{
    uint32_t rows = BAND_PIXELS / work->out->accumulator->shape.camera.width;
    return rows ? rows : 1;
}

static void add_task(void *context, size_t index, unsigned worker)
{
    (void)worker;
    const rounds *work = context;
    uint32_t height = work->out->accumulator->shape.camera.height, rows = band_rows(work);
    uint32_t top = (uint32_t)index * rows;
    uint32_t bottom = height - top < rows ? height : top + rows;
    work->options->kind->add_rows(work->out->accumulator, work->adding, work->adding_count, top, bottom);
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
    size_t earlier = work->out->album.count;
    for (size_t i = 0; i < count; i++) {
        int code = decide(work, &work->shots[i], earlier, err);
        if (code)
            return code;
    }
    if (work->adding_count == 0)
        return HP_OK;
    uint32_t height = work->out->accumulator->shape.camera.height, rows = band_rows(work);
    hp_pool_run(work->run->pool, (height + rows - 1) / rows, add_task, work);
    work->options->kind->count(work->out->accumulator, work->adding, work->adding_count);
    return HP_OK;
}

static int run_all(rounds *work, const hp_photo *const *photos, size_t count, hp_error *err)
{
    int code = HP_OK;
    for (size_t first = 0; !code && first < count; first += work->batch.photos) {
        size_t left = count - first;
        code = run_round(work, photos + first, left < work->batch.photos ? left : work->batch.photos, err);
    }
    return code;
}

/* A set that is all one scene must give an answer too: with too little else, what was set aside is counted after all.
 */
static int settle_similar(rounds *work, hp_error *err)
{
    hp_accumulation *out = work->out;
    if (out->album.count < LEAST_PHOTOS && work->aside_count > 0) {
        out->similar_were_taken = true;
        work->keep_similar = true;
        work->run->progress.photos_total += work->aside_count;
        return run_all(work, work->aside, work->aside_count, err);
    }
    int code = HP_OK;
    for (size_t i = 0; !code && i < work->aside_count; i++)
        code = skip_for_likeness(work, work->aside[i], "shows nearly the same scene as", work->aside_like[i], err);
    return code;
}

static int allocate(rounds *work, size_t count, hp_error *err)
{
    work->aside = hp_calloc(count, sizeof *work->aside, err);
    work->aside_like = hp_calloc(count, sizeof *work->aside_like, err);
    work->shots = hp_calloc(work->batch.photos, sizeof *work->shots, err);
    work->order = hp_calloc(work->batch.photos, sizeof *work->order, err);
    work->adding = hp_calloc(work->batch.photos, sizeof *work->adding, err);
    return work->aside && work->aside_like && work->shots && work->order && work->adding ? HP_OK : HP_E_MEMORY;
}

static void release(rounds *work)
{
    hp_batch_free(&work->batch);
    free(work->shots);
    free(work->order);
    free(work->adding);
    free(work->aside);
    free(work->aside_like);
    pthread_mutex_destroy(&work->progress_lock);
}

int hp_accumulate(hp_run *run, const hp_photo *photos, size_t count, const hp_accumulate_options *options,
                  hp_accumulation *out, hp_error *err)
{
    *out = (hp_accumulation){0};
    rounds work = {.run = run, .options = options, .out = out, .keep_similar = options->keep_similar};
    pthread_mutex_init(&work.progress_lock, NULL);
    const hp_photo **list = hp_calloc(count, sizeof *list, err);
    int code = list ? HP_OK : HP_E_MEMORY;
    for (size_t i = 0; !code && i < count; i++)
        list[i] = &photos[i];
    if (!code)
        code = hp_batch_create(run, list, count, options, &work.batch, err);
    if (!code)
        code = options->kind->start(&photos[0].info, run->kernels, &out->accumulator, err);
    if (!code)
        code = allocate(&work, count, err);
    if (!code)
        code = run_all(&work, list, count, err);
    if (!code)
        code = settle_similar(&work, err);
    hp_skips_sort(&out->skips);
    free(list);
    release(&work);
    return code;
}

void hp_accumulation_free(hp_accumulation *accumulation)
{
    if (accumulation->accumulator)
        accumulation->accumulator->kind->free(&accumulation->accumulator);
    hp_album_free(&accumulation->album);
    hp_skipped_free(accumulation->skips.items, accumulation->skips.count);
    *accumulation = (hp_accumulation){0};
}
