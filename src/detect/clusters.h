/* Bad pixels that touch, in a sensor's own samples, are one defect (docs/method.md, 3.13). */
#ifndef HP_DETECT_CLUSTERS_H
#define HP_DETECT_CLUSTERS_H

#include "detect/peaks.h"

/*
 * leaders[i] becomes the index of the strongest peak that peak i touches by way of others of its sign: i itself where
 * it stands alone. Of developed pictures each stands alone. Fails with HP_E_MEMORY.
 */
int hp_clusters_find(const hp_residual *residual, const hp_peaks *peaks, size_t *leaders, hp_error *err);

/* The smallest box that holds both. */
hp_box hp_box_around(hp_box a, hp_box b);

#endif
