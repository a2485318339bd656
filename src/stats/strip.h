/*
 * A strip of a photo of a sensor's own samples, looked at row after row: z of a pixel needs to know how far those
 * beside it are from their rings (docs/method.md, "z"), so the row above and the one below are kept at hand.
 */
#ifndef HP_STATS_STRIP_H
#define HP_STATS_STRIP_H

#include "stats/ring_sets.h"

enum {
    HP_STRIP = 512,  /* samples of a row at most: strips of a round's photos stay in the second level cache */
    HP_STRIP_PAD = 1 /* px more on each side */
};

/* Three rows, row y at y mod 3, from one sample left of the strip on. */
typedef struct hp_strip {
    uint16_t e[3][HP_STRIP + 2 * HP_STRIP_PAD], q[3][HP_STRIP + 2 * HP_STRIP_PAD]; /* of the sample's type */
    float squares[3][HP_STRIP + 2 * HP_STRIP_PAD];
} hp_strip;

/* Looks at row y of `count` samples from column x on; y is -1 to the frame's height. */
void hp_strip_look(hp_strip *strip, const hp_ring_sets *sets, const hp_ring *ring, const hp_sample_kernels *kernels,
                   const hp_plane *plane, int32_t y, uint32_t x, size_t count);

/* e of row y at the strip's first sample. */
const void *hp_strip_e(const hp_strip *strip, const hp_plane *plane, uint32_t y);

/* z of row y, once the rows y - 1, y and y + 1 were looked at. */
void hp_strip_z(const hp_strip *strip, const hp_sample_kernels *kernels, const hp_plane *plane, const hp_noise *noise,
                uint32_t y, uint32_t x, size_t count, int8_t *z);

#endif
