/* A run that goes on where an earlier one ended, and keeps what it has done. */
#ifndef HP_STATS_RESUME_H
#define HP_STATS_RESUME_H

#include "stats/keeper.h"
#include "stats/rounds.h"

typedef struct hp_resume {
    hp_keeper *keeper;   /* NULL: nothing is kept */
    size_t count, taken; /* of the album, as the file has it */
    bool settling;
} hp_resume;

/*
 * Photos to add, of one camera; they get the scale that the state has. Begins with the state of the file, where there
 * is one, or an empty one. In a team the leader alone has a keeper; the others get its album. Fails as hp_state_open
 * and hp_state_load do, and with HP_E_INPUT when the file holds sums of another kind, camera or size, naming both.
 */
int hp_resume_start(hp_resume *resume, hp_keeper *keeper, const hp_accumulator_kind *kind, hp_photo *photos,
                    size_t count, const hp_run *run, hp_state *state, hp_error *err);

/* Whether it is time for a checkpoint, and there is something new. */
bool hp_resume_is_due(const hp_resume *resume, const hp_state *state);

/* After each round: puts the last checkpoint in place; writes one if it is due. */
int hp_resume_round(hp_resume *resume, bool due, hp_pool *pool, hp_state *state, hp_error *err);

/* At the end: writes what is new; hp_keeper_commit is left to the caller. A state without photos is not written. */
int hp_resume_end(hp_resume *resume, hp_pool *pool, hp_state *state, hp_error *err);

#endif
