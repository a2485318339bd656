/* The lowest, the highest and the mean M2 of a set (docs/method.md, 1). */
#ifndef HP_STATS_VARIANCE_RANK_H
#define HP_STATS_VARIANCE_RANK_H

#include "stats/rounds.h"
#include "stats/variance.h"

/* Sets min, max, mean_m2 and the `rank` lowest of the result. Fails with HP_E_MEMORY. */
int hp_variance_rank(hp_run *run, const hp_variance_sums *v, size_t rank, hp_variance_result *result, hp_error *err);

#endif
