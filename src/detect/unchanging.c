#include "detect/unchanging.h"

#include "detect/pixel.h"
#include "stats/noise.h"

#include <math.h>

enum {
    COUNTED_MOST = 10, /* photos: of hundreds, a pixel that changes half as much as others would be enough */
    CHUNK = 64,        /* px that are passed over in one go */
};

#define THRESHOLD 8.0      /* of the logarithm of the chance; ordinary pixels had 1.9 at most (docs/method.md) */
#define PHOTOS_FAR_OFF 1.5 /* as far off the ring as can be: one photo alone must not make a defect */

static uint32_t value_of(const hp_residual *r, const void *values, size_t at)
{
    return r->base.shape.camera.bits > 8 ? ((const uint16_t *)values)[at] : ((const uint8_t *)values)[at];
}

/* Alike for both types of samples. */
#define FIND_LIMITS(type)                                                                                              \
    do {                                                                                                               \
        const type *least = sums->min, *most = sums->max;                                                              \
        type lowest = (type)-1, highest = 0;                                                                           \
        for (size_t at = 0; at < pixels; at++) {                                                                       \
            lowest = least[at] < lowest ? least[at] : lowest;                                                          \
            highest = most[at] > highest ? most[at] : highest;                                                         \
        }                                                                                                              \
        u->lowest = lowest;                                                                                            \
        u->highest = highest;                                                                                          \
    } while (0)

static void find_limits(hp_unchanging *u)
{
    const hp_camera *camera = &u->residual->base.shape.camera;
    const hp_sums *sums = &u->residual->sums;
    size_t pixels = (size_t)camera->width * camera->height;
    if (camera->bits > 8)
        FIND_LIMITS(uint16_t);
    else
        FIND_LIMITS(uint8_t);
}

hp_unchanging hp_unchanging_prepare(const hp_residual *residual, double effective_share)
{
    double n = (double)residual->base.photos, counted = fmin(effective_share * n, COUNTED_MOST);
    double noise = hp_noise_floor(&residual->base.shape),
           energy = PHOTOS_FAR_OFF * HP_Z_LIMIT * HP_Z_LIMIT * n / counted;
    hp_unchanging u = {
        .residual = residual,
        .times = fmax(counted - 1, 0),
        .floor2 = noise * noise,
        .energy_least = (uint32_t)fmin(ceil(energy), UINT32_MAX),
    };
    find_limits(&u);
    return u;
}

static void raise_pixel(const hp_unchanging *u, uint32_t x, uint32_t y, float *score)
{
    const hp_residual *r = u->residual;
    size_t at = (size_t)y * r->base.shape.camera.width + x;
    if (value_of(r, r->sums.min, at) <= u->lowest || value_of(r, r->sums.max, at) >= u->highest)
        return;
    hp_moments m = hp_pixel_moments(r, x, y);
    double ratio = (fmax(m.var_e, 0) + u->floor2) / (fmax(m.var_x, 0) + u->floor2);
    float raised = (float)(u->times / 2 * log(ratio) / THRESHOLD);
    if (raised > fabsf(*score))
        *score = r->sums.s1[at] < 0 ? -raised : raised;
}

static bool any_from(const uint32_t *values, uint32_t count, uint32_t least)
{
    int any = 0;
    for (uint32_t i = 0; i < count; i++)
        any |= values[i] >= least;
    return any;
}

void hp_unchanging_raise(const hp_unchanging *u, uint32_t y, float *scores)
{
    const hp_residual *r = u->residual;
    uint32_t width = r->base.shape.camera.width, height = r->base.shape.camera.height, reach = r->ring.reach;
    const uint32_t *s2 = r->sums.s2 + (size_t)y * width;
    if (y < reach || y >= height - reach)
        return;
    for (uint32_t x = reach, end = width - reach; x < end; x += CHUNK) {
        uint32_t count = end - x < CHUNK ? end - x : CHUNK;
        if (!any_from(s2 + x, count, u->energy_least))
            continue;
        for (uint32_t i = x; i < x + count; i++)
            if (s2[i] >= u->energy_least)
                raise_pixel(u, i, y, &scores[i]);
    }
}
