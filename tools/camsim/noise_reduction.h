/* Noise reduction as a simple camera does it: what stands out little from its neighbours is pulled towards them. */
#ifndef CAMSIM_NOISE_REDUCTION_H
#define CAMSIM_NOISE_REDUCTION_H

#include "shot.h"

/* In levels of 8 bits: 3 at ISO 100, growing as the noise does with the root of the gain. */
float cs_noise_threshold(const cs_shot *shot);

/* The middle one of three rows, each with one readable pixel on either side: with m the median of the 3x3 pixels and
 * d = v - m, v becomes m + d d^2/(d^2 + threshold^2). What stands out much stays; of threshold itself half is left. */
void cs_reduce_noise(const float *const row[3], float threshold, int width, float *out);

#endif
