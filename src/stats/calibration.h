/* Photos that show no scene: darks, bias and flats. Likeness says nothing about them (docs/method.md, "Calibration
 * frames"). */
#ifndef HP_STATS_CALIBRATION_H
#define HP_STATS_CALIBRATION_H

#include "stats/shot.h"

/*
 * Whether the photo calls itself such a frame, is plainly dark, or has the same brightness all over. Its plane must be
 * decoded and its thumbnail made.
 */
bool hp_shot_is_calibration(const hp_shot *shot);

#endif
