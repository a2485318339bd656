#include "defects/mask.h"

#include "base/error.h"
#include "base/memory.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

enum { PROBABLE_SHIFT = 4 };

static uint8_t value_of(const hp_defect *defect)
{
    unsigned shift = (unsigned)defect->kind + (defect->grade == HP_PROBABLE ? PROBABLE_SHIFT : 0);
    return (uint8_t)(1u << shift);
}

/* The lowest of several, certain before probable. */
static void read_value(uint8_t value, hp_defect *defect)
{
    unsigned shift = 0;
    while (shift < 7 && !(value >> shift & 1))
        shift++;
    defect->kind = (hp_kind)(shift % PROBABLE_SHIFT);
    defect->grade = shift < PROBABLE_SHIFT ? HP_CERTAIN : HP_PROBABLE;
}

/* ---- from a list to rows ---- */

static int compare_rows(const void *a, const void *b)
{
    uint32_t first = (*(const hp_defect *const *)a)->box.y, second = (*(const hp_defect *const *)b)->box.y;
    return (first > second) - (first < second);
}

int hp_mask_painter_start(hp_mask_painter *painter, const hp_list *list, hp_error *err)
{
    const hp_camera *camera = &list->camera;
    *painter = (hp_mask_painter){.list = list};
    if ((int64_t)camera->width * camera->height > HP_MASK_PIXELS_MOST)
        return hp_fail(err, HP_E_INPUT, "photos of %" PRIu32 "x%" PRIu32 " are too large for a mask", camera->width,
                       camera->height);
    painter->order = hp_calloc(list->defect_count, sizeof *painter->order, err);
    painter->open = hp_calloc(list->defect_count, sizeof *painter->open, err);
    if (!painter->order || !painter->open)
        return HP_E_MEMORY;
    for (size_t i = 0; i < list->defect_count; i++)
        painter->order[i] = &list->defects[i];
    if (list->defect_count)
        qsort(painter->order, list->defect_count, sizeof *painter->order, compare_rows);
    return HP_OK;
}

void hp_mask_paint(hp_mask_painter *painter, uint32_t y, uint8_t *row)
{
    size_t left = 0;
    memset(row, 0, painter->list->camera.width);
    while (painter->next < painter->list->defect_count && painter->order[painter->next]->box.y == y)
        painter->open[painter->open_count++] = painter->order[painter->next++];
    for (size_t i = 0; i < painter->open_count; i++) {
        const hp_defect *d = painter->open[i];
        uint8_t value = value_of(d);
        for (uint32_t x = 0; x < d->box.width; x++)
            row[d->box.x + x] |= value;
        if (y - d->box.y + 1 < d->box.height)
            painter->open[left++] = d;
    }
    painter->open_count = left;
}

void hp_mask_painter_free(hp_mask_painter *painter)
{
    free(painter->order);
    free(painter->open);
    *painter = (hp_mask_painter){0};
}

/* ---- from rows to a list ---- */

/* Ends a run above row y. */
static int close_run(hp_mask_gatherer *g, const hp_mask_run *run, uint32_t y, hp_error *err)
{
    hp_defect defect = hp_defect_area((hp_box){run->x, run->y, run->width, y - run->y});
    read_value(run->value, &defect);
    return hp_list_add(g->maker, &defect, err);
}

static int find_runs(hp_mask_gatherer *g, uint32_t y, const uint8_t *row, uint32_t width, size_t *count, hp_error *err)
{
    *count = 0;
    for (uint32_t x = 0; x < width;) {
        uint32_t end = x + 1;
        while (end < width && row[end] == row[x])
            end++;
        if (row[x]) {
            int code = hp_grow((void **)&g->now, &g->now_capacity, *count + 1, sizeof *g->now, err);
            if (code)
                return code;
            g->now[(*count)++] = (hp_mask_run){x, end - x, y, row[x]};
            g->bad += end - x;
        }
        x = end;
    }
    return HP_OK;
}

static bool goes_on(const hp_mask_run *above, const hp_mask_run *here)
{
    return above->x == here->x && above->width == here->width && above->value == here->value;
}

static void swap_runs(hp_mask_gatherer *g, size_t count)
{
    hp_mask_run *runs = g->open;
    size_t capacity = g->open_capacity;
    g->open = g->now;
    g->open_capacity = g->now_capacity;
    g->open_count = count;
    g->now = runs;
    g->now_capacity = capacity;
}

/* Both rows of runs are ordered by x: one pass finds those that go on. */
int hp_mask_gather(hp_mask_gatherer *g, uint32_t y, const uint8_t *row, uint32_t width, hp_error *err)
{
    size_t count, at = 0;
    int code = find_runs(g, y, row, width, &count, err);
    for (size_t i = 0; i < g->open_count && !code; i++) {
        const hp_mask_run *above = &g->open[i];
        while (at < count && g->now[at].x < above->x)
            at++;
        if (at < count && goes_on(above, &g->now[at]))
            g->now[at].y = above->y;
        else
            code = close_run(g, above, y, err);
    }
    g->all += width;
    if (!code)
        swap_runs(g, count);
    return code;
}

void hp_mask_note(hp_mask_gatherer *g, double value)
{
    unsigned i = 0;
    if (g->value_count > HP_MASK_VALUES_MOST)
        return;
    while (i < g->value_count && g->values[i] != value)
        i++;
    if (i < g->value_count)
        return;
    if (i < HP_MASK_VALUES_MOST)
        g->values[i] = value;
    g->value_count++;
}

int hp_mask_gather_end(hp_mask_gatherer *g, uint32_t height, hp_error *err)
{
    int code = HP_OK;
    for (size_t i = 0; i < g->open_count && !code; i++)
        code = close_run(g, &g->open[i], height, err);
    g->open_count = 0;
    bool has_many = g->value_count > HP_MASK_VALUES_MOST;
    if (!code && (g->bad > g->all / 2 || (has_many && g->bad > g->all / 10)))
        code = hp_fail(err, HP_E_INPUT,
                       "is no mask of bad pixels: %.0f %% of it are not 0%s; of a photo, hotpix scan makes a list",
                       100.0 * (double)g->bad / (double)g->all, has_many ? ", but of many values" : "");
    return code;
}

void hp_mask_gatherer_free(hp_mask_gatherer *g)
{
    free(g->open);
    free(g->now);
    *g = (hp_mask_gatherer){0};
}
