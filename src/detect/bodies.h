/* Photos of several camera bodies that name no serial: each body has bad pixels of its own (docs/method.md, 7). */
#ifndef HP_DETECT_BODIES_H
#define HP_DETECT_BODIES_H

#include "stats/rounds.h"

/*
 * Where most of the list's certain pixels come and go (hp_checks) and the photos name no serial, the photos, `count` of
 * the list's camera, are looked at once more. others[i] becomes 1 where photo i shows the bad pixels of another body
 * than most do, else 0; *found how many are. One call tells two bodies, or one from all others, apart. Fails with
 * HP_E_MEMORY, HP_E_STOPPED.
 */
int hp_bodies_find(hp_run *run, const hp_photo *photos, size_t count, const hp_list *list, unsigned *others,
                   size_t *found, hp_error *err);

#endif
