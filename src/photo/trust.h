/* What a worker says of a photo, checked: the photo may have taken the worker over. */
#ifndef HP_PHOTO_TRUST_H
#define HP_PHOTO_TRUST_H

#include "photo/photo.h"

/* Whether the info is one that a format could have filled: else HP_E_INPUT. Texts are ended in any case. */
int hp_photo_info_check(hp_photo_info *info, hp_error *err);

#endif
