#include "detect/line_runs.h"

#include "base/memory.h"
#include "detect/select.h"

#include <math.h>
#include <stdlib.h>

enum {
    CHUNK = 16,               /* px along a line that are summed first: a 16th of the work */
    SAMPLED_CHUNKS = 1 << 20, /* for their median and spread */
    LEAST_LENGTH = 2 * CHUNK, /* px of a line */
    EDGE_REACH = CHUNK / 2,   /* px: a line that comes this near the frame's edge ends there */
    LEVELS = 4,
    BOUNDS = 8, /* of four ranges of lengths, and two signs */
    LINES_A_TASK = 16,
};

#define PIXEL_MOST 3.0f /* standard deviations that one pixel counts at most: one hot pixel is no column */
#define LEAST_SCORE 8.0 /* standard deviations of a run's mean */

/* Strengths that runs are looked for at, standard deviations of a chunk. */
static const float levels[LEVELS] = {1, 2, 4, 8};

/* All lines of one direction: line `at` has `chunks` sums, the k-th at values[at * line_step + k * chunk_step]. */
typedef struct direction {
    float *values;
    size_t lines, chunks;
    size_t line_step, chunk_step;
    size_t first_line, end_line, first_chunk, end_chunk; /* that are in no border: these tell what is usual */
    float centre, scale;
    double pattern2; /* variance of the lines' means beyond what their noise explains */
} direction;

typedef struct summing {
    const hp_maps *maps;
    float *rows;               /* one a worker */
    direction columns, across; /* across: the rows */
    float *usual;              /* four times `room`: what each direction is measured by */
    size_t room;
} summing;

/* From `first` on, behind the last: `end`. */
typedef struct run {
    size_t first, end;
    double sum, level; /* level: sum of level * (value - level / 2), which it is chosen by */
} run;

static size_t larger(size_t a, size_t b)
{
    return a > b ? a : b;
}

/* Values that are looked at together: the sampled chunks of a direction, or all its lines. */
static size_t room_for(size_t width, size_t height)
{
    size_t chunks = larger(height / CHUNK * width, width / CHUNK * height), sampled = 2 * (size_t)SAMPLED_CHUNKS;
    return larger(chunks < sampled ? chunks : sampled, larger(width, height)) + 1;
}

uint64_t hp_line_runs_bytes(const hp_photo_info *shape, unsigned threads)
{
    size_t width = shape->camera.width, height = shape->camera.height;
    return (2 * (uint64_t)width * height / CHUNK + (uint64_t)threads * (width + larger(width, height)) +
            4 * room_for(width, height)) *
           sizeof(float);
}

static float cut(float value)
{
    return value > PIXEL_MOST ? PIXEL_MOST : value < -PIXEL_MOST ? -PIXEL_MOST : value;
}

/* One row of chunks of the columns, with the CHUNK rows that it is made of. */
static void sum_task(void *context, size_t index, unsigned worker)
{
    const summing *work = context;
    const hp_maps *maps = work->maps;
    float *row = work->rows + (size_t)worker * maps->width;
    uint32_t top = (uint32_t)index * CHUNK;
    uint32_t bottom = maps->height - top < CHUNK ? maps->height : top + CHUNK;
    bool whole = index < work->columns.chunks;
    for (uint32_t y = top; y < bottom; y++) {
        float *columns = work->columns.values + (whole ? index : 0) * maps->width;
        float *across = work->across.values + (size_t)y * work->across.line_step;
        hp_maps_row(maps, HP_MAP_Z, y, row);
        for (uint32_t x = 0; x < maps->width; x++)
            row[x] = cut(row[x]);
        for (uint32_t x = 0; whole && x < maps->width; x++)
            columns[x] += row[x];
        for (size_t k = 0; k < work->across.chunks; k++)
            for (size_t i = 0; i < CHUNK; i++)
                across[k] += row[k * CHUNK + i];
    }
}

/* ---- how chunks usually are ---- */

static float chunk_of(const direction *d, size_t line, size_t k)
{
    return (d->values[line * d->line_step + k * d->chunk_step] - d->centre) * d->scale;
}

