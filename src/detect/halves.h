/* What stands out in one half of the photos, looked at in the other (docs/method.md, 4). */
#ifndef HP_DETECT_HALVES_H
#define HP_DETECT_HALVES_H

#include "detect/marks.h"

/*
 * Fills kept_share and kept_count of the checks, of which `pixels` is known; threshold: of the z map. Fails with
 * HP_E_MEMORY.
 */
int hp_halves_compare(const hp_maps *maps, const hp_marks *marks, double threshold, hp_pool *pool, hp_checks *checks,
                      hp_error *err);

#endif
