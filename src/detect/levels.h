/* Between which levels the samples of a set lie, without light and at the most (docs/method.md, 3.8). */
#ifndef HP_DETECT_LEVELS_H
#define HP_DETECT_LEVELS_H

#include "stats/residual.h"

typedef struct hp_levels {
    double dark;  /* DN: black, where the photos do not tell it and the set has dark places; else 0 */
    double white; /* DN */
} hp_levels;

/* The largest sample of its depth, DN. */
double hp_levels_white(const hp_photo_info *shape);

/*
 * By the depth, but of TIFF, PNG and FITS of more than 8 bits, which may hold 12 in 16, by the least and the largest
 * samples of all photos.
 */
hp_levels hp_levels_of(const hp_residual *residual);

/* The same from the least samples of some pixels and the largest of all. */
hp_levels hp_levels_within(const hp_photo_info *shape, const uint16_t *least, size_t pixels, unsigned highest);

#endif
