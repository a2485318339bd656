#include "detect/unchanging.h"

#include "detect/pixel.h"
#include "stats/noise.h"

#include <math.h>

enum {
    COUNTED_MOST = 10, /* photos: of hundreds, a pixel that changes half as much as others would be enough */
};

#define THRESHOLD 8.0      /* of the logarithm of the chance; ordinary pixels had 1.9 at most (docs/method.md) */
#define PHOTOS_FAR_OFF 1.5 /* as far off the ring as can be: one photo alone must not make a defect */

static uint32_t value_of(const hp_residual *r, const void *values, size_t at)
{
    return r->base.shape.camera.bits > 8 ? ((const uint16_t *)values)[at] : ((const uint8_t *)values)[at];
}

hp_unchanging hp_unchanging_prepare(const hp_residual *residual, double effective_share)
{
    const hp_photo_info *shape = &residual->base.shape;
    double n = (double)residual->base.photos, counted = fmin(effective_share * n, COUNTED_MOST);
    double noise = hp_noise_floor(shape);
    hp_unchanging u = {
        .residual = residual,
        .times = fmax(counted - 1, 0),
        .floor2 = noise * noise,
        .energy_least = PHOTOS_FAR_OFF * HP_Z_LIMIT * HP_Z_LIMIT * n / counted,
        .lowest = UINT32_MAX,
    };
    size_t pixels = (size_t)shape->camera.width * shape->camera.height;
    for (size_t at = 0; at < pixels; at++) {
        uint32_t low = value_of(residual, residual->sums.min, at), high = value_of(residual, residual->sums.max, at);
        u.lowest = low < u.lowest ? low : u.lowest;
        u.highest = high > u.highest ? high : u.highest;
    }
    return u;
}

void hp_unchanging_raise(const hp_unchanging *u, uint32_t y, float *scores)
{
    const hp_residual *r = u->residual;
    uint32_t width = r->base.shape.camera.width, height = r->base.shape.camera.height, reach = r->ring.reach;
    const uint32_t *s2 = r->sums.s2 + (size_t)y * width;
    if (y < reach || y >= height - reach)
        return;
    for (uint32_t x = reach; x < width - reach; x++) {
        size_t at = (size_t)y * width + x;
        if (s2[x] < u->energy_least || value_of(r, r->sums.min, at) <= u->lowest ||
            value_of(r, r->sums.max, at) >= u->highest)
            continue;
        hp_moments m = hp_pixel_moments(r, x, y);
        double ratio = (fmax(m.var_e, 0) + u->floor2) / (fmax(m.var_x, 0) + u->floor2);
        float score = (float)(u->times / 2 * log(ratio) / THRESHOLD);
        if (score > fabsf(scores[x]))
            scores[x] = r->sums.s1[at] < 0 ? -score : score;
    }
}
