/* Which photos count: decided one after the other in one order, whoever decoded them. */
#ifndef HP_STATS_DECIDE_H
#define HP_STATS_DECIDE_H

#include "stats/shot.h"

typedef struct hp_decider {
    hp_album *album;
    hp_skips *skips;               /* photos left out that the album does not hold */
    const hp_photo *const *photos; /* of this run, by path */
    size_t photo_count;
    uint64_t most_photos; /* that the sums can hold */
    bool keep_similar;
    const hp_photo **aside; /* near-duplicates among the photos: room for all of them */
    size_t aside_count;
    size_t known; /* photos that an earlier run decided on */
} hp_decider;

/* Whether a photo of this content need not be decoded: what becomes of it stands in the album. */
bool hp_decider_knows(const hp_decider *decider, hp_hash hash);

/* Looks for a photo of the same scene in the album, for a shot that was measured; several may be at it. */
void hp_decider_look(const hp_decider *decider, hp_shot *shot);

/*
 * Puts the photo into the album, or among what is left out; *counts tells whether it is to be added to the sums.
 * `earlier` records, the first of the album, were in it when the shot's similar was looked for. Fails with HP_E_MEMORY.
 */
int hp_decide(hp_decider *decider, const hp_shot *shot, size_t earlier, bool *counts, hp_error *err);

#endif
