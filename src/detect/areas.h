/* Date stamps and borders: areas too large for a pixel (docs/method.md, 3.5). */
#ifndef HP_DETECT_AREAS_H
#define HP_DETECT_AREAS_H

#include "detect/marks.h"

/* Sets `overlay` on the marks of large areas; *overlays gets their number. Fails with HP_E_MEMORY. */
int hp_areas_find_overlays(hp_marks *marks, size_t *overlays, hp_error *err);

#endif
