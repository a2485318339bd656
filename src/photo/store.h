/* Stored samples of any type into a plane. */
#ifndef HP_PHOTO_STORE_H
#define HP_PHOTO_STORE_H

#include "photo/holes.h"
#include "photo/scale.h"

/*
 * Writes `count` pixels into the plane from (x, y) on: its channels, or their luma (Rec. 601, as libjpeg's) where the
 * plane has one and the file three. Notes pixels without a value. Fails with HP_E_MEMORY.
 */
int hp_store(const hp_stored *pixels, const hp_photo_info *info, hp_plane *plane, uint32_t x, uint32_t y,
             uint32_t count, hp_holes *holes, hp_error *err);

#endif
