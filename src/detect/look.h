/* Where the defects of a list are looked at: a pixel in one place, a line in several. */
#ifndef HP_DETECT_LOOK_H
#define HP_DETECT_LOOK_H

#include "detect/trace.h"

enum { HP_PLACES_MOST = 16 }; /* of one defect */

/* The rows of a frame of this height that hp_defect_look reads, HP_PLACES_MOST at most; returns how many. */
size_t hp_defect_rows(const hp_defect *defect, const hp_ring *ring, uint32_t height, hp_rows *rows);

/* What a defect shows in a plane of which those rows are there. */
hp_sight hp_defect_look(const hp_defect *defect, const hp_plane *plane, const hp_photo_info *info, const hp_ring *ring);

#endif
