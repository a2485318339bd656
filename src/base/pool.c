#define _GNU_SOURCE /* sched_getaffinity */
#include "base/pool.h"

#include "base/error.h"
#include "base/hash.h"
#include "base/memory.h"

#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

enum { MOST_THREADS = 1024 };

struct hp_pool {
    unsigned threads;
    unsigned started; /* helpers that run; worker 0 is the caller */
    pthread_t *helpers;
    pthread_mutex_t lock;
    pthread_cond_t work, idle;
    unsigned long round; /* grows with every run, so that a helper knows a new one from the last */
    unsigned busy;
    bool ending;
    hp_task *task;
    void *context;
    size_t count;
    atomic_size_t next;
    hp_isolation *isolation;
    const volatile sig_atomic_t *stop;
};

typedef struct helper_start {
    hp_pool *pool;
    unsigned worker;
} helper_start;

static unsigned usable_cpus(void)
{
    cpu_set_t set;
    if (sched_getaffinity(0, sizeof set, &set) == 0 && CPU_COUNT(&set) > 0)
        return (unsigned)CPU_COUNT(&set);
    return 1;
}

static void take_tasks(hp_pool *pool, unsigned worker)
{
    for (size_t i; (i = atomic_fetch_add(&pool->next, 1)) < pool->count;)
        pool->task(pool->context, i, worker);
}

static void *help(void *argument)
{
    helper_start start = *(helper_start *)argument;
    free(argument);
    hp_pool *pool = start.pool;
    unsigned long seen = 0;
    pthread_mutex_lock(&pool->lock);
    for (;;) {
        while (!pool->ending && pool->round == seen)
            pthread_cond_wait(&pool->work, &pool->lock);
        if (pool->ending)
            break;
        seen = pool->round;
        pthread_mutex_unlock(&pool->lock);
        take_tasks(pool, start.worker);
        pthread_mutex_lock(&pool->lock);
        if (--pool->busy == 0)
            pthread_cond_signal(&pool->idle);
    }
    pthread_mutex_unlock(&pool->lock);
    return NULL;
}

static int start_helper(hp_pool *pool, unsigned worker, hp_error *err)
{
    helper_start *start = hp_calloc(1, sizeof *start, err);
    if (!start)
        return HP_E_MEMORY;
    *start = (helper_start){pool, worker};
    int code = pthread_create(&pool->helpers[pool->started], NULL, help, start);
    if (code) {
        free(start);
        return hp_fail(err, HP_E_MEMORY, "cannot start thread %u of %u: %s", worker + 1, pool->threads, strerror(code));
    }
    pool->started++;
    return HP_OK;
}

/* Helpers are born with all signals blocked, so that the program's handlers run on its own thread. */
static int start_helpers(hp_pool *pool, hp_error *err)
{
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    int code = HP_OK;
    for (unsigned worker = 1; worker < pool->threads && !code; worker++)
        code = start_helper(pool, worker, err);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    return code;
}

int hp_pool_create(unsigned threads, hp_pool **pool, hp_error *err)
{
    *pool = NULL;
    if (threads > MOST_THREADS)
        return hp_fail(err, HP_E_ARGUMENT, "%u threads: at most %d can be asked for", threads, MOST_THREADS);
    hp_pool *made = hp_calloc(1, sizeof *made, err);
    if (!made)
        return HP_E_MEMORY;
    (void)hp_hash_of("", 0); /* xxHash chooses its functions at its first call, and without a lock */
    made->threads = threads ? threads : usable_cpus();
    pthread_mutex_init(&made->lock, NULL);
    pthread_cond_init(&made->work, NULL);
    pthread_cond_init(&made->idle, NULL);
    made->helpers = hp_calloc(made->threads, sizeof *made->helpers, err);
    int code = made->helpers ? start_helpers(made, err) : HP_E_MEMORY;
    if (code)
        hp_pool_free(&made);
    *pool = made;
    return code;
}

unsigned hp_pool_threads(const hp_pool *pool)
{
    return pool->threads;
}

void hp_pool_isolate(hp_pool *pool, hp_isolation *isolation, const volatile sig_atomic_t *stop)
{
    pool->isolation = isolation;
    pool->stop = stop;
}

hp_isolation *hp_pool_isolation(const hp_pool *pool)
{
    return pool->isolation;
}

const volatile sig_atomic_t *hp_pool_stop(const hp_pool *pool)
{
    return pool->stop;
}

void hp_pool_start(hp_pool *pool, size_t count, hp_task *task, void *context)
{
    pthread_mutex_lock(&pool->lock);
    pool->task = task;
    pool->context = context;
    pool->count = count;
    atomic_store(&pool->next, 0);
    pool->busy = pool->started;
    pool->round++;
    pthread_cond_broadcast(&pool->work);
    pthread_mutex_unlock(&pool->lock);
}

void hp_pool_wait(hp_pool *pool)
{
    take_tasks(pool, 0);
    pthread_mutex_lock(&pool->lock);
    while (pool->busy > 0)
        pthread_cond_wait(&pool->idle, &pool->lock);
    pthread_mutex_unlock(&pool->lock);
}

void hp_pool_run(hp_pool *pool, size_t count, hp_task *task, void *context)
{
    hp_pool_start(pool, count, task, context);
    hp_pool_wait(pool);
}

void hp_pool_free(hp_pool **pool)
{
    hp_pool *old = *pool;
    if (!old)
        return;
    pthread_mutex_lock(&old->lock);
    old->ending = true;
    pthread_cond_broadcast(&old->work);
    pthread_mutex_unlock(&old->lock);
    for (unsigned i = 0; i < old->started; i++)
        pthread_join(old->helpers[i], NULL);
    pthread_cond_destroy(&old->idle);
    pthread_cond_destroy(&old->work);
    pthread_mutex_destroy(&old->lock);
    free(old->helpers);
    free(old);
    *pool = NULL;
}
