/* A fixed set of threads that run one parallel for at a time. The only place where threads are made. */
#ifndef HP_BASE_POOL_H
#define HP_BASE_POOL_H

#include "hotpix.h"

typedef struct hp_pool hp_pool;

/* What a task is: index runs from 0 to count - 1; worker (0 to threads - 1) says which thread's scratch to use. */
typedef void hp_task(void *context, size_t index, unsigned worker);

/* threads 0: one for each CPU the process may use. The caller's thread is one of them. */
int hp_pool_create(unsigned threads, hp_pool **pool, hp_error *err);
unsigned hp_pool_threads(const hp_pool *pool);

/* Runs the task for every index and returns when all are done. Indices are taken in rising order. */
void hp_pool_run(hp_pool *pool, size_t count, hp_task *task, void *context);

/* The same in two steps: all threads but the caller's begin; with hp_pool_wait, due once, the caller's helps. */
void hp_pool_start(hp_pool *pool, size_t count, hp_task *task, void *context);
void hp_pool_wait(hp_pool *pool);

/*
 * That its threads have hostile bytes worked on by worker processes (base/isolation.h), until *stop; NULL: not. It is
 * only kept for those who open seats.
 */
void hp_pool_isolate(hp_pool *pool, hp_isolation *isolation, const volatile sig_atomic_t *stop);
hp_isolation *hp_pool_isolation(const hp_pool *pool);
const volatile sig_atomic_t *hp_pool_stop(const hp_pool *pool);

void hp_pool_free(hp_pool **pool);

#endif
