/* Photos that a program turned: their bad pixels lie in other places (docs/method.md, 6). */
#ifndef HP_DETECT_TURNED_H
#define HP_DETECT_TURNED_H

#include "stats/rounds.h"

/*
 * Looks whether bad pixels of the list stand where others come to lie when a photo is turned by 180 degrees, in square
 * frames also by 90 and 270; only then are the photos, `count` of the list's camera, looked at once more. turned[i]
 * becomes by how many degrees photo i is turned against most others, 0 for these; *found how many are. Fails with
 * HP_E_MEMORY, HP_E_STOPPED.
 */
int hp_turned_find(hp_run *run, const hp_photo *photos, size_t count, const hp_list *list, unsigned *turned,
                   size_t *found, hp_error *err);

/* Warns where a camera's upright photos have the bad pixels of its others, turned. Fails with HP_E_MEMORY. */
int hp_turned_tell(hp_result *result, hp_error *err);

#endif
