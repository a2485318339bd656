#include "stats/variance_rank.h"

#include "base/memory.h"

#include <stdlib.h>

enum { ROWS_A_TASK = 64 };

/* A subpixel by its index, and n M2, which is an integer. */
typedef struct ranked {
    uint64_t value;
    size_t at;
} ranked;

/* What one worker found. The lowest are gathered unordered and cut to the best `rank` whenever the room is full. */
typedef struct extremes {
    ranked min, max;
    bool any;
    ranked *lowest; /* 2 rank of them */
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

/* n M2 = n sum(v^2) - sum(v)^2. Exact: 65537^2 photos times 65535^2 is still below 2^64. */
static uint64_t scaled_m2(const hp_variance_sums *v, size_t at)
{
    uint64_t sum = v->sum[at], n = v->base.photos;
    uint64_t squares =
        v->base.shape.camera.bits > 8 ? ((const uint64_t *)v->squares)[at] : ((const uint32_t *)v->squares)[at];
    return n * squares - sum * sum;
}

/* By value, then place (y, x, channel). */
static int compare_ranked(const void *a, const void *b)
{
    const ranked *first = a, *second = b;
    if (first->value != second->value)
        return first->value < second->value ? -1 : 1;
    return (first->at > second->at) - (first->at < second->at);
}

static void cut_lowest(extremes *e, size_t rank)
{
    qsort(e->lowest, e->lowest_count, sizeof *e->lowest, compare_ranked);
    if (e->lowest_count > rank)
        e->lowest_count = rank;
    if (e->lowest_count == rank && rank > 0)
        e->bar = e->lowest[rank - 1].value;
}

static void note(extremes *e, size_t rank, ranked r)
{
    if (!e->any || compare_ranked(&r, &e->min) < 0)
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
    extremes *e = &work->parts[worker];
    uint32_t height = work->sums->base.shape.camera.height, top = (uint32_t)index * ROWS_A_TASK;
    uint32_t bottom = height - top < ROWS_A_TASK ? height : top + ROWS_A_TASK;
    double sum = 0;
    for (size_t at = top * work->row; at < bottom * work->row; at++) {
        uint64_t value = scaled_m2(work->sums, at);
        sum += (double)value;
        if (!e->any || value <= e->bar || value <= e->min.value || value >= e->max.value)
            note(e, work->rank, (ranked){value, at});
    }
    work->band_sum[index] = sum;
}

static hp_subpixel subpixel(const hp_variance_sums *v, ranked r)
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
    ranked *room = hp_calloc((workers + 1) * 2 * work.rank, sizeof *room, err);
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
