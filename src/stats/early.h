/* The state that a run begins with: its sums may be read while the photos are looked at. */
#ifndef HP_STATS_EARLY_H
#define HP_STATS_EARLY_H

#include "stats/state_file.h"

typedef struct hp_early {
    hp_state_file file;
    hp_pool *pool;             /* of its own; NULL: not begun */
    hp_state_loading *loading; /* NULL: not begun */
} hp_early;

/* Opens the file. Fails as hp_state_open does. */
int hp_early_open(const char *path, hp_early **early, hp_error *err);

/* Has threads - 1 helpers of its own read the sums from now on. Fails with HP_E_MEMORY. */
int hp_early_begin(hp_early *early, const hp_kernels *kernels, unsigned threads, hp_error *err);

/* The state, as hp_state_load has it: what was begun is ended, else the pool does all. */
int hp_early_load(hp_early *early, const hp_kernels *kernels, hp_pool *pool, hp_state *state, hp_error *err);

/* Gives up what was begun and is not needed. */
void hp_early_close(hp_early **early);

#endif
