/* What isolation.c and seat.c share. */
#ifndef HP_BASE_SEATS_H
#define HP_BASE_SEATS_H

#include "base/isolation.h"
#include "base/zygote.h"

#include <pthread.h>

struct hp_seat {
    hp_isolation *isolation;
    const volatile sig_atomic_t *stop;
    pid_t worker; /* 0: none */
    int channel;
    unsigned tasks;                                 /* the worker has answered */
    uint64_t memory_bytes;                          /* address space of the worker without any task */
    hp_shared *scratch[HP_WORKER_REGIONS];          /* stands for private memory */
    unsigned char answer[HP_WORKER_ARGUMENT_BYTES]; /* arguments as they came back, until they are believed */
    struct {
        uint64_t id[2]; /* of the shared memory that the worker has at hand */
        size_t size;    /* 0: none */
        bool writable;
    } mappings[HP_WORKER_REGIONS];
    uint64_t replaced_bytes; /* mappings that the task replaces by others */
    hp_seat *next;           /* of those that wait with their worker for another user */
};

/* Has the worker let go of all memory of photos, and lets go of its own. */
void hp_seat_forget(hp_seat *seat);

struct hp_isolation {
    hp_isolation_options options;
    pthread_mutex_t lock; /* of all below */
    hp_zygote zygote;
    hp_seat *waiting;
    hp_error refused; /* why workers are not confined */
};

#endif
