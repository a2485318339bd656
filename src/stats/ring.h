/* Which eight neighbours a pixel is compared with (docs/method.md, "Ring"). */
#ifndef HP_STATS_RING_H
#define HP_STATS_RING_H

#include "photo/photo.h"
#include "stats/kernels.h"

/* Offsets of the ring for each phase of the CFA: phase (x mod width, y mod height) stands at [y * width + x]. */
typedef struct hp_ring {
    unsigned width, height; /* period, px */
    int8_t dx[HP_CFA_MOST * HP_CFA_MOST][HP_RING];
    int8_t dy[HP_CFA_MOST * HP_CFA_MOST][HP_RING];
    bool is_wide[HP_CFA_MOST * HP_CFA_MOST]; /* its colour is rarer, so that its ring lies farther out than others */
    uint32_t reach;                          /* largest |dx| or |dy|, px: the padding that a plane needs */
    uint32_t step;                           /* how far inside a sample beyond the edge is taken from, px */
} hp_ring;

/*
 * JPEG: distance 2 in both axes. No mosaic: distance 1. A CFA: the eight nearest of the same colour.
 * Fails with HP_E_UNSUPPORTED for a CFA with fewer than eight such within its reach.
 */
int hp_ring_of(const hp_photo_info *info, hp_ring *ring, hp_error *err);

/* The offsets of one phase in samples of a plane with this stride. */
void hp_ring_offsets(const hp_ring *ring, unsigned phase, size_t stride, ptrdiff_t offsets[HP_RING]);

#endif
