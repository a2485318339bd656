/* hp_variance: the article's program as a whole. */
#include "base/clock.h"
#include "base/error.h"
#include "base/memory.h"
#include "stats/rounds.h"
#include "stats/variance.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { RANK = 10, ROWS_A_TASK = 64 };

hp_variance_options hp_variance_defaults(void)
{
    return (hp_variance_options){.rank = RANK};
}

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

static int rank_all(hp_run *run, const hp_variance_sums *v, size_t rank, hp_variance_result *result, hp_error *err)
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

static bool same_shape(const hp_photo_info *a, const hp_photo_info *b)
{
    return a->camera.width == b->camera.width && a->camera.height == b->camera.height && a->channels == b->channels &&
           a->camera.bits == b->camera.bits;
}

static int skip_for_shape(const hp_photo *photo, const hp_photo *first, hp_skips *skips, hp_error *err)
{
    const hp_photo_info *a = &photo->info, *b = &first->info;
    char reason[192];
    snprintf(reason, sizeof reason,
             "shapes don't match: %u x %u x %u of %u bit, the first photo has %u x %u x %u of %u bit", a->camera.width,
             a->camera.height, a->channels, a->camera.bits, b->camera.width, b->camera.height, b->channels,
             b->camera.bits);
    return hp_skips_add(skips, photo->path, reason, false, err);
}

/* Leaves the photos of the first one's shape at the beginning of the set; *kept is their number. */
static int sort_out_shapes(hp_photo_set *set, size_t *kept, hp_error *err)
{
    hp_photo_set_sort_by_path(set);
    *kept = 0;
    for (size_t i = 0; i < set->count; i++) {
        if (!same_shape(&set->photos[i].info, &set->photos[0].info)) {
            int code = skip_for_shape(&set->photos[i], &set->photos[0], &set->skips, err);
            if (code)
                return code;
            continue;
        }
        hp_photo photo = set->photos[i];
        set->photos[i] = set->photos[*kept];
        set->photos[(*kept)++] = photo;
    }
    return HP_OK;
}

static int collect_skips(hp_photo_set *set, hp_accumulation *done, hp_variance_result *result, hp_error *err)
{
    int code = HP_OK;
    for (size_t i = 0; !code && i < done->skips.count; i++) {
        const hp_skipped *s = &done->skips.items[i];
        code = hp_skips_add(&set->skips, s->path, s->reason, s->harmless, err);
    }
    hp_skips_sort(&set->skips);
    result->skipped = set->skips.items;
    result->skipped_count = set->skips.count;
    set->skips = (hp_skips){0};
    return code;
}

static void publish(hp_accumulation *done, hp_variance_result *result)
{
    hp_variance_sums *v = (hp_variance_sums *)done->state.accumulator;
    result->width = v->base.shape.camera.width;
    result->height = v->base.shape.camera.height;
    result->channels = v->channels;
    result->bits = v->base.shape.camera.bits;
    result->photos_used = (size_t)v->base.photos;
    result->sum = v->sum;
    result->sum_of_squares = v->squares;
    result->owner = v;
    done->state.accumulator = NULL;
}

static int check_used(const hp_variance_result *result, hp_error *err)
{
    return result->photos_used ? HP_OK : hp_skips_no_photo(result->skipped, result->skipped_count, err);
}

static int accumulate(hp_run *run, hp_photo_set *set, size_t rank, hp_variance_result *result, hp_error *err)
{
    size_t count;
    int code = sort_out_shapes(set, &count, err);
    if (code)
        return code;
    hp_accumulate_options options = {.kind = &hp_variance_kind, .keep_similar = true};
    hp_accumulation done = {0};
    run->progress.photos_total = count;
    for (size_t i = 0; i < count; i++)
        run->progress.bytes_total += set->photos[i].file_size;
    if (count > 0)
        code = hp_accumulate(run, set->photos, count, &options, &done, err);
    int listed = collect_skips(set, &done, result, err);
    code = code ? code : listed;
    if (!code && done.state.album.taken > 0) {
        publish(&done, result);
        result->seconds_accumulating = hp_now_s() - run->started_s;
        code = rank_all(run, result->owner, rank, result, err);
    }
    hp_accumulation_free(&done);
    return code ? code : check_used(result, err);
}

static int run_variance(hp_run *run, const char *const *arguments, size_t count, size_t rank,
                        hp_variance_result *result, hp_error *err)
{
    hp_photo_set set;
    int code = hp_photo_set_open(arguments, count, run->pool, run->options->stop, &set, err);
    if (code)
        return code;
    code = accumulate(run, &set, rank, result, err);
    result->seconds = hp_now_s() - run->started_s;
    hp_photo_set_free(&set);
    return code;
}

int hp_variance(const char *const *arguments, size_t count, const hp_variance_options *options,
                hp_variance_result **result, hp_error *err)
{
    *result = NULL;
    hp_run run;
    int code = hp_run_start(&options->run, &run, err);
    if (code)
        return code;
    hp_variance_result *made = hp_calloc(1, sizeof *made, err);
    code = made ? run_variance(&run, arguments, count, options->rank, made, err) : HP_E_MEMORY;
    hp_run_end(&run);
    if (code && code != HP_E_NO_PHOTO)
        hp_variance_result_free(&made);
    *result = made;
    return code;
}

void hp_variance_result_free(hp_variance_result **result)
{
    hp_variance_result *old = *result;
    if (!old)
        return;
    if (old->owner) {
        hp_accumulator *accumulator = old->owner;
        hp_variance_kind.free(&accumulator);
    }
    hp_skipped_free(old->skipped, old->skipped_count);
    free(old->lowest);
    free(old);
    *result = NULL;
}
