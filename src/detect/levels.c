#include "detect/levels.h"

enum {
    BYTE_VALUES = 256,
    DARKEST = 1000, /* one pixel in so many is darker at its darkest than what counts as without light */
};

/* A black level beyond this share of white is none: flats and bright skies have no dark place. Canon's is 1/8. */
#define DARK_MOST (1 / 6.0)

/* In which of 256 bins the value of this rank is; less the values in the bins before. */
static unsigned bin_of_rank(const size_t counts[BYTE_VALUES], size_t *rank)
{
    unsigned bin = 0;
    for (; bin < BYTE_VALUES - 1 && *rank >= counts[bin]; bin++)
        *rank -= counts[bin];
    return bin;
}

/* The value of this rank, 0-based: its upper byte first, then the lower. */
static unsigned value_of_rank(const uint16_t *values, size_t count, size_t rank)
{
    size_t upper[BYTE_VALUES] = {0}, lower[BYTE_VALUES] = {0};
    for (size_t i = 0; i < count; i++)
        upper[values[i] >> 8]++;
    unsigned high = bin_of_rank(upper, &rank);
    for (size_t i = 0; i < count; i++)
        if (values[i] >> 8 == high)
            lower[values[i] & 0xff]++;
    return high << 8 | bin_of_rank(lower, &rank);
}

double hp_levels_white(const hp_photo_info *shape)
{
    return (double)((UINT32_C(1) << shape->camera.bits) - 1);
}

hp_levels hp_levels_within(const hp_photo_info *shape, const uint16_t *least, size_t pixels, unsigned highest)
{
    hp_levels levels = {.white = hp_levels_white(shape)};
    if (hp_photo_tells_depth(shape))
        return levels;
    levels.white = highest;
    if (hp_photo_is_developed(shape) || pixels == 0)
        return levels;
    double dark = value_of_rank(least, pixels, pixels / DARKEST);
    levels.dark = dark < DARK_MOST * highest ? dark : 0;
    return levels;
}

hp_levels hp_levels_of(const hp_residual *r)
{
    const hp_photo_info *shape = &r->base.shape;
    size_t pixels = (size_t)shape->camera.width * shape->camera.height;
    unsigned highest = 0;
    if (hp_photo_tells_depth(shape))
        return hp_levels_within(shape, NULL, 0, 0);
    const uint16_t *least = r->sums.min, *most = r->sums.max;
    for (size_t i = 0; i < pixels; i++)
        highest = most[i] > highest ? most[i] : highest;
    return hp_levels_within(shape, least, pixels, highest);
}
