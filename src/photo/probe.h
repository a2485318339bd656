/* Metadata of files, read on the pool, by a team if there is one. */
#ifndef HP_PHOTO_PROBE_H
#define HP_PHOTO_PROBE_H

#include "base/text.h"
#include "photo/decoder.h"
#include "photo/paths.h"

/* What the probing of one file left: a photo, or a reason, or neither (passed over). */
typedef struct hp_probed {
    hp_photo_info info;
    const hp_format *format;
    uint64_t file_size;
    hp_hash hash;
    bool hashed;
    char *reason;
    bool marked; /* its beginning bears a format's mark, as the program itself sees */
} hp_probed;

/* What is to be probed; the last two are as hp_photo_set_open_together has them. */
typedef struct hp_probing {
    const hp_paths *paths;
    const volatile sig_atomic_t *stop; /* may be NULL */
    const hp_team *team;
    const hp_strings *familiar;
} hp_probing;

/*
 * Fills results, one a path, all zero before; the reasons are the caller's. All of a team get the same. Fails with
 * HP_E_MEMORY, HP_E_STOPPED.
 */
int hp_probe_all(const hp_probing *what, hp_pool *pool, hp_probed *results, hp_error *err);

#endif
