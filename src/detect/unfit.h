/* Photos that do not go with the others of their camera: resized, edited, turned (docs/method.md, 6). */
#ifndef HP_DETECT_UNFIT_H
#define HP_DETECT_UNFIT_H

#include "photo/source.h"

/* Puts the photos with a mark that is not 0 last, marks with them; the others keep their order. Returns how many. */
size_t hp_unfit_set_last(hp_photo *photos, unsigned *marks, size_t count);

/*
 * Marks the photos that EXIF says the camera took in another size, unless most of them are such: they lie where the
 * others' bad pixels do not. Returns how many are left.
 */
size_t hp_unfit_mark_resized(const hp_photo *photos, size_t count, unsigned *marks);

/*
 * Adds a photo to the skipped ones of the list, for this reason, as harmless. others: it is one of another body, else
 * an unfit one. Fails with HP_E_MEMORY.
 */
int hp_unfit_skip(const hp_photo *photo, const char *reason, bool others, hp_list *list, hp_error *err);

/* The same for photos that the camera took in another size. */
int hp_unfit_skip_resized(const hp_photo *photos, size_t count, hp_list *list, hp_error *err);

/*
 * Warns of those of `count` photos, but for the skipped ones of the list, that were resized, edited or combined all
 * the same. Fails with HP_E_MEMORY.
 */
int hp_unfit_tell(const hp_photo *photos, size_t count, hp_list *list, hp_error *err);

#endif
