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

/* What one worker found; the lowest are kept ordered. */
typedef struct extremes {
    uint64_t min, max;     /* n M2: an integer */
    size_t min_at, max_at; /* subpixel index */
    double sum;            /* of n M2 */
    uint64_t *lowest_value;
    size_t *lowest_at;
    size_t lowest_count;
    bool any;
} extremes;

typedef struct ranking {
    const hp_variance_sums *sums;
    size_t rank;
    size_t row;      /* subpixels */
    extremes *parts; /* one a band: their sums are added in one fixed order */
} ranking;

/* n M2 = n sum(v^2) - sum(v)^2. Exact: 65537^2 photos times 65535^2 is still below 2^64. */
static uint64_t scaled_m2(const hp_variance_sums *v, size_t at)
{
    uint64_t sum = v->sum[at], n = v->base.photos;
    uint64_t squares =
        v->base.shape.camera.bits > 8 ? ((const uint64_t *)v->squares)[at] : ((const uint32_t *)v->squares)[at];
    return n * squares - sum * sum;
}

static void insert_lowest(extremes *e, size_t rank, uint64_t value, size_t at)
{
    size_t i = e->lowest_count < rank ? e->lowest_count++ : rank - 1;
    for (; i > 0 && e->lowest_value[i - 1] > value; i--) {
        e->lowest_value[i] = e->lowest_value[i - 1];
        e->lowest_at[i] = e->lowest_at[i - 1];
    }
    e->lowest_value[i] = value;
    e->lowest_at[i] = at;
}

/* Subpixels come in rising order, so that among equals the first stays in front. */
static void note(extremes *e, size_t rank, uint64_t value, size_t at)
{
    if (!e->any || value < e->min) {
        e->min = value;
        e->min_at = at;
    }
    if (!e->any || value > e->max) {
        e->max = value;
        e->max_at = at;
    }
    e->any = true;
    if (rank > 0 && (e->lowest_count < rank || value < e->lowest_value[rank - 1]))
        insert_lowest(e, rank, value, at);
}

static void rank_task(void *context, size_t index, unsigned worker)
{
    (void)worker;
    const ranking *work = context;
    extremes *e = &work->parts[index];
    uint32_t height = work->sums->base.shape.camera.height, top = (uint32_t)index * ROWS_A_TASK;
    uint32_t bottom = height - top < ROWS_A_TASK ? height : top + ROWS_A_TASK;
    for (size_t at = top * work->row; at < bottom * work->row; at++) {
        uint64_t value = scaled_m2(work->sums, at);
        e->sum += (double)value;
        uint64_t bar = e->lowest_count < work->rank || work->rank == 0 ? UINT64_MAX : e->lowest_value[work->rank - 1];
        if (!e->any || value < e->min || value > e->max || value < bar)
            note(e, work->rank, value, at);
    }
}

static hp_subpixel subpixel(const hp_variance_sums *v, uint64_t value, size_t at)
{
    size_t row = (size_t)v->base.shape.camera.width * v->channels;
    double n = (double)v->base.photos;
    return (hp_subpixel){
        .value = (double)value / n,
        .mean = v->sum[at] / n,
        .x = (uint32_t)(at % row / v->channels),
        .y = (uint32_t)(at / row),
        .channel = (uint32_t)(at % v->channels),
    };
}

static void merge(const ranking *work, size_t bands, hp_variance_result *result, extremes *all)
{
    for (size_t i = 0; i < bands; i++) {
        const extremes *part = &work->parts[i];
        all->sum += part->sum;
        note(all, 0, part->min, part->min_at);
        note(all, 0, part->max, part->max_at);
        for (size_t k = 0; k < part->lowest_count; k++)
            note(all, work->rank, part->lowest_value[k], part->lowest_at[k]);
    }
    const hp_variance_sums *v = work->sums;
    result->min = subpixel(v, all->min, all->min_at);
    result->max = subpixel(v, all->max, all->max_at);
    double subpixels = (double)work->row * v->base.shape.camera.height;
    result->mean_m2 = all->sum / (double)v->base.photos / subpixels;
    result->lowest_count = all->lowest_count;
    for (size_t k = 0; k < all->lowest_count; k++)
        result->lowest[k] = subpixel(v, all->lowest_value[k], all->lowest_at[k]);
}

static int rank_all(hp_run *run, const hp_variance_sums *v, size_t rank, hp_variance_result *result, hp_error *err)
{
    uint32_t height = v->base.shape.camera.height;
    size_t bands = (height + ROWS_A_TASK - 1) / ROWS_A_TASK;
    ranking work = {.sums = v, .row = (size_t)v->base.shape.camera.width * v->channels};
    work.rank = rank < work.row * height ? rank : work.row * height;
    work.parts = hp_calloc(bands + 1, sizeof *work.parts, err);
    uint64_t *values = hp_calloc((bands + 1) * work.rank, sizeof *values, err);
    size_t *places = hp_calloc((bands + 1) * work.rank, sizeof *places, err);
    result->lowest = hp_calloc(work.rank, sizeof *result->lowest, err);
    int code = work.parts && values && places && result->lowest ? HP_OK : HP_E_MEMORY;
    for (size_t i = 0; !code && i <= bands; i++) {
        work.parts[i].lowest_value = values + i * work.rank;
        work.parts[i].lowest_at = places + i * work.rank;
    }
    if (!code) {
        hp_pool_run(run->pool, bands, rank_task, &work);
        merge(&work, bands, result, &work.parts[bands]);
    }
    free(work.parts);
    free(values);
    free(places);
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
    hp_variance_sums *v = (hp_variance_sums *)done->accumulator;
    result->width = v->base.shape.camera.width;
    result->height = v->base.shape.camera.height;
    result->channels = v->channels;
    result->bits = v->base.shape.camera.bits;
    result->photos_used = (size_t)v->base.photos;
    result->sum = v->sum;
    result->sum_of_squares = v->squares;
    result->owner = v;
    done->accumulator = NULL;
}

static int check_used(const hp_variance_result *result, hp_error *err)
{
    if (result->photos_used > 0)
        return HP_OK;
    if (result->skipped_count == 0)
        return hp_fail(err, HP_E_NO_PHOTO, "no photo was found");
    char name[256];
    return hp_fail(err, HP_E_NO_PHOTO, "none of %zu files could be used; the first, %s, %.500s", result->skipped_count,
                   hp_printable(result->skipped[0].path, name, sizeof name), result->skipped[0].reason);
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
    if (!code && done.album.count > 0) {
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
