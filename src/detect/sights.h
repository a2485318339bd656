/* Looks at every place of a list in every photo: decodes, on the pool, the rows around the defects and no more. */
#ifndef HP_DETECT_SIGHTS_H
#define HP_DETECT_SIGHTS_H

#include "detect/course.h"
#include "detect/dated.h"
#include "stats/rounds.h"

typedef struct hp_sights {
    hp_sight *items; /* of defect d in photo p: [d * photos + p] */
    bool developed;
} hp_sights;

/*
 * Photos that turn out damaged, or the same as another, are set aside: dated has the rest, and sights those alone.
 * Fails with HP_E_MEMORY, also where a photo a thread is beyond the run's limit, and HP_E_STOPPED. Freed with
 * hp_sights_free in any case.
 */
int hp_sights_take(hp_run *run, hp_dated *dated, const hp_list *list, hp_sights *sights, hp_error *err);
void hp_sights_free(hp_sights *sights);

#endif
