/* The photos of one camera: scanned, and scanned again without those that do not go with the others. */
#ifndef HP_DETECT_SCAN_GROUP_H
#define HP_DETECT_SCAN_GROUP_H

#include "stats/rounds.h"

typedef struct hp_scan_work {
    hp_run *run;
    hp_similar similar;
    hp_keeper keeper; /* of the state given, or of the camera in work */
    bool keeps;
} hp_scan_work;

/*
 * Fills the list of `count` photos of one camera, ordered by path. The last *others of them, by path again, are left:
 * they show the bad pixels of other bodies, and wait to be scanned alike. Turned and resized ones are among the
 * skipped. In a team all call it, and the leader has the list. Fails as hp_accumulate does.
 */
int hp_scan_group(hp_scan_work *work, hp_photo *photos, size_t count, hp_list *list, size_t *others, hp_error *err);

/* Makes the list one of photos that are all skipped, for one reason that they share. Fails with HP_E_MEMORY. */
int hp_scan_skip_group(const hp_photo *photos, size_t count, const char *reason, hp_list *list, hp_error *err);

#endif
