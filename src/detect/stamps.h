/* Date stamps whose digits change: strokes that the mean picture keeps in pieces (docs/method.md, 3.7). */
#ifndef HP_DETECT_STAMPS_H
#define HP_DETECT_STAMPS_H

#include "detect/peaks.h"

/*
 * Takes the peaks of a stamp, soft ones too, out of those of a developed picture. *areas, of overlays, becomes 1 where
 * a stamp is found and there was none. Fails with HP_E_MEMORY.
 */
int hp_stamps_drop(const hp_residual *residual, const hp_marks *marks, hp_peaks *peaks, size_t *areas, hp_error *err);

#endif
