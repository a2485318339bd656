/* Soft dark spots, such as dust on the sensor: no bad pixels, listed apart (docs/method.md, 3.7). */
#ifndef HP_DETECT_DUST_H
#define HP_DETECT_DUST_H

#include "detect/peaks.h"

/* The dark ones among the soft peaks, one a spot, by y, then x; the caller frees *dust. Fails with HP_E_MEMORY. */
int hp_dust_find(const hp_residual *residual, const hp_peaks *peaks, hp_dust **dust, size_t *count, hp_error *err);

#endif
