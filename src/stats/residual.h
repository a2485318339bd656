/* The accumulator of `hotpix scan`: how every pixel stands against its ring (docs/method.md, 2). */
#ifndef HP_STATS_RESIDUAL_H
#define HP_STATS_RESIDUAL_H

#include "stats/accumulator.h"
#include "stats/ring_sets.h"

typedef struct hp_residual {
    hp_accumulator base;
    hp_ring ring;
    hp_ring_sets ring_sets;
    hp_sums sums;        /* whole frame, row by row, width samples a row */
    void *memory;        /* one block that holds them all */
    uint64_t photos_odd; /* photos in S1h */
    uint64_t sum_wt2, sum_wg2;
    int16_t most_wt, most_wg;         /* of one photo */
    uint64_t sum_black[HP_CFA_SITES]; /* of the black levels of the photos, DN, by site of the CFA */
} hp_residual;

extern const hp_accumulator_kind hp_residual_kind;

/* The add_rows of the kind. */
void hp_residual_add_rows(hp_accumulator *accumulator, const hp_shot *const *shots, size_t count, uint32_t top,
                          uint32_t bottom);

#endif
