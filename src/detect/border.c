#include "detect/border.h"

#include "base/memory.h"
#include "detect/select.h"

#include <stdlib.h>

enum {
    SAMPLED = 512,     /* px of a row or column, about */
    STILL_DIVISOR = 8, /* a border's samples change by this part, at most, of what is usual */
    BLUR_MOST = 8,     /* px from the last such row to the first of the picture: a block of a JPEG */
    BESIDE = 3,        /* px of the picture that its edge may show in */
};

/* One axis: how far samples go over the photos, of each row or column in the middle. */
typedef struct axis {
    float *ranges;
    size_t count;
    float usual;
} axis;

static float range_at(const hp_maps *maps, uint32_t x, uint32_t y)
{
    const hp_residual *r = maps->residual;
    size_t at = (size_t)y * maps->width + x;
    if (r->base.shape.camera.bits > 8)
        return (float)(((const uint16_t *)r->sums.max)[at] - ((const uint16_t *)r->sums.min)[at]);
    return (float)(((const uint8_t *)r->sums.max)[at] - ((const uint8_t *)r->sums.min)[at]);
}

static void measure(const hp_maps *maps, bool rows, axis *a, float *values, float *scratch)
{
    uint32_t length = rows ? maps->width : maps->height, every = 1 + length / SAMPLED;
    a->count = rows ? maps->height : maps->width;
    for (uint32_t i = 0; i < a->count; i++) {
        size_t count = 0;
        for (uint32_t k = 0; k < length; k += every)
            values[count++] = rows ? range_at(maps, k, i) : range_at(maps, i, k);
        a->ranges[i] = hp_lower_median(values, count, scratch);
    }
    a->usual = hp_lower_median(a->ranges, a->count, scratch);
}

static float range_from(const axis *a, bool end, size_t i)
{
    return a->ranges[end ? a->count - 1 - i : i];
}

/* From one end of an axis; a border has an edge, a picture that grows dark to its sides has none. */
static uint32_t side_of(const axis *a, bool end)
{
    size_t half = a->count / 2, still = 0;
    while (still < half && STILL_DIVISOR * range_from(a, end, still) <= a->usual)
        still++;
    size_t first = still;
    while (first < half && 2 * range_from(a, end, first) < a->usual)
        first++;
    bool is_border = still > 0 && first < half && first - still <= BLUR_MOST;
    return is_border ? (uint32_t)first + BESIDE : 0;
}

int hp_border_find(const hp_maps *maps, hp_border *border, hp_error *err)
{
    size_t side = maps->width > maps->height ? maps->width : maps->height;
    *border = (hp_border){0};
    if (!hp_photo_is_developed(&maps->residual->base.shape))
        return HP_OK;
    float *values = hp_calloc(3 * side + 1, sizeof *values, err);
    if (!values)
        return HP_E_MEMORY;
    axis a = {.ranges = values};
    measure(maps, true, &a, values + side, values + 2 * side);
    border->top = side_of(&a, false);
    border->bottom = side_of(&a, true);
    measure(maps, false, &a, values + side, values + 2 * side);
    border->left = side_of(&a, false);
    border->right = side_of(&a, true);
    free(values);
    return HP_OK;
}

bool hp_border_is_there(const hp_border *border)
{
    return border->left || border->right || border->top || border->bottom;
}

static bool is_beyond(uint32_t at, uint32_t first, uint32_t last, uint32_t count)
{
    return at < first || at + last >= count;
}

void hp_border_drop_lines(const hp_border *border, const hp_maps *maps, hp_lines *lines)
{
    size_t kept = 0;
    for (size_t i = 0; i < lines->count; i++) {
        const hp_line *line = &lines->items[i];
        if (line->is_row ? !is_beyond(line->at, border->top, border->bottom, maps->height)
                         : !is_beyond(line->at, border->left, border->right, maps->width))
            lines->items[kept++] = *line;
    }
    lines->count = kept;
}

void hp_border_take_marks(const hp_border *border, const hp_maps *maps, hp_marks *marks)
{
    for (size_t i = 0; i < marks->count; i++) {
        hp_mark *mark = &marks->items[i];
        mark->in_line |= is_beyond(mark->x, border->left, border->right, maps->width) ||
                         is_beyond(mark->y, border->top, border->bottom, maps->height);
    }
}
