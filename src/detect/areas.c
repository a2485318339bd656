#include "detect/areas.h"

#include "base/memory.h"

#include <stdlib.h>

enum {
    JOIN_REACH = 3,   /* px: two marks this near touch after dilation by 3x3 */
    MOST_MARKS = 30,  /* of one defect */
};

/* Union by root, with the paths halved on the way (Tarjan and van Leeuwen 1984). */
static size_t root_of(size_t *parent, size_t i)
{
    while (parent[i] != i) {
        parent[i] = parent[parent[i]];
        i = parent[i];
    }
    return i;
}

static void join(size_t *parent, size_t a, size_t b)
{
    size_t root_a = root_of(parent, a), root_b = root_of(parent, b);
    if (root_a < root_b)
        parent[root_b] = root_a;
    else
        parent[root_a] = root_b;
}

/* Marks below and to the right are enough: joining is mutual. */
static void join_neighbours(const hp_marks *marks, size_t i, size_t *parent)
{
    const hp_mark *mark = &marks->items[i];
    uint32_t left = mark->x > JOIN_REACH ? mark->x - JOIN_REACH : 0;
    for (uint32_t y = mark->y; y <= mark->y + JOIN_REACH && y < marks->height; y++)
        for (size_t k = hp_marks_from(marks, left, y); k < marks->row_start[y + 1]; k++) {
            if (marks->items[k].x > mark->x + JOIN_REACH)
                break;
            join(parent, i, k);
        }
}

int hp_areas_find_overlays(hp_marks *marks, size_t *areas, hp_error *err)
{
    *areas = 0;
    size_t *parent = hp_calloc(marks->count, sizeof *parent, err), *size = hp_calloc(marks->count, sizeof *size, err);
    int code = parent && size ? HP_OK : HP_E_MEMORY;
    for (size_t i = 0; !code && i < marks->count; i++)
        parent[i] = i;
    for (size_t i = 0; !code && i < marks->count; i++)
        join_neighbours(marks, i, parent);
    for (size_t i = 0; !code && i < marks->count; i++)
        size[root_of(parent, i)]++;
    for (size_t i = 0; !code && i < marks->count; i++) {
        marks->items[i].overlay = size[root_of(parent, i)] > MOST_MARKS;
        *areas += size[i] > MOST_MARKS;
    }
    free(parent);
    free(size);
    return code;
}
