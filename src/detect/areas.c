#include "detect/areas.h"

#include "base/memory.h"
#include "detect/union.h"

#include <stdlib.h>

enum {
    JOIN_REACH = 3,   /* px: two marks this near touch after dilation by 3x3 */
    MOST_MARKS = 30,  /* of one defect, unless they stay within */
    MOST_EXTENT = 16, /* px in x and y: ghosts of a strong defect fill its JPEG block, and are still one pixel */
};

/* Marks below and to the right are enough: joining is mutual. */
static void join_neighbours(const hp_marks *marks, size_t i, size_t *parent)
{
    const hp_mark *mark = &marks->items[i];
    uint32_t left = mark->x > JOIN_REACH ? mark->x - JOIN_REACH : 0;
    for (uint32_t y = mark->y; y <= mark->y + JOIN_REACH && y < marks->height; y++)
        for (size_t k = hp_marks_from(marks, left, y); k < marks->row_start[y + 1]; k++) {
            if (marks->items[k].x > mark->x + JOIN_REACH)
                break;
            if (!marks->items[k].in_line)
                hp_union_join(parent, i, k);
        }
}

typedef struct area {
    size_t marks;
    uint32_t left, right, top, bottom;
} area;

static void extend(area *a, const hp_mark *mark)
{
    bool first = a->marks++ == 0;
    a->left = first || mark->x < a->left ? mark->x : a->left;
    a->right = first || mark->x > a->right ? mark->x : a->right;
    a->top = first ? mark->y : a->top; /* marks come in row order */
    a->bottom = mark->y;
}

static bool is_overlay(const area *a)
{
    return a->marks > MOST_MARKS && (a->right - a->left >= MOST_EXTENT || a->bottom - a->top >= MOST_EXTENT);
}

int hp_areas_find_overlays(hp_marks *marks, size_t *overlays, hp_error *err)
{
    *overlays = 0;
    size_t *parent = hp_calloc(marks->count, sizeof *parent, err);
    area *areas = hp_calloc(marks->count, sizeof *areas, err);
    int code = parent && areas ? HP_OK : HP_E_MEMORY;
    for (size_t i = 0; !code && i < marks->count; i++)
        parent[i] = i;
    for (size_t i = 0; !code && i < marks->count; i++)
        if (!marks->items[i].in_line)
            join_neighbours(marks, i, parent);
    for (size_t i = 0; !code && i < marks->count; i++)
        extend(&areas[hp_union_root(parent, i)], &marks->items[i]);
    for (size_t i = 0; !code && i < marks->count; i++) {
        marks->items[i].overlay = is_overlay(&areas[hp_union_root(parent, i)]);
        *overlays += is_overlay(&areas[i]);
    }
    free(parent);
    free(areas);
    return code;
}
