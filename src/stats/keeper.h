/* A state file that a run grows: locked while it is open, replaced as a whole, so that it is good at any moment. */
#ifndef HP_STATS_KEEPER_H
#define HP_STATS_KEEPER_H

#include "base/text.h"
#include "stats/early.h"

/*
 * The lock is one on FILE.lock (flock): it ends with the process, whatever ends it. A new state is written to
 * FILE.unfinished and renamed; one that a killed process left is removed. Of FILE's name both have 240 bytes.
 */
typedef struct hp_keeper {
    char *path; /* of the state, links followed */
    char *lock_path, *new_path;
    int lock, new_file; /* -1: none */
    double interval_s;  /* between two checkpoints */
    double due_s;       /* the next one, on hp_now_s */
    hp_early *early;    /* the state to begin with, on its way; NULL: none */
} hp_keeper;

/*
 * Locks. checkpoint_s: seconds between checkpoints; below 0: none. Fails with HP_E_IO, also where another process works
 * on the file, HP_E_MEMORY. To be closed in any case.
 */
int hp_keeper_open(const char *path, double checkpoint_s, hp_keeper *keeper, hp_error *err);

/* Whether there is a state to begin with. */
bool hp_keeper_exists(const hp_keeper *keeper);

/*
 * Opens that state and begins to load it, beside `threads` that do other work, unless its sums are of more than
 * most_bytes. paths (to be freed): those of its photos, ordered bytewise; none without one. Fails as hp_state_open.
 */
int hp_keeper_begin(hp_keeper *keeper, const hp_kernels *kernels, unsigned threads, uint64_t most_bytes,
                    hp_strings *paths, hp_error *err);

/* Whether it is time for a checkpoint. */
bool hp_keeper_is_due(const hp_keeper *keeper);

/*
 * Writes the state beside the old one and has the disk begin with it; hp_keeper_commit, some work later, waits for
 * the disk and puts it in place. Orders the album. Every error names the file. Fails with HP_E_IO, HP_E_MEMORY.
 */
int hp_keeper_write(hp_keeper *keeper, hp_state *state, hp_fill_piece *fill, void *context, hp_pool *pool,
                    hp_error *err);
int hp_keeper_commit(hp_keeper *keeper, hp_error *err);

/* Unlocks; what was written and not committed is given up. */
void hp_keeper_close(hp_keeper *keeper);

#endif
