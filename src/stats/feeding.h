/* Rounds of photos that come from the caller's memory one after the other, instead of from files. */
#ifndef HP_STATS_FEEDING_H
#define HP_STATS_FEEDING_H

#include "stats/batch.h"
#include "stats/decide.h"
#include "stats/resume.h"

typedef struct hp_feeding {
    hp_run *run;
    hp_accumulate_options options;
    hp_accumulation out;
    hp_photo shape; /* a photo as all of them are, without a path */
    hp_batch batch;
    hp_photo *photos; /* of the round: names and facts; as many as the batch has planes */
    hp_shot *shots;   /* likewise; plane and hash are set */
    size_t waiting;   /* shots of the round so far */
    hp_photo **given; /* every photo so far, ordered by name, with nothing but that */
    size_t given_count, given_capacity;
    size_t fed;
    size_t taken_before; /* by earlier runs */
    const hp_shot **adding;
    size_t adding_count;
    hp_resume resume;
    hp_decider decider;
} hp_feeding;

/*
 * run, options.kind and so on, and shape are set by the caller before; the rest is zero. Fails as hp_accumulate does.
 * To be ended in any case.
 */
int hp_feeding_start(hp_feeding *feeding, hp_error *err);

/*
 * Takes a frame as the next photo; its samples and rows are as the shape has them. info: as the shape's but for
 * exposure, gain and date. Fails with HP_E_MEMORY, HP_E_ARGUMENT (a sample of more bits than the shape has),
 * HP_E_STOPPED, and as hp_keeper_write does.
 */
int hp_feeding_add(hp_feeding *feeding, const hp_frame *frame, const hp_photo_info *info, hp_error *err);

/* Adds what waits, orders the album, fills out.skips and writes what is new; hp_keeper_commit is left to the caller. */
int hp_feeding_finish(hp_feeding *feeding, hp_error *err);

void hp_feeding_end(hp_feeding *feeding);

#endif
