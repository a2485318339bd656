/* What compression makes of a small change in a block of a JPEG (docs/method.md, 5). */
#ifndef HP_DETECT_JPEG_BLOCK_H
#define HP_DETECT_JPEG_BLOCK_H

#include <stdint.h>

/*
 * Adds `extra` to the samples of a block as they were decoded, both row by row, as if it had been there before the
 * block was rounded to `steps`. What the rounding took away is not known: it is drawn, alike for a seed.
 */
void hp_jpeg_block_add(double samples[64], const double extra[64], const uint16_t steps[64], uint64_t seed);

#endif
