/*
 * A process that does nothing but fork workers. It is forked early, when the program has neither threads nor memory
 * worth reading: so a worker can be made at any time, from any thread, and has nothing of the program but its code.
 */
#ifndef HP_BASE_ZYGOTE_H
#define HP_BASE_ZYGOTE_H

#include "hotpix.h"

#include <sys/types.h>

/* All zero is none. */
typedef struct hp_zygote {
    pid_t pid;
    int channel;
} hp_zygote;

/*
 * prepare: what it does before it forks its first worker: what libraries open once, a confined process could not. It
 * ends with the thread that started it. Fails with HP_E_UNSUPPORTED.
 */
int hp_zygote_start(void (*prepare)(void), hp_zygote *zygote, hp_error *err);
void hp_zygote_end(hp_zygote *zygote);

/* One call at a time. Fails with HP_E_MEMORY. The worker says hello on *channel, which is the caller's to close. */
int hp_zygote_spawn(const hp_zygote *zygote, bool confined, pid_t *worker, int *channel, hp_error *err);

/* How a worker ended. */
typedef struct hp_burial {
    int signal;          /* it died of; 0: of none */
    uint64_t most_bytes; /* of its memory that were in use */
} hp_burial;

/* Kills a worker, if it still lives, and waits for its end. Until then nobody else has its number. One call at a time.
 */
hp_burial hp_zygote_bury(const hp_zygote *zygote, pid_t worker);

#endif
