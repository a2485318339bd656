#include "detect/border.h"

#include "base/memory.h"
#include "detect/select.h"

#include <stdlib.h>

enum {
    SAMPLED = 512,      /* px of a row or column, about */
    STILL_DIVISOR = 8,  /* a border's samples change by this part, at most, of what is usual */
    STILL_PERCENT = 90, /* of a row that is a border's */
    BLUR_MOST = 8,      /* px from the last such row to the first of the picture: a block of a JPEG */
    BESIDE = 3,         /* px of the picture that its edge may show in */
    LINES_A_TASK = 16,  /* rows or columns */
};

/* One axis: how far samples go over the photos, of each row or column in the middle. */
typedef struct axis {
    const hp_residual *residual;
    bool rows;
    uint32_t length, every; /* of a row or column, px; which of them are looked at */
    float *ranges;
    size_t count;
    float usual;
    float *values; /* twice `room` for each worker */
    size_t room;
} axis;

static float range_at(const axis *a, size_t i, uint32_t k)
{
    const hp_residual *r = a->residual;
    size_t width = r->base.shape.camera.width, at = a->rows ? i * width + k : k * width + i;
    if (r->base.shape.camera.bits > 8)
        return (float)(((const uint16_t *)r->sums.max)[at] - ((const uint16_t *)r->sums.min)[at]);
    return (float)(((const uint8_t *)r->sums.max)[at] - ((const uint8_t *)r->sums.min)[at]);
}

static void measure_task(void *context, size_t index, unsigned worker)
{
    const axis *a = context;
    float *values = a->values + 2 * worker * a->room;
    size_t first = index * LINES_A_TASK, end = first + LINES_A_TASK < a->count ? first + LINES_A_TASK : a->count;
    for (size_t i = first; i < end; i++) {
        size_t count = 0;
        for (uint32_t k = 0; k < a->length; k += a->every)
            values[count++] = range_at(a, i, k);
        a->ranges[i] = hp_lower_median(values, count, values + a->room);
    }
}

static void measure(axis *a, bool rows, hp_pool *pool)
{
    uint32_t width = a->residual->base.shape.camera.width, height = a->residual->base.shape.camera.height;
    a->rows = rows;
    a->length = rows ? width : height;
    a->every = 1 + a->length / SAMPLED;
    a->count = rows ? height : width;
    hp_pool_run(pool, (a->count + LINES_A_TASK - 1) / LINES_A_TASK, measure_task, a);
    a->usual = hp_lower_median(a->ranges, a->count, a->values);
}

static bool is_still(const axis *a, size_t i)
{
    size_t still = 0, count = 0;
    for (uint32_t k = 0; k < a->length; k += a->every, count++)
        still += STILL_DIVISOR * range_at(a, i, k) <= a->usual;
    return STILL_PERCENT * count <= 100 * still;
}

/*
 * From one end of an axis. A border has an edge all along; a picture that grows dark to its sides, or is round, has
 * none.
 */
static uint32_t side_of(const axis *a, bool end)
{
    size_t half = a->count / 2, last = a->count - 1, still = 0;
    while (still < half && is_still(a, end ? last - still : still))
        still++;
    size_t first = still;
    while (first < half && 2 * a->ranges[end ? last - first : first] < a->usual)
        first++;
    bool is_border = still > 0 && first < half && first - still <= BLUR_MOST;
    return is_border ? (uint32_t)first + BESIDE : 0;
}

int hp_border_find(const hp_residual *residual, hp_pool *pool, hp_border *border, hp_error *err)
{
    uint32_t width = residual->base.shape.camera.width, height = residual->base.shape.camera.height;
    size_t side = width > height ? width : height;
    *border = (hp_border){0};
    if (!hp_photo_is_developed(&residual->base.shape))
        return HP_OK;
    axis a = {.residual = residual, .room = side + 1};
    a.ranges = hp_calloc(side + 2 * hp_pool_threads(pool) * a.room, sizeof *a.ranges, err);
    if (!a.ranges)
        return HP_E_MEMORY;
    a.values = a.ranges + side;
    measure(&a, true, pool);
    border->top = side_of(&a, false);
    border->bottom = side_of(&a, true);
    measure(&a, false, pool);
    border->left = side_of(&a, false);
    border->right = side_of(&a, true);
    free(a.ranges);
    return HP_OK;
}

bool hp_border_is_there(const hp_border *border)
{
    return border->left || border->right || border->top || border->bottom;
}
