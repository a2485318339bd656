#include "stats/noise.h"

#include <math.h>
#include <stdlib.h>

enum {
    SIGMA_EVERY = 16,        /* rows: the subsample for sigma */
    SIGMA_EVERY_MOSAIC = 17, /* so that every row of the CFA has its share */
    SIGMA_FIRST = 8,
    COUNTERS = 4, /* of a level */
};

/* |x - e| */
static void differences(const void *x, const void *e, size_t count, unsigned sample_bytes, uint16_t *out)
{
    const uint8_t *x8 = x, *e8 = e;
    const uint16_t *x16 = x, *e16 = e;
    if (sample_bytes == 1)
        for (size_t i = 0; i < count; i++)
            out[i] = (uint16_t)abs(x8[i] - e8[i]);
    else
        for (size_t i = 0; i < count; i++)
            out[i] = (uint16_t)abs(x16[i] - e16[i]);
}

/* Of one level, counted in turn: most differences are of a few levels, and one counter would wait for itself. */
typedef uint32_t counters[COUNTERS];

static void count_differences(const hp_ring_sets *sets, const hp_ring *ring, const hp_sample_kernels *kernels,
                              const hp_plane *plane, uint32_t y, counters *histogram)
{
    uint16_t e[HP_CHUNK], q[HP_CHUNK], d[HP_CHUNK];
    const char *row = hp_plane_row(plane, y);
    for (uint32_t x = 0; x < plane->width; x += HP_CHUNK) {
        size_t count = plane->width - x < HP_CHUNK ? plane->width - x : HP_CHUNK;
        hp_ring_sets_apply(sets, ring, kernels, plane, y, x, count, e, q);
        differences(row + x * plane->sample_bytes, e, count, plane->sample_bytes, d);
        for (size_t i = 0; i < count; i++)
            histogram[d[i]][i % COUNTERS]++;
    }
}

static uint64_t sum(const counters *of_level)
{
    uint64_t all = 0;
    for (size_t i = 0; i < COUNTERS; i++)
        all += (*of_level)[i];
    return all;
}

static uint32_t lower_median(const counters *histogram, uint32_t levels)
{
    uint64_t total = 0, seen = 0;
    for (uint32_t level = 0; level < levels; level++)
        total += sum(&histogram[level]);
    uint32_t median = 0;
    while (2 * (seen += sum(&histogram[median])) < total)
        median++;
    return median;
}

/* Constants of docs/method.md in DN of a photo: the least sigma, and the factor of its weights. */
typedef struct depth {
    double floor_dn, k;
} depth;

/*
 * They are given for 8 bits, and for the 12 bits of a sensor. How much of 16 bits a TIFF, PNG or FITS uses is not
 * known: there the noise counts as of 12 bits at most.
 */
static depth depth_of(const hp_photo_info *shape)
{
    int bits = (int)shape->camera.bits;
    bool eight = bits <= 8 || hp_photo_is_developed(shape);
    double scale = bits <= 8 ? 1 : ldexp(1, bits - (eight ? 8 : 12));
    if (!eight && shape->camera.source != HP_SOURCE_RAW && scale > 1)
        scale = 1;
    return (depth){(eight ? 1 : 2) * scale, (eight ? 16 : 128) * scale};
}

double hp_noise_floor(const hp_photo_info *shape)
{
    return depth_of(shape).floor_dn;
}

float hp_noise_of(const hp_photo_info *shape, const hp_ring_sets *sets, const hp_ring *ring,
                  const hp_sample_kernels *kernels, const hp_plane *plane)
{
    uint32_t levels = plane->sample_bytes == 1 ? 1u << 8 : 1u << 16;
    counters *histogram = calloc(levels, sizeof *histogram);
    double floor_dn = depth_of(shape).floor_dn;
    uint32_t every = ring->height > 1 ? SIGMA_EVERY_MOSAIC : SIGMA_EVERY;
    if (!histogram)
        return 0;
    for (uint32_t y = SIGMA_FIRST; y < plane->height; y += every)
        count_differences(sets, ring, kernels, plane, y, histogram);
    float sigma = 1.4826f * (float)lower_median((const counters *)histogram, levels);
    free(histogram);
    return sigma > (float)floor_dn ? sigma : (float)floor_dn;
}

static int16_t weight(double value)
{
    double rounded = round(value);
    return (int16_t)(rounded < 1 ? 1 : rounded > HP_WEIGHT_MOST ? HP_WEIGHT_MOST : rounded);
}

void hp_noise_weights(const hp_photo_info *info, float sigma, int16_t *wt, int16_t *wg)
{
    double k = depth_of(info).k;
    double gain = info->gain > 0 ? info->gain : 1, exposure_s = info->exposure_s > 0 ? info->exposure_s : 1.0 / 60;
    *wt = weight(k * gain * sqrt(60 * exposure_s) / (double)sigma);
    *wg = weight(k * gain / (double)sigma);
}
