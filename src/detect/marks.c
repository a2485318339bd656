#include "detect/marks.h"

#include "base/error.h"
#include "base/memory.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum {
    ROWS_A_TASK = 32,
    CHUNK = 64,     /* px that are passed over in one go */
    PEAK_REACH = 2, /* px: a peak is the largest of its 5x5 */
};

#define EDGE_DIVISOR 1.25f
#define WIDE_FACTOR (1 / 1.05f)

typedef struct band {
    hp_mark *items;
    size_t count, capacity;
    bool failed;
} band;

typedef struct marking {
    const hp_maps *maps;
    float factors[HP_MAPS]; /* from a map's value to S */
    band *bands;
    float *rows; /* a worker: the maps, then S */
} marking;

/*
 * Near the edge the ring is folded inwards and so one-sided: measured, the two outermost rows and columns, 0.5 % of a
 * frame, held 70 of 102 false detections, all below 1.25.
 */
static void lower_edge(const hp_maps *maps, uint32_t y, float *scores)
{
    uint32_t reach = maps->residual->ring.reach, width = maps->width;
    bool whole = y < reach || y >= maps->height - reach;
    for (uint32_t x = 0; x < (whole ? width : reach); x++)
        scores[x] /= EDGE_DIVISOR;
    for (uint32_t x = width - reach; x < width && !whole; x++)
        scores[x] /= EDGE_DIVISOR;
}

/*
 * The farther out the ring, the more often a detail of the scene fills a pixel and not its ring. On 8 simulated
 * sensors, N = 10 and 25, S > 0.8 had 20 false ones a Mpx of red and blue and 5 of green. Where 16 were expected of
 * them all 24 were found, 10 of 4 in X-Trans from 25 photos; so divided 11, 4 of 4; and no fewer true ones.
 */
static void lower_wide(const hp_maps *maps, uint32_t y, float *scores)
{
    const hp_ring *ring = &maps->residual->ring;
    for (uint32_t column = 0; column < ring->width; column++)
        if (ring->is_wide[y % ring->height * ring->width + column])
            for (uint32_t x = column; x < maps->width; x += ring->width)
                scores[x] *= WIDE_FACTOR;
}

void hp_score_row(const hp_maps *maps, const float factors[HP_MAPS], uint32_t y, float *rows, float *scores)
{
    const hp_residual *residual = maps->residual;
    size_t width = maps->width;
    for (unsigned map = 0; map < HP_MAPS; map++)
        hp_maps_row(maps, (hp_map)map, y, rows + map * width);
    residual->base.kernels->score(rows, factors, residual->sums.s1 + y * width, width, scores);
    hp_unchanging_raise(&maps->unchanging, y, scores);
    lower_edge(maps, y, scores);
    lower_wide(maps, y, scores);
}

static bool any_is_marked(const float *scores, uint32_t count)
{
    int any = 0;
    for (uint32_t x = 0; x < count; x++)
        any |= fabsf(scores[x]) > HP_MARK_LEAST;
    return any;
}

static void add_mark(band *b, hp_mark mark)
{
    b->failed = b->failed || hp_grow((void **)&b->items, &b->capacity, b->count + 1, sizeof *b->items, NULL);
    if (!b->failed)
        b->items[b->count++] = mark;
}

static void mark_row(const float *scores, uint32_t width, uint32_t y, band *b)
{
    for (uint32_t x = 0; x < width; x += CHUNK) {
        uint32_t end = width - x < CHUNK ? width : x + CHUNK;
        if (!any_is_marked(scores + x, end - x))
            continue;
        for (uint32_t i = x; i < end; i++)
            if (fabsf(scores[i]) > HP_MARK_LEAST)
                add_mark(b, (hp_mark){.x = i, .y = y, .score = scores[i]});
    }
}

