/* What a report shows of how bad pixels were found: gathered while the sums are still there. */
#ifndef HP_DETECT_EVIDENCE_H
#define HP_DETECT_EVIDENCE_H

#include "detect/marks.h"

/* Bytes that hp_evidence_create takes at most. */
uint64_t hp_evidence_bytes(const hp_photo_info *shape, unsigned threads);

/*
 * thresholds and factor as hp_marks_create has them; defects ordered by y, then x. Share and dates are left 0. Fails
 * with HP_E_MEMORY. Freed with hp_evidence_free, which hp_list_clear calls for a list's own.
 */
int hp_evidence_create(const hp_maps *maps, const float thresholds[HP_MAPS], float factor, const hp_defect *defects,
                       size_t count, hp_pool *pool, hp_evidence **evidence, hp_error *err);

#endif
