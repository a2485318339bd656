/* Medians of floating point values. */
#ifndef HP_DETECT_SELECT_H
#define HP_DETECT_SELECT_H

#include <stddef.h>

/*
 * The value of 0-based rank floor((count - 1) / 2), where differences below 1e-35 make none; scratch has room for
 * count + 1; count > 0; no NaN, and none beyond 1e38.
 */
float hp_lower_median(const float *values, size_t count, float *scratch);

/* For an even count the mean of the two middle values; sorts values; count > 0. */
double hp_median(double *values, size_t count);

#endif
