/* What numbers.c calls: one table for each x86-64 level, all of the same results. */
#ifndef HP_STATS_NUMBER_KERNELS_H
#define HP_STATS_NUMBER_KERNELS_H

#include "stats/numbers.h"

/* As the functions of numbers.h. */
typedef struct hp_number_kernels {
    void (*encode)(hp_number number, const void *values, size_t stride, size_t count, void *file);
    void (*decode)(hp_number number, const void *file, size_t count, void *values, size_t stride);
    uint64_t (*largest)(hp_number number, const void *values, size_t stride, size_t count);
    void (*join)(hp_number number, hp_join join, void *into, const void *from, size_t count);
    void (*subtract)(hp_number number, void *into, const void *from, size_t count);
    uint64_t (*sum_words)(const void *bytes, size_t size);
} hp_number_kernels;

/* Of a level that this machine has. */
const hp_number_kernels *hp_number_kernels_of(hp_cpu level);

#endif
