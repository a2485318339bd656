/* Combinations of many frames (masters, stacks) among the frames of a camera (docs/formats.md, "Calibration frames").
 */
#ifndef HP_PHOTO_MASTERS_H
#define HP_PHOTO_MASTERS_H

#include "photo/source.h"

/*
 * Moves to set->skips, as harmless, combinations of which the detector's frames as they were taken are there, too: no
 * exposure, they show what their frames do, once more. Alone they stay. `set` is ordered by camera and stays so. Fails
 * with HP_E_MEMORY.
 */
int hp_masters_leave_out(hp_photo_set *set, hp_error *err);

#endif
