/* Whether detections are real, told without any truth (docs/method.md, 4). */
#ifndef HP_DETECT_CHECKS_H
#define HP_DETECT_CHECKS_H

#include "detect/marks.h"

/* Of the pixels and clusters among the defects; threshold: of the z map. Fails with HP_E_MEMORY. */
int hp_checks_make(const hp_maps *maps, const hp_marks *marks, double threshold, const hp_defect *defects, size_t count,
                   hp_pool *pool, hp_checks *checks, hp_error *err);

#endif
