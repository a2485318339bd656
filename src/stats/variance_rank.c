#include "stats/variance_rank.h"

#include "base/memory.h"

#include <stdlib.h>

enum { ROWS_A_TASK = 64 };

/* What one worker found. The lowest are gathered unordered and cut to the best `rank` whenever the room is full. */
typedef struct extremes {
    hp_ranked min, max;
    bool any;
    hp_ranked *lowest; /* 2 rank of them */
    size_t lowest_count;
    uint64_t bar; /* no value above it can be among the lowest */
} extremes;

typedef struct ranking {
    const hp_variance_sums *sums;
    size_t rank;
    size_t row;       /* subpixels */
    extremes *parts;  /* one a worker */
    double *band_sum; /* of n M2, one a band: added up in one fixed order */
} ranking;

static void cut_lowest(extremes *e, size_t rank)
{
    qsort(e->lowest, e->lowest_count, sizeof *e->lowest, hp_ranked_compare);
    if (e->lowest_count > rank)
        e->lowest_count = rank;
    if (e->lowest_count == rank && rank > 0)
        e->bar = e->lowest[rank - 1].value;
}

static void note(extremes *e, size_t rank, hp_ranked r)
{
    if (!e->any || hp_ranked_compare(&r, &e->min) < 0)
        e->min = r;
    if (!e->any || r.value > e->max.value || (r.value == e->max.value && r.at < e->max.at))
        e->max = r;
    e->any = true;
    if (rank == 0 || r.value > e->bar)
        return;
    e->lowest[e->lowest_count++] = r;
    if (e->lowest_count == 2 * rank)
        cut_lowest(e, rank);
}

static void rank_task(void *context, size_t index, unsigned worker)
{
    const ranking *work = context;
    const hp_variance_sums *v = work->sums;
    extremes *e = &work->parts[worker];
    uint32_t height = v->base.shape.camera.height, top = (uint32_t)index * ROWS_A_TASK;
    uint32_t bottom = height - top < ROWS_A_TASK ? height : top + ROWS_A_TASK;
    double sum = 0;
    for (size_t at = top * work->row; at < bottom * work->row; at++) {
        hp_ranked r = hp_ranked_of(v->sum, v->squares, v->base.shape.camera.bits, v->base.photos, at);
        sum += (double)r.value;
        if (!e->any || r.value <= e->bar || r.value <= e->min.value || r.value >= e->max.value)
            note(e, work->rank, r);
    }
    work->band_sum[index] = sum;
}

static hp_subpixel subpixel(const hp_variance_sums *v, hp_ranked r)
{
    size_t row = (size_t)v->base.shape.camera.width * v->channels;
    double n = (double)v->base.photos;
    return (hp_subpixel){
        .value = (double)r.value / n,
        .mean = v->sum[r.at] / n,
        .x = (uint32_t)(r.at % row / v->channels),
        .y = (uint32_t)(r.at / row),
        .channel = (uint32_t)(r.at % v->channels),
    };
}

static void merge(const ranking *work, unsigned workers, size_t bands, hp_variance_result *result)
{
    extremes *all = &work->parts[workers];
    for (unsigned i = 0; i < workers; i++) {
        const extremes *part = &work->parts[i];
        if (!part->any)
            continue;
        note(all, 0, part->min);
        note(all, 0, part->max);
        for (size_t k = 0; k < part->lowest_count; k++)
            note(all, work->rank, part->lowest[k]);
    }
    cut_lowest(all, work->rank);
    const hp_variance_sums *v = work->sums;
    result->min = subpixel(v, all->min);
    result->max = subpixel(v, all->max);
    double sum = 0, subpixels = (double)work->row * v->base.shape.camera.height;
    for (size_t i = 0; i < bands; i++)
        sum += work->band_sum[i];
    result->mean_m2 = sum / (double)v->base.photos / subpixels;
    result->lowest_count = all->lowest_count;
    for (size_t k = 0; k < all->lowest_count; k++)
        result->lowest[k] = subpixel(v, all->lowest[k]);
}

int hp_variance_rank(hp_run *run, const hp_variance_sums *v, size_t rank, hp_variance_result *result, hp_error *err)
{
    uint32_t height = v->base.shape.camera.height;
    unsigned workers = hp_pool_threads(run->pool);
    size_t bands = (height + ROWS_A_TASK - 1) / ROWS_A_TASK;
    ranking work = {.sums = v, .row = (size_t)v->base.shape.camera.width * v->channels};
    work.rank = rank < work.row * height ? rank : work.row * height;
    work.parts = hp_calloc(workers + 1, sizeof *work.parts, err);
    work.band_sum = hp_calloc(bands, sizeof *work.band_sum, err);
    hp_ranked *room = hp_calloc((workers + 1) * 2 * work.rank, sizeof *room, err);
    result->lowest = hp_calloc(work.rank, sizeof *result->lowest, err);
    int code = work.parts && work.band_sum && room && result->lowest ? HP_OK : HP_E_MEMORY;
    for (unsigned i = 0; !code && i <= workers; i++)
        work.parts[i] = (extremes){.lowest = room + i * 2 * work.rank, .bar = UINT64_MAX};
    if (!code) {
        hp_pool_run(run->pool, bands, rank_task, &work);
        merge(&work, workers, bands, result);
    }
    free(work.parts);
    free(work.band_sum);
    free(room);
    return code;
}
