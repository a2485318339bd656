/* The energy map: pixels that jump both ways (docs/method.md, 3.1, "en"). */
#ifndef HP_DETECT_ENERGY_H
#define HP_DETECT_ENERGY_H

#include "stats/residual.h"

/* Row y of ln(S2/(256 n) + 0.02) less the median of the same over the ring; out has width values. */
void hp_energy_row(const hp_residual *residual, uint32_t y, float *out);

#endif