/* Every k-th of the chunks as they lie in memory; returns how many of these are usual ones. */
static size_t sample_chunks(const direction *d, size_t every, size_t room, float *values)
{
    bool along = d->chunk_step == 1; /* the chunks of a line stand beside each other */
    size_t length = along ? d->chunks : d->lines, all = d->lines * d->chunks, count = 0, outer = 0, inner = 0;
    for (size_t i = 0; i < all && count < room; i += every) {
        size_t line = along ? outer : inner, k = along ? inner : outer;
        if (line >= d->first_line && line < d->end_line && k >= d->first_chunk && k < d->end_chunk)
            values[count++] = d->values[i];
        for (inner += every; inner >= length; inner -= length)
            outer++;
    }
    return count;
}

/* A border may leave lines only between those that are sampled. */
static void measure_chunks(direction *d, size_t room, float *values, float *scratch)
{
    size_t all = d->lines * d->chunks, every = all / SAMPLED_CHUNKS + (all < SAMPLED_CHUNKS);
    size_t count = sample_chunks(d, every, room, values);
    if (count == 0)
        count = sample_chunks(d, 1, room, values);
    d->centre = hp_lower_median(values, count, scratch);
    for (size_t i = 0; i < count; i++)
        values[i] = fabsf(values[i] - d->centre);
    float deviation = 1.4826f * hp_lower_median(values, count, scratch);
    d->scale = 1 / (deviation > 1e-3f ? deviation : 1e-3f);
}

/* Columns of a real sensor differ a little all over: that much is no defect. */
static void measure_pattern(direction *d, float *values, float *scratch)
{
    size_t count = 0, chunks = d->end_chunk - d->first_chunk;
    for (size_t line = d->first_line; line < d->end_line; line++) {
        double sum = 0;
        for (size_t k = d->first_chunk; k < d->end_chunk; k++)
            sum += (double)chunk_of(d, line, k);
        values[count++] = (float)(sum / (double)chunks);
    }
    float centre = hp_lower_median(values, count, scratch);
    for (size_t i = 0; i < count; i++)
        values[i] = fabsf(values[i] - centre);
    double deviation = 1.4826 * (double)hp_lower_median(values, count, scratch);
    d->pattern2 = fmax(deviation * deviation - 1 / (double)chunks, 0);
}

static void measure_task(void *context, size_t index, unsigned worker)
{
    (void)worker;
    summing *work = context;
    direction *d = index ? &work->across : &work->columns;
    float *values = work->usual + 2 * index * work->room, *scratch = values + work->room;
    if (d->chunks == 0)
        return;
    measure_chunks(d, work->room, values, scratch);
    measure_pattern(d, values, scratch);
}

/* ---- runs ---- */

/* The run whose values stand most above half of the level (Kadane). */
static run best_run(const float *values, size_t count, float sign, float level)
{
    run best = {0}, now = {0};
    double best_gain = 0, gain = 0;
    for (size_t i = 0; i < count; i++) {
        if (gain <= 0) {
            now = (run){.first = i};
            gain = 0;
        }
        now.sum += (double)(sign * values[i]);
        now.end = i + 1;
        gain += (double)(sign * values[i] - level / 2);
        if (gain > best_gain) {
            best = now;
            best_gain = gain;
        }
    }
    best.level = (double)level * best_gain;
    return best;
}

static run best_of_levels(const float *values, size_t count, float sign)
{
    run best = {0};
    for (size_t i = 0; i < LEVELS; i++) {
        run found = best_run(values, count, sign, levels[i]);
        if (found.level > best.level)
            best = found;
    }
    return best;
}

/* How many standard deviations the mean of a run stands out. */
static double score_of(const direction *d, const run *r)
{
    double length = (double)(r->end - r->first);
    return length > 0 ? r->sum / length / sqrt(1 / length + d->pattern2) : 0;
}

