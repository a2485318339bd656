/* Medians of floating point values. */
#ifndef HP_DETECT_SELECT_H
#define HP_DETECT_SELECT_H

#include <stddef.h>

/* The value of 0-based rank floor((count - 1) / 2); reorders values; count > 0. */
float hp_lower_median(float *values, size_t count);

/* The same, and for an even count the mean of the two middle values. */
double hp_median(double *values, size_t count);

#endif
