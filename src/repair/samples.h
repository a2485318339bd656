/* Photos whose samples are stored one by one: TIFF, PNG, FITS, DNG. */
#ifndef HP_REPAIR_SAMPLES_H
#define HP_REPAIR_SAMPLES_H

#include "repair/repair.h"

typedef double hp_sample_get(const void *context, uint32_t x, uint32_t y, unsigned channel);
typedef void hp_sample_set(void *context, uint32_t x, uint32_t y, unsigned channel, double value);

typedef struct hp_samples {
    unsigned channels;
    bool whole;         /* samples are whole numbers */
    double low, high;   /* what they can hold */
    hp_sample_get *get; /* NaN where there is no value */
    hp_sample_set *set;
    void *context;
} hp_samples;

/*
 * Gives every pixel of repair->list that is off in this photo the value that good pixels of its colour around it have
 * in their directions, and counts in repair; one without a value is off. Pixels that have good ones near them are all
 * found out before any is set, then those behind them, and so on: the order does not matter.
 */
int hp_samples_repair(const hp_samples *samples, hp_repair *repair, hp_error *err);

#endif