/* To the pixel: the same once more, of single pixels, within a chunk of the run's ends. */
static void refine(const hp_maps *maps, const run *r, float sign, float *values, hp_line *line)
{
    uint32_t side = line->is_row ? maps->width : maps->height;
    uint32_t start = r->first > 0 ? (uint32_t)(r->first - 1) * CHUNK : 0, end = (uint32_t)(r->end + 1) * CHUNK;
    end = end < side ? end : side;
    double sum = 0;
    for (uint32_t i = start; i < end; i++) {
        values[i - start] =
            cut(line->is_row ? hp_maps_value(maps, HP_MAP_Z, i, line->at) : hp_maps_value(maps, HP_MAP_Z, line->at, i));
        if (i >= r->first * CHUNK && i < r->end * CHUNK)
            sum += (double)(sign * values[i - start]);
    }
    run fine = best_run(values, end - start, sign, (float)(sum / (double)((r->end - r->first) * CHUNK)));
    line->start = start + (uint32_t)fine.first;
    line->end = start + (uint32_t)fine.end;
    if (line->start <= EDGE_REACH)
        line->start = 0;
    if (line->end + EDGE_REACH >= side)
        line->end = side;
}

/* What runs with LEAST_SCORE have at least: summed over a run's values, each times `sign` and less `step`. */
typedef struct bounds {
    float sign[BOUNDS], step[BOUNDS], least[BOUNDS];
} bounds;

/*
 * A run of n chunks has a sum of LEAST_SCORE sqrt(n) at least, and over a range of lengths that curve lies above its
 * chord, least + step n. Ranges whose ends are r times their starts, together 1 to `chunks`; dark, then bright.
 */
static void set_bounds(size_t chunks, bounds *b)
{
    const double rounding = 0.01;
    double root = pow((double)chunks, 1.0 / BOUNDS), start_root = 1; /* sqrt(r), and of the first length */
    for (size_t i = 0; i < BOUNDS; i++, start_root *= root) {
        if (i == BOUNDS / 2)
            start_root = 1;
        double step = LEAST_SCORE / ((root + 1) * start_root);
        b->sign[i] = i < BOUNDS / 2 ? -1 : 1;
        b->step[i] = (float)step;
        b->least[i] = (float)(step * root * start_root * start_root - rounding);
    }
}

/* Lines of one direction on their way to runs. */
typedef struct looking {
    const hp_maps *maps;
    const direction *d;
    bool is_row;
    bounds bounds;
    size_t room;    /* values a worker's buffer holds */
    float *values;  /* a buffer for each worker */
    hp_line *found; /* two a line, darker and brighter; of no length where there is none */
} looking;

/* Whether a run with LEAST_SCORE may be dark, or bright: of nearly every line neither. */
static void check_bounds(const bounds *b, const float *values, size_t count, bool may_be[2])
{
    float gain[BOUNDS] = {0}, most[BOUNDS] = {0};
    for (size_t i = 0; i < count; i++) {
        float value = values[i];
#pragma GCC unroll 1 /* else it is unrolled before it is vectorised, and is not */
        for (size_t k = 0; k < BOUNDS; k++) {
            float before = gain[k] > 0 ? gain[k] : 0;
            gain[k] = before + (value * b->sign[k] - b->step[k]);
            most[k] = gain[k] > most[k] ? gain[k] : most[k];
        }
    }
    may_be[0] = may_be[1] = false;
    for (size_t k = 0; k < BOUNDS; k++)
        may_be[b->sign[k] > 0] |= most[k] > b->least[k];
}

static void fill(const direction *d, size_t at, float *values)
{
    for (size_t k = 0; k < d->chunks; k++)
        values[k] = chunk_of(d, at, k);
}

static void look_at(const looking *work, size_t at, float sign, float *values, hp_line *found)
{
    const direction *d = work->d;
    fill(d, at, values);
    run r = best_of_levels(values, d->chunks, sign);
    hp_line line = {.is_row = work->is_row, .at = (uint32_t)at, .residual = sign};
    line.score = (float)(score_of(d, &r) / LEAST_SCORE);
    if (!(line.score > 1))
        return;
    refine(work->maps, &r, sign, values, &line);
    if (line.end >= line.start + LEAST_LENGTH)
        *found = line;
}

