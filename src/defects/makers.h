/* Defects of several cameras, in whatever order, become a list for each camera. */
#ifndef HP_DEFECTS_MAKERS_H
#define HP_DEFECTS_MAKERS_H

#include "defects/reading.h"

/* All zero is empty. */
typedef struct hp_makers {
    hp_list_maker *items;
    size_t count;
    size_t capacity;
} hp_makers;

/* Fails with HP_E_MEMORY, with HP_E_INPUT where there are too many cameras or defects. */
int hp_makers_add(hp_makers *makers, const hp_camera *camera, const hp_defect *defect, hp_error *err);

/*
 * Adds the lists to what is read. Those that do not fit what is asked for are left out; where none does, it fails as
 * the first. No defect at all is a list without any, of whatever camera. Fails as hp_reading_settle and hp_reading_add
 * do.
 */
int hp_makers_give(hp_makers *makers, hp_reading *reading, hp_error *err);
void hp_makers_free(hp_makers *makers);

#endif
