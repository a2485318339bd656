/* What the repair of many photos is put together from. */
#ifndef HP_REPAIR_FIX_H
#define HP_REPAIR_FIX_H

#include "base/file.h"
#include "defects/list.h"
#include "photo/decoder.h"
#include "photo/source.h"

/*
 * The list among them that is for this photo's camera, frame and kind. NULL, and err naming both, where none is
 * (HP_E_NO_PHOTO), and where several are, as for bodies without serial numbers (HP_E_INPUT).
 */
const hp_list *hp_fix_choose(const hp_result *lists, const hp_photo_info *info, hp_error *err);

/*
 * The pixels of a list that are bad when the photo was taken, each with its smear where the photo is developed, else
 * single. *pixels is the caller's, to be cleared; of the rest of the list it has the camera alone.
 */
int hp_fix_pixels(const hp_list *list, const hp_photo_info *info, hp_list *pixels, hp_error *err);

/*
 * Where a photo's copy goes: folder/what follows `below` in its path, or in place. Folders on the way are made. *target
 * is the caller's. HP_E_IO where it may not.
 */
int hp_fix_target(const char *photo, size_t below, const hp_fix_options *options, char **target, hp_error *err);

/*
 * Which photos of a set, that is to be repaired in place, are files that others before them are, under another name or
 * through a link: repaired twice at a time, one would be what the other's original is replaced by.
 */
int hp_fix_find_again(const hp_photo_set *set, bool *again, hp_error *err);

/* What the repair of a photo begins with; path is to be freed. */
typedef struct hp_fix_start {
    char *path;
    hp_photo_info info;
    bool original; /* NAME.orig, which an earlier repair kept: it stays as it is */
} hp_fix_start;

/* *start is the caller's in every case. HP_E_IO where NAME.orig is another photo, which must not be replaced. */
int hp_fix_begin(const hp_fix_options *options, const hp_photo *photo, const char *target, hp_decoder *decoder,
                 hp_fix_start *start, hp_error *err);

/*
 * Keeps a photo without an original as NAME.orig, by a link where the folder's file system has them. *kept: nothing had
 * this name before, and hp_fix_drop_original takes it away again when the photo was not repaired after all.
 */
int hp_fix_keep_original(const char *photo, bool force, bool *kept, hp_error *err);
void hp_fix_drop_original(const char *photo);

/* Whether a file holds these bytes. */
bool hp_fix_is_so(const char *path, hp_bytes copy);

/*
 * Gives a file in the making the photo's permissions where it shall replace it, and where that is wanted the time of
 * what it was made of.
 */
int hp_fix_dress(hp_output *output, const char *photo, const char *start, const hp_fix_options *options, hp_error *err);

#endif
