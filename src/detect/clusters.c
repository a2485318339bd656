#include "detect/clusters.h"

#include "base/memory.h"
#include "detect/union.h"

#include <stdlib.h>

enum { MOST_SIDE = 16 }; /* px: what is larger is no cluster, and its pixels stand for themselves */

/* A peak by its place. */
typedef struct item {
    uint32_t x, y;
    size_t peak;
} item;

static int compare(const void *a, const void *b)
{
    const item *first = a, *second = b;
    if (first->y != second->y)
        return first->y < second->y ? -1 : 1;
    return (first->x > second->x) - (first->x < second->x);
}

/* Peaks come strongest first, so that the root of a cluster is its strongest. */
static void join(const hp_peaks *peaks, size_t *leaders, size_t a, size_t b)
{
    if ((peaks->items[a].score > 0) == (peaks->items[b].score > 0))
        hp_union_join(leaders, a, b);
}

static void join_at(const hp_peaks *peaks, const item *items, const item *of, uint32_t x, uint32_t y, size_t *leaders)
{
    const item wanted = {x, y, 0};
    const item *found = bsearch(&wanted, items, peaks->count, sizeof *items, compare);
    if (found)
        join(peaks, leaders, of->peak, found->peak);
}

hp_box hp_box_around(hp_box a, hp_box b)
{
    uint32_t left = a.x < b.x ? a.x : b.x, top = a.y < b.y ? a.y : b.y;
    uint32_t right = a.x + a.width > b.x + b.width ? a.x + a.width : b.x + b.width;
    uint32_t bottom = a.y + a.height > b.y + b.height ? a.y + a.height : b.y + b.height;
    return (hp_box){left, top, right - left, bottom - top};
}

static int leave_large_ones(const hp_peaks *peaks, size_t *leaders, hp_error *err)
{
    hp_box *boxes = hp_calloc(peaks->count, sizeof *boxes, err);
    if (!boxes)
        return HP_E_MEMORY;
    for (size_t i = 0; i < peaks->count; i++) {
        const hp_box own = {peaks->items[i].x, peaks->items[i].y, 1, 1};
        leaders[i] = hp_union_root(leaders, i);
        boxes[i] = own;
        if (leaders[i] != i)
            boxes[leaders[i]] = hp_box_around(boxes[leaders[i]], own);
    }
    for (size_t i = 0; i < peaks->count; i++)
        if (boxes[leaders[i]].width > MOST_SIDE || boxes[leaders[i]].height > MOST_SIDE)
            leaders[i] = i;
    free(boxes);
    return HP_OK;
}

int hp_clusters_find(const hp_residual *residual, const hp_peaks *peaks, size_t *leaders, hp_error *err)
{
    for (size_t i = 0; i < peaks->count; i++)
        leaders[i] = i;
    if (peaks->count == 0 || hp_photo_is_developed(&residual->base.shape))
        return HP_OK;
    item *items = hp_calloc(peaks->count, sizeof *items, err);
    if (!items)
        return HP_E_MEMORY;
    for (size_t i = 0; i < peaks->count; i++)
        items[i] = (item){peaks->items[i].x, peaks->items[i].y, i};
    qsort(items, peaks->count, sizeof *items, compare);
    for (size_t i = 0; i < peaks->count; i++) {
        const item *of = &items[i];
        join_at(peaks, items, of, of->x + 1, of->y, leaders);
        for (uint32_t dx = 0; dx < 3; dx++)
            if (of->x + dx > 0)
                join_at(peaks, items, of, of->x + dx - 1, of->y + 1, leaders);
    }
    free(items);
    return leave_large_ones(peaks, leaders, err);
}
