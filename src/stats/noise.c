#include "stats/noise.h"

#include <math.h>
#include <stdlib.h>

enum {
    SIGMA_EVERY = 16,        /* rows: the subsample for sigma */
    SIGMA_EVERY_MOSAIC = 17, /* so that every row of the CFA has its share */
    SIGMA_FIRST = 8,
    COUNTERS = 4,      /* of a level */
    BLACK_SHARE = 256, /* black that is not told: one in so many samples is not above it */
    LIGHT_LEAST = 4,   /* sigma: the median light that makes noise */
    DARK_SHARE = 16    /* of the variance: what is there without light, at least */
};

#define RESPONSE 0.02 /* by which good pixels may differ, and more: as it is in all photos, it counts the more */

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

typedef struct tally {
    counters *differences, *levels; /* |x - e|, and e: NULL where it is not asked for */
    uint32_t count;                 /* of levels that a sample can have */
} tally;

static void count_row(const hp_ring_sets *sets, const hp_ring *ring, const hp_sample_kernels *kernels,
                      const hp_plane *plane, uint32_t y, tally *t)
{
    uint16_t e[HP_CHUNK], q[HP_CHUNK], d[HP_CHUNK];
    for (uint32_t x = 0; x < plane->width; x += HP_CHUNK) {
        size_t count = plane->width - x < HP_CHUNK ? plane->width - x : HP_CHUNK;
        hp_ring_sets_apply(sets, ring, kernels, plane, (int32_t)y, (int32_t)x, count, e, q);
        differences(hp_plane_sample(plane, (int32_t)y, (int32_t)x), e, count, plane->sample_bytes, d);
        for (size_t i = 0; i < count; i++)
            t->differences[d[i]][i % COUNTERS]++;
        for (size_t i = 0; t->levels && i < count; i++)
            t->levels[plane->sample_bytes == 1 ? ((const uint8_t *)e)[i] : e[i]][i % COUNTERS]++;
    }
}

static uint64_t sum(counters *of_level)
{
    uint64_t all = 0;
    for (size_t i = 0; i < COUNTERS; i++)
        all += (*of_level)[i];
    return all;
}

/* The least level that one in `share` is not above; of 2, the lower median. */
static uint32_t quantile(counters *histogram, uint32_t levels, unsigned share)
{
    uint64_t total = 0, seen = 0;
    for (uint32_t level = 0; level < levels; level++)
        total += sum(&histogram[level]);
    uint32_t found = 0;
    while (share * (seen += sum(&histogram[found])) < total)
        found++;
    return found;
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

/* The mean black of the sites of the CFA; where it is not told, a level that hardly any sample is below. */
static uint32_t black_of(const hp_ring *ring, const hp_plane *plane, const tally *t)
{
    unsigned sites = ring->width * ring->height;
    uint32_t sum = 0;
    for (unsigned site = 0; site < sites; site++)
        sum += plane->black[site];
    return sum ? (sum + sites / 2) / sites : quantile(t->levels, t->count, BLACK_SHARE);
}

/* A photo with next to no light tells nothing of the noise by light. */
static hp_noise by_light(float sigma, double floor_dn, uint32_t black, uint32_t median)
{
    double variance = (double)sigma * (double)sigma, light = median > black ? median - black : 0;
    if (light < LIGHT_LEAST * (double)sigma)
        return (hp_noise){(float)variance, 0, 0, (int32_t)black};
    double dark = variance / DARK_SHARE > floor_dn * floor_dn ? variance / DARK_SHARE : floor_dn * floor_dn;
    return (hp_noise){(float)dark, (float)((variance - dark) / light), (float)(RESPONSE * RESPONSE), (int32_t)black};
}

bool hp_noise_measure(const hp_photo_info *shape, const hp_ring_sets *sets, const hp_ring *ring,
                      const hp_sample_kernels *kernels, const hp_plane *plane, float *sigma, hp_noise *noise)
{
    uint32_t levels = plane->sample_bytes == 1 ? 1u << 8 : 1u << 16;
    counters *memory = calloc(2 * (size_t)levels, sizeof *memory);
    if (!memory)
        return false;
    bool developed = hp_photo_is_developed(shape);
    tally t = {memory, developed ? NULL : memory + levels, levels};
    double floor_dn = depth_of(shape).floor_dn;
    uint32_t every = ring->height > 1 ? SIGMA_EVERY_MOSAIC : SIGMA_EVERY;
    for (uint32_t y = SIGMA_FIRST; y < plane->height; y += every)
        count_row(sets, ring, kernels, plane, y, &t);
    float measured = 1.4826f * (float)quantile(t.differences, levels, 2);
    *sigma = measured > (float)floor_dn ? measured : (float)floor_dn;
    if (!developed)
        *noise = by_light(*sigma, floor_dn, black_of(ring, plane, &t), quantile(t.levels, levels, 2));
    free(memory);
    return true;
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
