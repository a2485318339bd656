/* The noise of a photo, and what the photo counts by it (docs/method.md, "Noise of a photo" and "Weights"). */
#ifndef HP_STATS_NOISE_H
#define HP_STATS_NOISE_H

#include "stats/ring_sets.h"

enum { HP_WEIGHT_MOST = 255 };

/* The least sigma of a photo, DN. */
double hp_noise_floor(const hp_photo_info *shape);

/* sigma of a padded plane, DN, and the noise by its light. False where there is no memory to measure them. */
bool hp_noise_measure(const hp_photo_info *shape, const hp_ring_sets *sets, const hp_ring *ring,
                      const hp_sample_kernels *kernels, const hp_plane *plane, float *sigma, hp_noise *noise);

/* The weights of a photo of this noise, 1 to HP_WEIGHT_MOST. */
void hp_noise_weights(const hp_photo_info *info, float sigma, int16_t *wt, int16_t *wg);

#endif
