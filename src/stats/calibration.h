/* Photos that show no scene: darks, bias and flats. Likeness says nothing about them (docs/method.md, "Calibration
 * frames"). */
#ifndef HP_STATS_CALIBRATION_H
#define HP_STATS_CALIBRATION_H

#include "stats/shot.h"

/*
 * What the photo calls itself; else a dark when it is plainly dark, a flat when it is as bright all over; else a light.
 * Its plane must be decoded and its thumbnail made.
 */
hp_frame_kind hp_shot_frame(const hp_shot *shot);

#endif
