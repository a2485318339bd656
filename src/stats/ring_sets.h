/*
 * The rings of a row of a mosaic, computed a whole row at a time: every set of offsets that occurs in the row is
 * applied to all its samples, and each sample keeps the result of its own. Strided columns would not vectorise; this
 * does.
 */
#ifndef HP_STATS_RING_SETS_H
#define HP_STATS_RING_SETS_H

#include "stats/ring.h"

typedef struct hp_ring_sets {
    unsigned count[HP_CFA_MOST];             /* different sets in rows y mod period = 0, 1, ... */
    uint8_t phase[HP_CFA_MOST][HP_CFA_MOST]; /* one phase that has the set */
    void *mask[HP_CFA_MOST][HP_CFA_MOST];    /* where in a row it holds: HP_CHUNK + HP_CFA_MOST samples */
    void *memory;
} hp_ring_sets;

/* For samples of 1 or 2 bytes. Fails with HP_E_MEMORY. */
int hp_ring_sets_create(const hp_ring *ring, unsigned sample_bytes, hp_ring_sets *sets, hp_error *err);
void hp_ring_sets_free(hp_ring_sets *sets);

/*
 * e and q (docs/method.md, "Ring") of at most HP_CHUNK samples of row y from column x on; of the sample's type. ring:
 * as the sets were created from it. Both may lie in the padding, as far as the ring stays in it.
 */
void hp_ring_sets_apply(const hp_ring_sets *sets, const hp_ring *ring, const hp_sample_kernels *kernels,
                        const hp_plane *plane, int32_t y, int32_t x, size_t count, void *e, void *q);

#endif
