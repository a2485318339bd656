/* The photos of one camera that have a date, in its order. */
#ifndef HP_DETECT_DATED_H
#define HP_DETECT_DATED_H

#include "defects/list.h"
#include "photo/source.h"

typedef struct hp_dated {
    const hp_photo **photos; /* by taken_s, then path; they belong to the set */
    size_t count;
    hp_skips set_aside; /* the camera's other photos, and why */
} hp_dated;

/*
 * Those of the set that may be of the camera of list `index` and of none closer to another list, with its frame and
 * source where it has one; it learns its names from them. A date before 1990 or later than tomorrow is none: the clock
 * of a camera that lost it begins anew. Fails with HP_E_MEMORY, and with HP_E_INPUT where they are of several cameras
 * and it does not say which it is. *dated is to be freed in any case.
 */
int hp_dated_choose(const hp_photo_set *set, hp_list *lists, size_t count, size_t index, hp_dated *dated,
                    hp_error *err);
void hp_dated_free(hp_dated *dated);

/* Photos of the set that none of these lists is for. */
size_t hp_dated_others(const hp_photo_set *set, const hp_list *lists, size_t count);

/* Takes photo `index` out, with the reason. */
int hp_dated_set_aside(hp_dated *dated, size_t index, const char *reason, bool harmless, hp_error *err);

#endif
