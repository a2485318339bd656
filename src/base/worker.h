/* What is said between a worker and the process that it works for, and the worker's side. */
#ifndef HP_BASE_WORKER_H
#define HP_BASE_WORKER_H

#include "base/channel.h"

enum {
    HP_WORKER_REGIONS = 3,              /* most of a task */
    HP_WORKER_ARGUMENT_BYTES = 1 << 16, /* likewise */
};

/*
 * What a worker runs; every function of the program can be. `arguments` is flat: what it points to is not there.
 * memory: the regions of the task. 0 or an HP_E_ code with a message.
 */
typedef int hp_work(void *arguments, void *const *memory, hp_error *err);

/* The first that a worker says. */
typedef struct hp_hello {
    uint64_t memory_bytes; /* address space that it has without any task */
    hp_error refused;      /* why it is not confined; code 0: it is, or was not to be */
} hp_hello;

/* Shared memory of a task: what the worker has at hand for this region since the last task, or another. */
typedef struct hp_part {
    bool is_new; /* another, to be put there: a descriptor comes along */
    bool writable;
    bool roomy;
    size_t size; /* of the whole, bytes */
} hp_part;

/* A task; the bytes of its arguments follow. */
typedef struct hp_request {
    hp_work *work; /* NULL: let go of all memory; there is no answer to that */
    size_t argument_size;
    size_t part_count;
    hp_part parts[HP_WORKER_REGIONS];
} hp_request;

/* How it went; the bytes of its arguments follow, as the work left them. */
typedef struct hp_reply {
    hp_error fault;
} hp_reply;

/* Confines itself where it is to, says hello, and works until the other end is gone. */
_Noreturn void hp_worker_serve(int channel, bool confined);

#endif
