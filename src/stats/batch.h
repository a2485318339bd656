/* The memory of a round: as many planes as the limit allows, and one decoder with its file a thread. */
#ifndef HP_STATS_BATCH_H
#define HP_STATS_BATCH_H

#include "photo/decoder.h"
#include "stats/rounds.h"

#include <pthread.h>

typedef struct hp_plane_use {
    bool taken;
    unsigned worker; /* that had it last, counted from 1; 0: none */
} hp_plane_use;

typedef struct hp_batch {
    size_t photos; /* a round */
    hp_plane *planes;
    hp_plane_use *uses;   /* of the planes */
    pthread_mutex_t lock; /* of the uses */
    hp_decoder *decoders; /* one a worker */
    const hp_pool *pool;  /* whose workers they are */
} hp_batch;

/*
 * Chooses the number of photos a round (at least one for each thread, where the limit allows) and makes their planes.
 * Fails with HP_E_MEMORY, naming what is needed, when not even one fits.
 */
int hp_batch_create(const hp_run *run, const hp_photo *const *photos, size_t count,
                    const hp_accumulate_options *options, hp_batch *batch, hp_error *err);

/*
 * A plane that no photo of the round has: rather one that this worker had before, whose process then has it at hand.
 * There is one for each photo of a round; all are given back at its end.
 */
hp_plane hp_batch_take_plane(hp_batch *batch, unsigned worker);
void hp_batch_give_back(hp_batch *batch);
void hp_batch_free(hp_batch *batch);

#endif
