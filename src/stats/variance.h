/* The accumulator of `hotpix variance`: the article's statistic in integers (docs/method.md, 1). */
#ifndef HP_STATS_VARIANCE_H
#define HP_STATS_VARIANCE_H

#include "stats/accumulator.h"

typedef struct hp_variance_sums {
    hp_accumulator base;
    unsigned channels;
    uint32_t *sum; /* height x width x channels */
    void *squares; /* likewise; uint32_t for 8 bit, uint64_t above */
} hp_variance_sums;

extern const hp_accumulator_kind hp_variance_kind;

#endif