static void mark_task(void *context, size_t index, unsigned worker)
{
    const marking *work = context;
    const hp_maps *maps = work->maps;
    size_t width = maps->width;
    float *rows = work->rows + worker * (HP_MAPS + 1) * width, *scores = rows + HP_MAPS * width;
    uint32_t top = (uint32_t)index * ROWS_A_TASK;
    uint32_t bottom = maps->height - top < ROWS_A_TASK ? maps->height : top + ROWS_A_TASK;
    for (uint32_t y = top; y < bottom; y++) {
        hp_score_row(maps, work->factors, y, rows, scores);
        mark_row(scores, maps->width, y, &work->bands[index]);
    }
}

static void index_rows(hp_marks *marks)
{
    size_t at = 0;
    for (uint32_t y = 0; y <= marks->height; y++) {
        while (at < marks->count && marks->items[at].y < y)
            at++;
        marks->row_start[y] = at;
    }
}

static int join(const band *bands, size_t count, hp_marks *marks, hp_error *err)
{
    for (size_t i = 0; i < count; i++) {
        if (bands[i].failed)
            return hp_fail(err, HP_E_MEMORY, "no memory for the pixels that stand out");
        marks->count += bands[i].count;
    }
    marks->items = hp_calloc(marks->count, sizeof *marks->items, err);
    marks->row_start = hp_calloc((size_t)marks->height + 1, sizeof *marks->row_start, err);
    if (!marks->items || !marks->row_start)
        return HP_E_MEMORY;
    size_t at = 0;
    for (size_t i = 0; i < count; i++) {
        if (bands[i].count)
            memcpy(marks->items + at, bands[i].items, bands[i].count * sizeof *marks->items);
        at += bands[i].count;
    }
    index_rows(marks);
    return HP_OK;
}

int hp_marks_create(const hp_maps *maps, const float thresholds[HP_MAPS], hp_pool *pool, hp_marks *marks, hp_error *err)
{
    *marks = (hp_marks){.height = maps->height};
    size_t bands = (maps->height + ROWS_A_TASK - 1) / ROWS_A_TASK;
    marking work = {.maps = maps};
    for (unsigned map = 0; map < HP_MAPS; map++)
        work.factors[map] = 1 / thresholds[map];
    work.bands = hp_calloc(bands, sizeof *work.bands, err);
    work.rows = hp_calloc((size_t)hp_pool_threads(pool) * (HP_MAPS + 1) * maps->width, sizeof *work.rows, err);
    int code = work.bands && work.rows ? HP_OK : HP_E_MEMORY;
    if (!code) {
        hp_pool_run(pool, bands, mark_task, &work);
        code = join(work.bands, bands, marks, err);
    }
    for (size_t i = 0; work.bands && i < bands; i++)
        free(work.bands[i].items);
    free(work.bands);
    free(work.rows);
    if (code)
        hp_marks_free(marks);
    return code;
}

size_t hp_marks_from(const hp_marks *marks, uint32_t x, uint32_t y)
{
    size_t low = marks->row_start[y], high = marks->row_start[y + 1];
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (marks->items[middle].x < x)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

bool hp_marks_is_peak(const hp_marks *marks, size_t at)
{
    const hp_mark *mark = &marks->items[at];
    uint32_t left = mark->x > PEAK_REACH ? mark->x - PEAK_REACH : 0,
             top = mark->y > PEAK_REACH ? mark->y - PEAK_REACH : 0;
    for (uint32_t y = top; y <= mark->y + PEAK_REACH && y < marks->height; y++)
        for (size_t i = hp_marks_from(marks, left, y); i < marks->row_start[y + 1]; i++) {
            if (marks->items[i].x > mark->x + PEAK_REACH)
                break;
            float other = fabsf(marks->items[i].score), own = fabsf(mark->score);
            if (other > own || (other == own && i < at))
                return false;
        }
    return true;
}

void hp_marks_free(hp_marks *marks)
{
    free(marks->items);
    free(marks->row_start);
    *marks = (hp_marks){0};
}
