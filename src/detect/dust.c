#include "detect/dust.h"

#include "base/memory.h"
#include "detect/gap.h"
#include "detect/pixel.h"
#include "detect/select.h"

#include <math.h>
#include <stdlib.h>

enum {
    APART = 24,    /* px: nearer ones are one spot */
    FARTHEST = 24, /* px around a spot where the picture is taken to be as without it */
    RING_MOST = 8 * FARTHEST,
};

/* The median of the mean picture on the square ring at a distance, inside the frame. */
static double ring_median(const hp_residual *r, const hp_peak *at, int distance)
{
    const hp_camera *camera = &r->base.shape.camera;
    int step = r->base.shape.cfa.width > 1 ? r->base.shape.cfa.width : 1;
    double values[RING_MOST];
    size_t count = 0;
    for (int dy = -distance; dy <= distance; dy++)
        for (int dx = -distance; dx <= distance; dx += dy == -distance || dy == distance ? 1 : 2 * distance) {
            int64_t x = (int64_t)at->x + (int64_t)dx * step, y = (int64_t)at->y + (int64_t)dy * step;
            if (x >= 0 && y >= 0 && x < camera->width && y < camera->height)
                values[count++] = hp_pixel_mean(r, (uint32_t)x, (uint32_t)y);
        }
    return count ? hp_median(values, count) : hp_pixel_mean(r, at->x, at->y);
}

/* As wide as it is at half of its depth. */
static hp_dust describe(const hp_residual *r, const hp_peak *peak)
{
    double base = ring_median(r, peak, FARTHEST), depth = ring_median(r, peak, 1) - base;
    int step = r->base.shape.cfa.width > 1 ? r->base.shape.cfa.width : 1, distance = 1;
    while (distance < FARTHEST && ring_median(r, peak, distance) - base < depth / 2)
        distance++;
    return (hp_dust){.x = peak->x, .y = peak->y, .diameter = (uint32_t)(2 * distance * step), .mean = depth};
}

static bool is_known(const hp_dust *dust, size_t count, const hp_peak *peak)
{
    for (size_t i = 0; i < count; i++)
        if (hp_gap(dust[i].x, peak->x) < APART && hp_gap(dust[i].y, peak->y) < APART)
            return true;
    return false;
}

static int compare(const void *a, const void *b)
{
    const hp_dust *first = a, *second = b;
    if (first->y != second->y)
        return first->y < second->y ? -1 : 1;
    return (first->x > second->x) - (first->x < second->x);
}

int hp_dust_find(const hp_residual *residual, const hp_peaks *peaks, hp_dust **dust, size_t *count, hp_error *err)
{
    *count = 0;
    *dust = hp_calloc(peaks->soft_count, sizeof **dust, err);
    if (!*dust)
        return HP_E_MEMORY;
    for (size_t i = 0; i < peaks->soft_count; i++) {
        const hp_peak *peak = &peaks->soft[i];
        if (peak->score > 0 || is_known(*dust, *count, peak))
            continue;
        hp_dust spot = describe(residual, peak);
        if (spot.mean < 0)
            (*dust)[(*count)++] = spot;
    }
    if (*count)
        qsort(*dust, *count, sizeof **dust, compare);
    return HP_OK;
}
