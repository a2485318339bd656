/* From what is known of one camera to its public list of bad pixels. */
#ifndef HP_DETECT_FINDINGS_H
#define HP_DETECT_FINDINGS_H

#include "stats/rounds.h"

/*
 * Detects and fills the list: camera, defects, warnings, photos; what is in the set's skips moves there. A set without
 * any photo gives a list without defects. Fails with HP_E_MEMORY, HP_E_STOPPED; the list is to be cleared in any case.
 */
int hp_findings(hp_run *run, hp_accumulation *set, hp_list *list, hp_error *err);

/* Warns where lists are of one camera, as raw files and as JPEG. Fails with HP_E_MEMORY. */
int hp_findings_tell_pairs(hp_result *result, hp_error *err);

#endif
