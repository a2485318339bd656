/*
 * Work on hostile bytes in a worker process: whatever happens to it happens to the worker. The one call is
 * hp_seat_run; what is worked on lies in shared memory, so nothing large is copied. docs/security.md says what a
 * worker cannot do.
 */
#ifndef HP_BASE_ISOLATION_H
#define HP_BASE_ISOLATION_H

#include "base/shared.h"
#include "base/worker.h"

/* A place for one worker at a time, used by one thread at a time; NULL stands for work in the caller's own process. */
typedef struct hp_seat hp_seat;

/* Memory that a task works on. */
typedef struct hp_region {
    void *memory; /* not NULL */
    size_t size;  /* bytes, not 0 */
    /* What it is the beginning of. NULL: it is private, and copied there, or back when writable and nothing failed. */
    const hp_shared *shared;
    bool writable; /* what it held before is then not seen by the work */
} hp_region;

typedef struct hp_task_there {
    hp_work *work;
    const char *doer; /* "the JPEG decoder", for messages */
    /*
     * Flat bytes, HP_WORKER_ARGUMENT_BYTES at most, there and back. What comes back a hostile photo may have made up:
     * every number and text is to be checked before it is used.
     */
    void *arguments;
    size_t argument_size;
    hp_region regions[HP_WORKER_REGIONS];
    size_t region_count;
    uint64_t memory_bytes; /* all that it can need beside the regions */
} hp_task_there;

/* prepare as hp_zygote_start has it. To be started before the program has threads. */
int hp_isolation_create(void (*prepare)(void), hp_isolation **made, hp_error *err);

/* stop: as in hp_run_options, may be NULL. *seat is NULL where isolation is NULL. Its worker begins when needed. */
int hp_seat_open(hp_isolation *isolation, const volatile sig_atomic_t *stop, hp_seat **seat, hp_error *err);
void hp_seat_close(hp_seat **seat);

/*
 * Runs the work, in the seat's worker or here. Fails as the work does; with HP_E_DECODER where the worker died, took
 * longer than it may, or more memory; with HP_E_STOPPED; with HP_E_MEMORY where there is no worker. The next task then
 * has another worker. A worker that had done work before is not believed: the task is tried again by a new one.
 */
int hp_seat_run(hp_seat *seat, const hp_task_there *task, hp_error *err);

#endif
