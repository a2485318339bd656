/* Where the tail of each map ends (docs/method.md, 3.3). */
#ifndef HP_DETECT_THRESHOLD_H
#define HP_DETECT_THRESHOLD_H

#include "detect/maps.h"

/* Bytes that hp_thresholds takes while it runs. */
uint64_t hp_threshold_bytes(const hp_photo_info *shape, unsigned threads);

/* The threshold of each map, in normalised units. dark: all photos are darks. Fails with HP_E_MEMORY. */
int hp_thresholds(const hp_maps *maps, bool dark, hp_pool *pool, float thresholds[HP_MAPS], hp_error *err);

#endif
