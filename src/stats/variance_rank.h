/* The lowest, the highest and the mean M2 of a set (docs/method.md, 1). */
#ifndef HP_STATS_VARIANCE_RANK_H
#define HP_STATS_VARIANCE_RANK_H

#include "stats/rounds.h"
#include "stats/variance.h"

/* A subpixel by its index, and n M2, which is an integer. */
typedef struct hp_ranked {
    uint64_t value;
    size_t at;
} hp_ranked;

/*
 * n M2 = n sum(v^2) - sum(v)^2 of the subpixel at an index; squares are of 32 bits for samples of up to 8. Exact:
 * 65537^2 photos times 65535^2 is still below 2^64.
 */
static inline hp_ranked hp_ranked_of(const uint32_t *sums, const void *squares, unsigned bits, uint64_t n, size_t at)
{
    uint64_t sum = sums[at], square = bits > 8 ? ((const uint64_t *)squares)[at] : ((const uint32_t *)squares)[at];
    return (hp_ranked){n * square - sum * sum, at};
}

/* By value, then place (y, x, channel); for qsort. */
static inline int hp_ranked_compare(const void *a, const void *b)
{
    const hp_ranked *first = (const hp_ranked *)a, *second = (const hp_ranked *)b;
    if (first->value != second->value)
        return first->value < second->value ? -1 : 1;
    return (first->at > second->at) - (first->at < second->at);
}

/* Sets min, max, mean_m2 and the `rank` lowest of the result. Fails with HP_E_MEMORY. */
int hp_variance_rank(hp_run *run, const hp_variance_sums *v, size_t rank, hp_variance_result *result, hp_error *err);

#endif
