/* The memory of a round: as many planes as the limit allows, and one decoder with its file a thread. */
#ifndef HP_STATS_BATCH_H
#define HP_STATS_BATCH_H

#include "photo/decoder.h"
#include "stats/rounds.h"

typedef struct hp_batch {
    size_t photos;        /* a round */
    hp_plane *planes;     /* one for each of them */
    hp_decoder *decoders; /* one a worker */
    hp_pool *pool;        /* whose workers they are */
    uint64_t most_file;   /* bytes: there is no memory for longer ones */
} hp_batch;

/*
 * Chooses the number of photos a round (at least one for each thread, where the limit allows) and makes their planes.
 * Fails with HP_E_MEMORY, naming what is needed, when not even one fits.
 */
int hp_batch_create(const hp_run *run, const hp_photo *const *photos, size_t count,
                    const hp_accumulate_options *options, hp_batch *batch, hp_error *err);

void hp_batch_free(hp_batch *batch);

#endif
