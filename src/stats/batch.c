#include "stats/batch.h"

#include "base/error.h"
#include "base/memory.h"
#include "base/shared.h"
#include "base/team.h"
#include "base/text.h"

#include <stdlib.h>

enum {
    MOST_A_ROUND = 12, /* measured: more gain little, and each costs a plane */
    PLANES_SHARE = 2,  /* the planes take at most half of what the sums take */
    /* No photo's file is longer, but where something else hangs on it. */
    BYTES_A_PIXEL = 32,
    BYTES_A_FILE = 64 << 20,
};

/*
 * Whether each worker has a place of its own, out of which samples are copied. Else they are decoded into the planes
 * themselves; a worker maps each photo's for it, which costs less than a copy only where it is in huge pages.
 */
static bool has_places(const hp_run *run, uint64_t plane_bytes)
{
    return hp_pool_isolation(run->pool) && !hp_shared_is_huge(plane_bytes);
}

/* Parts of the memory a group needs, bytes. */
typedef struct need {
    uint64_t sums, plane, decoders, table, finish;
} need;

static uint64_t largest(uint64_t a, uint64_t b)
{
    return a > b ? a : b;
}

static need estimate(const hp_run *run, const hp_photo *const *photos, size_t count, uint64_t most_file,
                     const hp_accumulate_options *options)
{
    const hp_photo_info *shape = &photos[0]->info;
    uint64_t largest_file = 0, threads = hp_pool_threads(run->pool);
    for (size_t i = 0; i < count; i++)
        if (photos[i]->file_size <= most_file)
            largest_file = largest(largest_file, photos[i]->file_size);
    uint64_t plane = hp_plane_bytes(shape, options->kind->view, options->kind->pad(shape));
    uint64_t decoder = largest_file + (has_places(run, plane) ? plane : 0);
    if (shape->camera.source == HP_SOURCE_RAW)
        decoder += plane; /* LibRaw's own */
    return (need){
        .sums = options->kind->bytes(shape),
        .plane = plane,
        .decoders = decoder * (count < threads ? count : threads),
        .table = count * sizeof(hp_record),
        .finish = options->finish_bytes,
    };
}

/* The planes and what the decoders hold are gone when the finish begins. */
static uint64_t total(const need *n, uint64_t photos)
{
    return n->sums + n->table + largest(n->plane * photos + n->decoders, n->finish);
}

/* One for each thread at least, so that all have something to decode. */
static size_t usual_round(const need *n, unsigned threads)
{
    uint64_t photos = n->sums / PLANES_SHARE / n->plane;
    if (photos > MOST_A_ROUND)
        photos = MOST_A_ROUND;
    return (size_t)largest(photos, threads);
}

/* No more rounds than with `most` photos each, but alike: the fewer planes, the less memory for the same work. */
static size_t even_round(size_t most, size_t count, unsigned threads)
{
    size_t rounds = (count + most - 1) / most, even = (count + rounds - 1) / rounds;
    even = (even + threads - 1) / threads * threads;
    return even < most ? even : most;
}

/* Where there is too little memory, files that are longer than those of photos are left out: the others must not pay.
 */
static need need_of(const hp_run *run, const hp_photo *const *photos, size_t count,
                    const hp_accumulate_options *options, uint64_t *most_file)
{
    const hp_camera *camera = &photos[0]->info.camera;
    *most_file = UINT64_MAX;
    need n = estimate(run, photos, count, *most_file, options);
    if (total(&n, 1) <= hp_run_memory(run))
        return n;
    *most_file = BYTES_A_FILE + (uint64_t)BYTES_A_PIXEL * camera->width * camera->height;
    return estimate(run, photos, count, *most_file, options);
}

static int choose(const hp_run *run, const hp_photo *const *photos, size_t count, const hp_accumulate_options *options,
                  size_t *chosen, uint64_t *most_file, hp_error *err)
{
    const hp_run_options *asked = run->options;
    uint64_t limit = hp_run_memory(run);
    need n = need_of(run, photos, count, options, most_file);
    unsigned threads = hp_pool_threads(run->pool);
    size_t own = (count + hp_team_size(asked->team) - 1) / hp_team_size(asked->team);
    size_t wanted = asked->batch ? asked->batch : even_round(usual_round(&n, threads), own, threads);
    if (wanted > own)
        wanted = own;
    while (wanted > 1 && total(&n, wanted) > limit)
        wanted--;
    if (total(&n, wanted) > limit) {
        const hp_camera *camera = &photos[0]->info.camera;
        char needed[HP_SIZE_TEXT], given[HP_SIZE_TEXT];
        return hp_fail(err, HP_E_MEMORY, "photos of %u x %u px need %s of memory, %s %s", camera->width, camera->height,
                       hp_size_text(total(&n, 1), true, needed),
                       asked->memory_bytes ? "the limit is" : "this machine has", hp_size_text(limit, false, given));
    }
    *chosen = wanted;
    return HP_OK;
}

typedef struct making {
    const hp_run *run;
    const hp_photo_info *shape;
    const hp_accumulate_options *options;
    hp_plane *planes;
} making;

static int create_plane(const making *m, size_t index, hp_error *err)
{
    hp_view view = m->options->kind->view;
    uint32_t pad = m->options->kind->pad(m->shape);
    hp_plane *plane = &m->planes[index];
    return has_places(m->run, hp_plane_bytes(m->shape, view, pad))
               ? hp_plane_create(m->shape, view, pad, plane, err)
               : hp_decoder_plane(m->run->pool, m->shape, view, pad, plane, err);
}

static void create_task(void *context, size_t index, unsigned worker)
{
    (void)worker;
    (void)create_plane(context, index, NULL);
}

/* By all threads: 10 MB of shared memory take 0.8 ms. What fails is tried once more, to be told. */
static int create_planes(making *m, size_t count, hp_error *err)
{
    int code = HP_OK;
    hp_pool_run(m->run->pool, count, create_task, m);
    for (size_t i = 0; !code && i < count; i++)
        if (!m->planes[i].memory)
            code = create_plane(m, i, err);
    return code;
}

int hp_batch_create(const hp_run *run, const hp_photo *const *photos, size_t count,
                    const hp_accumulate_options *options, hp_batch *batch, hp_error *err)
{
    *batch = (hp_batch){.pool = run->pool};
    const hp_photo_info *shape = &photos[0]->info;
    int code = choose(run, photos, count, options, &batch->photos, &batch->most_file, err);
    if (code)
        return code;
    batch->planes = hp_calloc(batch->photos, sizeof *batch->planes, err);
    batch->decoders = hp_decoders_open(run->pool, err);
    making m = {run, shape, options, batch->planes};
    code = batch->planes && batch->decoders ? create_planes(&m, batch->photos, err) : HP_E_MEMORY;
    if (code)
        hp_batch_free(batch);
    return code;
}

void hp_batch_free(hp_batch *batch)
{
    for (size_t i = 0; batch->planes && i < batch->photos; i++)
        hp_plane_free(&batch->planes[i]);
    if (batch->decoders)
        hp_decoders_close(batch->decoders, batch->pool);
    free(batch->planes);
    *batch = (hp_batch){0};
}
