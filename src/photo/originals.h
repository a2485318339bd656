/* Photos that were repaired in place, and the originals kept beside them (docs/repair.md). */
#ifndef HP_PHOTO_ORIGINALS_H
#define HP_PHOTO_ORIGINALS_H

#include "photo/source.h"

/* What is behind the name of the original. */
#define HP_ORIGINAL ".orig"

/*
 * Where both are in the set, whose order stays, only one stays: the original, or, to be
 * repaired again, the repaired one. Fails with HP_E_MEMORY.
 */
int hp_originals_keep_one(hp_photo_set *set, bool to_repair, hp_error *err);

#endif
