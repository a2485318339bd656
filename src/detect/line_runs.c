#include "detect/line_runs.h"

#include "base/memory.h"
#include "detect/line_chunks.h"

#include <math.h>
#include <stdlib.h>

enum {
    LEAST_LENGTH = 2 * HP_LINE_CHUNK, /* px of a line */
    EDGE_REACH = HP_LINE_CHUNK / 2,   /* px: a line that comes this near the frame's edge ends there */
    LEVELS = 4,
    BOUNDS = 8, /* of four ranges of lengths, and two signs */
    LINES_A_TASK = 16,
};

#define LEAST_SCORE 8.0 /* standard deviations of a run's mean */

/* Strengths that runs are looked for at, standard deviations of a chunk. */
static const float levels[LEVELS] = {1, 2, 4, 8};

/* From `first` on, behind the last: `end`. */
typedef struct run {
    size_t first, end;
    double sum, level; /* level: sum of level * (value - level / 2), which it is chosen by */
} run;

uint64_t hp_line_runs_bytes(const hp_photo_info *shape, unsigned threads)
{
    uint32_t width = shape->camera.width, height = shape->camera.height;
    return hp_line_chunks_bytes(shape, threads) + (uint64_t)threads * (width > height ? width : height) * sizeof(float);
}

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
static double score_of(const hp_line_chunks *d, const run *r)
{
    double length = (double)(r->end - r->first);
    return length > 0 ? r->sum / length / sqrt(1 / length + d->pattern2) : 0;
}

/* To the pixel: the same once more, of single pixels, within a chunk of the run's ends. */
static void refine(const hp_maps *maps, const run *r, float sign, float *values, hp_line *line)
{
    uint32_t side = line->is_row ? maps->width : maps->height;
    uint32_t start = r->first > 0 ? (uint32_t)(r->first - 1) * HP_LINE_CHUNK : 0,
             end = (uint32_t)(r->end + 1) * HP_LINE_CHUNK;
    end = end < side ? end : side;
    double sum = 0;
    for (uint32_t i = start; i < end; i++) {
        values[i - start] = hp_line_chunks_cut(line->is_row ? hp_maps_value(maps, HP_MAP_Z, i, line->at)
                                                            : hp_maps_value(maps, HP_MAP_Z, line->at, i));
        if (i >= r->first * HP_LINE_CHUNK && i < r->end * HP_LINE_CHUNK)
            sum += (double)(sign * values[i - start]);
    }
    run fine = best_run(values, end - start, sign, (float)(sum / (double)((r->end - r->first) * HP_LINE_CHUNK)));
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
    double root = pow((double)chunks, 1.0 / BOUNDS); /* sqrt(r) */
    for (size_t i = 0; i < BOUNDS; i++) {
        double start_root = pow(root, (double)(i % (BOUNDS / 2))); /* sqrt of the first length */
        double step = LEAST_SCORE / ((root + 1) * start_root);
        b->sign[i] = i < BOUNDS / 2 ? -1 : 1;
        b->step[i] = (float)step;
        b->least[i] = (float)(step * root * start_root * start_root - rounding);
    }
}

/* Lines of one direction on their way to runs. */
typedef struct looking {
    const hp_maps *maps;
    const hp_line_chunks *d;
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

static void fill(const hp_line_chunks *d, size_t at, float *values)
{
    for (size_t k = 0; k < d->chunks; k++)
        values[k] = hp_line_chunk_value(d, at, k);
}

static void look_at(const looking *work, size_t at, float sign, float *values, hp_line *found)
{
    const hp_line_chunks *d = work->d;
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

int hp_line_runs_find(const hp_maps *maps, hp_pool *pool, hp_lines *lines, hp_error *err)
{
    hp_line_chunks directions[2]; /* columns, rows */
    size_t capacity = 0;
    int code = hp_line_chunks_sum(maps, pool, &directions[0], &directions[1], err);
    if (code)
        return code;
    for (int is_row = 0; !code && is_row <= 1; is_row++) {
        const hp_line_chunks *d = &directions[is_row];
        looking look = {.maps = maps, .d = d, .is_row = is_row};
        look.room = maps->width > maps->height ? maps->width : maps->height;
        if (d->chunks == 0)
            continue;
        set_bounds(d->chunks, &look.bounds);
        code = look_at_all(&look, pool, lines, &capacity, err);
    }
    hp_line_chunks_free(&directions[0]);
    hp_line_chunks_free(&directions[1]);
    return code;
}
