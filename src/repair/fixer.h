/* Repairing photos one after the other, each in a worker process where the pool is isolated. */
#ifndef HP_REPAIR_FIXER_H
#define HP_REPAIR_FIXER_H

#include "photo/decoder.h"
#include "repair/repair.h"

/* For one thread; all zero is none. */
typedef struct hp_fixer {
    hp_decoder decoder;
    hp_shared *shared; /* where the copies are made: one of the two */
    void *pages;
    size_t room; /* bytes of it */
} hp_fixer;

/* What became of a photo. */
typedef struct hp_repaired {
    hp_bytes copy; /* the photo itself where nothing changed; valid until the next photo */
    size_t repaired, left;
    bool masked;
    bool by_opcode;
} hp_repaired;

/* An array of one for each thread of the pool; freed by hp_fixers_close. NULL and HP_E_MEMORY. */
hp_fixer *hp_fixers_open(const hp_pool *pool, hp_error *err);
void hp_fixers_close(hp_fixer *fixers, const hp_pool *pool);

/*
 * Repairs the photo at a path, whose info is known; the list as hp_repair has it. Fails as hp_file_read and
 * hp_repair_fn do, and with HP_E_DECODER; the messages do not name the file.
 */
int hp_fixer_run(hp_fixer *fixer, const char *path, const hp_photo_info *info, const hp_list *list, bool mask,
                 hp_repaired *repaired, hp_error *err);

#endif
