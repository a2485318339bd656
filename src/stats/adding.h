/* The second loop of a round: what was decided to count is added by all threads, each a band of rows. */
#ifndef HP_STATS_ADDING_H
#define HP_STATS_ADDING_H

#include "base/pool.h"
#include "stats/accumulator.h"

void hp_add_shots(hp_accumulator *accumulator, const hp_shot *const *shots, size_t count, hp_pool *pool);

#endif
