/* Files that a result must not take the place of, whatever --force says: they cannot be made again. */
#ifndef HP_PHOTO_SPARED_H
#define HP_PHOTO_SPARED_H

#include "hotpix.h"

/* Fails with HP_E_IO where the target is there and is a photo or a state, as its first bytes tell. */
int hp_spare(const char *target, hp_error *err);

#endif