static void look_task(void *context, size_t index, unsigned worker)
{
    const looking *work = context;
    size_t reach = work->maps->residual->ring.reach, first = index * LINES_A_TASK, end = first + LINES_A_TASK;
    float *values = work->values + worker * work->room;
    for (size_t at = first < reach ? reach : first; at < end && at + reach < work->d->lines; at++) {
        bool may_be[2];
        fill(work->d, at, values);
        check_bounds(&work->bounds, values, work->d->chunks, may_be);
        for (int bright = 0; bright < 2; bright++)
            if (may_be[bright])
                look_at(work, at, bright ? 1 : -1, values, &work->found[2 * at + (size_t)bright]);
    }
}

static int look_at_all(looking *work, hp_pool *pool, hp_lines *lines, size_t *capacity, hp_error *err)
{
    size_t count = work->d->lines;
    work->values = hp_calloc(hp_pool_threads(pool) * work->room, sizeof *work->values, err);
    work->found = hp_calloc(2 * count, sizeof *work->found, err);
    int code = work->values && work->found ? HP_OK : HP_E_MEMORY;
    if (!code)
        hp_pool_run(pool, (count + LINES_A_TASK - 1) / LINES_A_TASK, look_task, work);
    for (size_t i = 0; !code && i < 2 * count; i++) {
        if (work->found[i].end == 0)
            continue;
        code = hp_grow((void **)&lines->items, capacity, lines->count + 1, sizeof *lines->items, err);
        if (!code)
            lines->items[lines->count++] = work->found[i];
    }
    free(work->values);
    free(work->found);
    return code;
}

static int work_on(summing *work, hp_pool *pool, hp_lines *lines, hp_error *err)
{
    const hp_maps *maps = work->maps;
    size_t capacity = 0;
    hp_pool_run(pool, (maps->height + CHUNK - 1) / CHUNK, sum_task, work);
    hp_pool_run(pool, 2, measure_task, work);
    int code = HP_OK;
    for (int is_row = 0; !code && is_row <= 1; is_row++) {
        const direction *d = is_row ? &work->across : &work->columns;
        looking look = {.maps = maps, .d = d, .is_row = is_row, .room = larger(maps->width, maps->height)};
        if (d->chunks == 0)
            continue;
        set_bounds(d->chunks, &look.bounds);
        code = look_at_all(&look, pool, lines, &capacity, err);
    }
    return code;
}

/* Whole lines and chunks within a border; all of them where it leaves none. */
static void leave_out_border(direction *d, uint32_t before, uint32_t after, uint32_t first, uint32_t last)
{
    size_t skipped = (first + CHUNK - 1) / CHUNK, cut_off = (last + CHUNK - 1) / CHUNK;
    d->end_line = d->lines;
    d->end_chunk = d->chunks;
    if (before + after >= d->lines || skipped + cut_off >= d->chunks)
        return;
    d->first_line = before;
    d->end_line -= after;
    d->first_chunk = skipped;
    d->end_chunk -= cut_off;
}

int hp_line_runs_find(const hp_maps *maps, hp_pool *pool, hp_lines *lines, hp_error *err)
{
    size_t width = maps->width, height = maps->height, down = height / CHUNK, along = width / CHUNK;
    summing work = {.maps = maps,
                    .columns = {.lines = width, .chunks = down, .line_step = 1, .chunk_step = width},
                    .across = {.lines = height, .chunks = along, .line_step = along, .chunk_step = 1}};
    leave_out_border(&work.columns, maps->border.left, maps->border.right, maps->border.top, maps->border.bottom);
    leave_out_border(&work.across, maps->border.top, maps->border.bottom, maps->border.left, maps->border.right);
    work.rows = hp_calloc((size_t)hp_pool_threads(pool) * width, sizeof *work.rows, err);
    work.columns.values = hp_pages(width * down + 1, sizeof(float), err);
    work.across.values = hp_pages(height * along + 1, sizeof(float), err);
    work.room = room_for(width, height);
    work.usual = hp_pages(4 * work.room, sizeof(float), err);
    int code = work.rows && work.columns.values && work.across.values && work.usual ? HP_OK : HP_E_MEMORY;
    if (!code)
        code = work_on(&work, pool, lines, err);
    free(work.rows);
    hp_pages_free(work.columns.values);
    hp_pages_free(work.across.values);
    hp_pages_free(work.usual);
    return code;
}
