/* Pixels that hardly change while their ring does (docs/method.md, 3.4). */
#ifndef HP_DETECT_UNCHANGING_H
#define HP_DETECT_UNCHANGING_H

#include "stats/residual.h"

typedef struct hp_unchanging {
    const hp_residual *residual;
    double times;             /* different photos that count, less one */
    double floor2;            /* DN^2: added to both variances */
    uint32_t energy_least;    /* of S2 */
    uint32_t lowest, highest; /* samples of the whole frame, DN: where values are cut off they stay the same */
} hp_unchanging;

/* effective_share: n_eff/n. Reads the least and the largest value of every pixel. */
hp_unchanging hp_unchanging_prepare(const hp_residual *residual, double effective_share);

/*
 * Raises the scores of row y, width of them, where a pixel stands out more by hardly changing; not where the ring is
 * folded at the edge, and changes for reasons of its own.
 */
void hp_unchanging_raise(const hp_unchanging *unchanging, uint32_t y, float *scores);

#endif
