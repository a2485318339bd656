#include "detect/unchanging.h"

#include "detect/marks.h"

#include <math.h>

enum {
    COUNTED_MOST = 10, /* photos: of hundreds, a pixel that changes half as much as others would be enough */
};

#define SPREAD 2.5         /* sqrt(2 pi): the width of an even distribution as dense as the normal one's middle */
#define THRESHOLD 20.0     /* of the logarithm of the chance; ordinary pixels had 16.4 at most (docs/method.md) */
#define PHOTOS_FAR_OFF 1.5 /* as far off the ring as can be: one photo alone must not make a defect */

static uint32_t value_of(const hp_residual *r, const void *values, size_t at)
{
    return r->base.shape.camera.bits > 8 ? ((const uint16_t *)values)[at] : ((const uint8_t *)values)[at];
}

hp_unchanging hp_unchanging_prepare(const hp_residual *residual, double effective_share)
{
    const hp_photo_info *shape = &residual->base.shape;
    double different = effective_share * (double)residual->base.photos;
    hp_unchanging u = {.residual = residual, .lowest = UINT32_MAX};
    if (hp_photo_is_developed(shape) || different <= 1)
        return u;
    u.times = fmin(different, COUNTED_MOST) - 1;
    u.level = fmax(hp_noise_floor(shape) / 2, 1);
    u.share_most = SPREAD * SPREAD * exp(-2 * (double)HP_MARK_LEAST * THRESHOLD / u.times);
    u.energy_least = PHOTOS_FAR_OFF * HP_Z_LIMIT * HP_Z_LIMIT / effective_share;
    size_t pixels = (size_t)shape->camera.width * shape->camera.height;
    for (size_t at = 0; at < pixels; at++) {
        uint32_t low = value_of(residual, residual->sums.min, at), high = value_of(residual, residual->sums.max, at);
        u.lowest = low < u.lowest ? low : u.lowest;
        u.highest = high > u.highest ? high : u.highest;
    }
    return u;
}

static double ring_variance(const hp_residual *r, size_t at)
{
    double n = (double)r->base.photos, mean = r->sums.se[at] / n;
    double squares = r->base.shape.camera.bits > 8 ? (double)((const uint64_t *)r->sums.see)[at]
                                                   : (double)((const uint32_t *)r->sums.see)[at];
    return squares / n - mean * mean;
}

void hp_unchanging_raise(const hp_unchanging *u, uint32_t y, float *scores)
{
    const hp_residual *r = u->residual;
    uint32_t width = r->base.shape.camera.width;
    for (uint32_t x = 0; x < width && u->times > 0; x++) {
        size_t at = (size_t)y * width + x;
        uint32_t low = value_of(r, r->sums.min, at), high = value_of(r, r->sums.max, at);
        double range = high - low + u->level, variance = ring_variance(r, at);
        if (range * range >= u->share_most * variance || low <= u->lowest || high >= u->highest ||
            r->sums.s2[at] < u->energy_least)
            continue;
        float score = (float)(u->times * log(SPREAD * sqrt(variance) / range) / THRESHOLD);
        if (score > fabsf(scores[x]))
            scores[x] = r->sums.s1[at] < 0 ? -score : score;
    }
}
