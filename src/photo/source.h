/* From the user's arguments to photos, grouped by camera. */
#ifndef HP_PHOTO_SOURCE_H
#define HP_PHOTO_SOURCE_H

#include "base/pool.h"
#include "base/skips.h"
#include "base/team.h"
#include "base/text.h"
#include "photo/format.h"

typedef struct hp_photo {
    char *path;
    uint64_t file_size; /* bytes */
    const hp_format *format;
    hp_photo_info info;
    hp_hash hash; /* where hashed: of its content, as it was when its metadata was read */
    bool hashed;
    size_t below; /* as in hp_path */
} hp_photo;

/* Photos ordered by camera (make, model, serial, width, height, source, shape), within a camera by path. */
typedef struct hp_photo_set {
    hp_photo *photos;
    size_t count;
    hp_skips skips; /* what is not a photo, ordered by path */
} hp_photo_set;

/*
 * Collects the files that the arguments name, walks folders, expands patterns, reads every photo's metadata on the
 * pool. What cannot be read or is no photo goes to set->skips; files met in a folder that do not look like photos by
 * content nor by name are passed over, masters among frames left out (photo/masters.h). Each path counts once; of a
 * photo repaired in place and its original, where both are met, the original. Fails with HP_E_MEMORY, HP_E_STOPPED.
 */
int hp_photo_set_open(const char *const *arguments, size_t count, hp_pool *pool, const volatile sig_atomic_t *stop,
                      hp_photo_set *set, hp_error *err);

/*
 * The same by a team, NULL for a process alone: the leader collects the files, all read metadata, and all get the same
 * photos. What cannot be read is in the leader's skips for certain, in the others' not. `familiar`, ordered bytewise:
 * paths of which the content is probably known; these are hashed on the way, where they need not be read again then.
 */
int hp_photo_set_open_together(const char *const *arguments, size_t count, hp_pool *pool,
                               const volatile sig_atomic_t *stop, const hp_team *team, const hp_strings *familiar,
                               hp_photo_set *set, hp_error *err);

/*
 * The same, but of a photo repaired in place and its original the repaired one: originals are not to be touched.
 * Masters are photos like others.
 */
int hp_photo_set_open_to_repair(const char *const *arguments, size_t count, hp_pool *pool,
                                const volatile sig_atomic_t *stop, hp_photo_set *set, hp_error *err);
void hp_photo_set_free(hp_photo_set *set);

/* Takes those out that have no path any more. */
void hp_photo_set_close_up(hp_photo_set *set);

/* Whether two photos come from one camera and have one shape: what a group is. */
bool hp_photo_same_camera(const hp_photo *a, const hp_photo *b);

/* The order of groups, for qsort. */
int hp_photo_compare_cameras(const hp_photo *first, const hp_photo *second);

/* Orders photos by path, bytewise: the order in which near-duplicates are decided. */
void hp_photo_set_sort_by_path(hp_photo_set *set);

#endif
