/*
 * The engine: photos in rounds of B. A round is two parallel loops on one pool: decode (a task is a photo, into a whole
 * plane), then, after near-duplicates were decided one after the other, add (a task is a band of rows, which takes all
 * B photos while its sums are in the cache). One set of sums a process, none a thread, no locks.
 */
#ifndef HP_STATS_ROUNDS_H
#define HP_STATS_ROUNDS_H

#include "base/pool.h"
#include "base/text.h"
#include "stats/keeper.h"

#include <pthread.h>

/* What all groups of photos of one run share. */
typedef struct hp_run {
    const hp_run_options *options;
    hp_pool *pool;
    const hp_kernels *kernels;
    hp_progress progress;
    pthread_mutex_t progress_lock;
    double started_s;
} hp_run;

/* HP_E_ARGUMENT where it is none of the enumeration. */
int hp_similar_check(hp_similar similar, hp_error *err);

int hp_run_start(const hp_run_options *options, hp_run *run, hp_error *err);
void hp_run_end(hp_run *run);
bool hp_run_must_stop(const hp_run *run);

/* One photo more is to be done; not while the pool works. */
void hp_run_expect(hp_run *run, const hp_photo *photo);

/* One photo more is done: tells the caller, from one thread at a time. */
void hp_run_report(hp_run *run, const hp_photo *photo);

/* Bytes that a run may take: what was asked for, or what the machine has. */
uint64_t hp_run_memory(const hp_run *run);

/* hp_keeper_begin, as fits the run. */
int hp_run_begin(const hp_run *run, hp_keeper *keeper, hp_strings *paths, hp_error *err);

/* What became of a group of photos. */
typedef struct hp_accumulation {
    hp_state state;       /* the photos ordered by path */
    hp_skips skips;       /* photos not counted, ordered by path */
    bool distinct_scenes; /* known: near-duplicates were left out from the first photo on */
    size_t photos_new;    /* counted by this run */
    size_t photos_known;  /* of this run's photos, those that the state had decided on before */
} hp_accumulation;

typedef struct hp_accumulate_options {
    const hp_accumulator_kind *kind;
    bool keep_similar;
    bool compare_calibration; /* the rule of near-duplicates holds for darks, bias and flats too */
    hp_keeper *keeper;        /* begins with its state and keeps what is done; NULL: neither */
    /* Changes each photo's samples after it was decoded, on any thread; NULL: nothing does. */
    void (*alter)(const void *context, const hp_photo *photo, hp_plane *plane);
    const void *alter_context;
    uint64_t finish_bytes; /* what the caller will need beside the sums afterwards, when the planes are gone */
} hp_accumulate_options;

/*
 * Adds `count` photos of one camera and shape, ordered by path. Fails with HP_E_MEMORY (also when not even one photo a
 * round fits the limit) and HP_E_STOPPED, and as hp_resume_start and hp_keeper_write do. *out is to be freed in every
 * case. With a keeper the photos get the scale of its state, and those that it knows are not decoded again. What is new
 * is written at the end and when stopped; hp_keeper_commit, after the caller's own work, puts it in place.
 */
int hp_accumulate(hp_run *run, hp_photo *photos, size_t count, const hp_accumulate_options *options,
                  hp_accumulation *out, hp_error *err);
void hp_accumulation_free(hp_accumulation *accumulation);

#endif
