#define _GNU_SOURCE /* prlimit */
#include "base/isolation.h"

#include "base/clock.h"
#include "base/confine.h"
#include "base/error.h"
#include "base/seats.h"

#include <assert.h>
#include <signal.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

enum { WAIT_MS = 100, HELLO_S = 60 };

#define MEMORY_MOST (UINT64_MAX / 2) /* bytes: sums with it do not wrap */

/* What became of one try. */
typedef enum trial { ANSWERED, DIED, LATE, STOPPED } trial;

/* ---- the worker's life ---- */

static hp_burial bury(hp_seat *seat)
{
    hp_isolation *isolation = seat->isolation;
    close(seat->channel);
    pthread_mutex_lock(&isolation->lock);
    hp_burial burial = hp_zygote_bury(&isolation->zygote, seat->worker);
    pthread_mutex_unlock(&isolation->lock);
    seat->worker = 0;
    seat->tasks = 0;
    memset(seat->mappings, 0, sizeof seat->mappings);
    return burial;
}

/*
 * In slices, each of which counts for two at most: a program that was stopped (Ctrl-Z) for an hour and goes on has not
 * waited an hour for its worker.
 */
static trial wait_for(hp_seat *seat, unsigned most_s, hp_letter *letter, size_t expected)
{
    double waited_s = 0;
    for (double before_s = hp_now_s();;) {
        ssize_t got = hp_channel_receive(seat->channel, letter, WAIT_MS);
        hp_letter_close(letter); /* a worker has none to give */
        if (got != HP_CHANNEL_LATE)
            return got == (ssize_t)expected ? ANSWERED : DIED;
        double now_s = hp_now_s(), slice_s = now_s - before_s;
        waited_s += slice_s < 2e-3 * WAIT_MS ? slice_s : 2e-3 * WAIT_MS;
        before_s = now_s;
        if (seat->stop && *seat->stop)
            return STOPPED;
        if (waited_s > most_s)
            return LATE;
    }
}

static int greet(hp_seat *seat, hp_error *err)
{
    hp_hello hello = {0};
    hp_letter letter = {.head = &hello, .head_size = sizeof hello};
    trial t = wait_for(seat, HELLO_S, &letter, sizeof hello);
    if (t != ANSWERED) {
        bury(seat);
        return t == STOPPED ? hp_fail(err, HP_E_STOPPED, "stopped")
                            : hp_fail(err, HP_E_MEMORY, "a process for decoding did not start");
    }
    seat->memory_bytes = hello.memory_bytes;
    hp_isolation *isolation = seat->isolation;
    pthread_mutex_lock(&isolation->lock);
    if (hello.refused.code)
        isolation->refused = hello.refused;
    pthread_mutex_unlock(&isolation->lock);
    return HP_OK;
}

static int need_worker(hp_seat *seat, hp_error *err)
{
    if (seat->worker > 0)
        return HP_OK;
    hp_isolation *isolation = seat->isolation;
    pthread_mutex_lock(&isolation->lock);
    bool confined = !isolation->options.unconfined && !hp_is_sanitized(); /* reports of sanitizers open files */
    int code = hp_zygote_spawn(&isolation->zygote, confined, &seat->worker, &seat->channel, err);
    pthread_mutex_unlock(&isolation->lock);
    seat->tasks = 0;
    return code ? code : greet(seat, err);
}

/* ---- a task ---- */

static uint64_t limit_of(const hp_seat *seat, const hp_task_there *task)
{
    uint64_t asked = seat->isolation->options.photo_memory_bytes, limit = asked ? asked : task->memory_bytes;
    return limit < MEMORY_MOST ? limit : MEMORY_MOST;
}

/* Its address space: what it may need comes on top of what it has. Sanitizers reserve far more than any limit. */
static void limit_memory(const hp_seat *seat, const hp_task_there *task)
{
    uint64_t bytes = seat->memory_bytes + limit_of(seat, task) + seat->replaced_bytes;
    for (size_t i = 0; i < HP_WORKER_REGIONS; i++)
        bytes += seat->mappings[i].size;
    struct rlimit limit;
    if (hp_is_sanitized() || prlimit(seat->worker, RLIMIT_AS, NULL, &limit))
        return;
    limit.rlim_cur = bytes < limit.rlim_max ? (rlim_t)bytes : limit.rlim_max;
    (void)prlimit(seat->worker, RLIMIT_AS, &limit, NULL);
}

/* Shared memory that the worker maps for a region. */
static int shared_of(hp_seat *seat, const hp_task_there *task, size_t i, const hp_shared **shared, hp_error *err)
{
    const hp_region *region = &task->regions[i];
    *shared = region->shared;
    if (*shared)
        return HP_OK;
    hp_shared **scratch = &seat->scratch[i];
    if (*scratch && (*scratch)->size < region->size)
        hp_shared_free(scratch);
    int code = *scratch ? HP_OK : hp_shared_create(region->size, scratch, err);
    if (!code && !region->writable)
        memcpy((*scratch)->memory, region->memory, region->size);
    *shared = *scratch;
    return code;
}

/* Whether the worker has it at hand for region i, or is to map it. */
static hp_part part_of(hp_seat *seat, size_t i, const hp_shared *shared, bool writable)
{
    bool there = seat->mappings[i].size && seat->mappings[i].writable == writable &&
                 memcmp(seat->mappings[i].id, shared->id, sizeof shared->id) == 0;
    if (!there) {
        seat->replaced_bytes += seat->mappings[i].size;
        memcpy(seat->mappings[i].id, shared->id, sizeof shared->id);
        seat->mappings[i].size = shared->size;
        seat->mappings[i].writable = writable;
    }
    return (hp_part){!there, writable, shared->roomy, shared->size};
}

/* All memory first: what is noted as the worker's must be sent to it, or a later task would work on what it had before.
 */
static int make_request(hp_seat *seat, const hp_task_there *task, hp_request *request, hp_message *message,
                        hp_error *err)
{
    *request = (hp_request){.work = task->work, .argument_size = task->argument_size, .part_count = task->region_count};
    *message = (hp_message){
        .head = request, .head_size = sizeof *request, .body = task->arguments, .body_size = task->argument_size};
    const hp_shared *shared[HP_WORKER_REGIONS];
    int code = HP_OK;
    for (size_t i = 0; i < task->region_count && !code; i++)
        code = shared_of(seat, task, i, &shared[i], err);
    if (code)
        return code;
    seat->replaced_bytes = 0;
    for (size_t i = 0; i < task->region_count; i++) {
        request->parts[i] = part_of(seat, i, shared[i], task->regions[i].writable);
        if (request->parts[i].is_new)
            message->fds[message->fd_count++] = shared[i]->fd;
    }
    return HP_OK;
}

void hp_seat_forget(hp_seat *seat)
{
    hp_request request = {0};
    hp_message message = {.head = &request, .head_size = sizeof request};
    if (seat->worker > 0)
        (void)hp_channel_send(seat->channel, &message); /* one that is gone will be missed by its next task */
    memset(seat->mappings, 0, sizeof seat->mappings);
    for (size_t i = 0; i < HP_WORKER_REGIONS; i++)
        hp_shared_free(&seat->scratch[i]);
}

/* A fault that it tells is believed as far as it is one of those that works have. That a file is no photo is not: such
 * files are passed over in silence. */
static int judge(const hp_reply *reply, hp_error *err)
{
    int code = reply->fault.code;
    if (code == HP_OK)
        return HP_OK;
    bool known = code == HP_E_MEMORY || code == HP_E_INPUT || code == HP_E_UNSUPPORTED;
    return hp_fail(err, known ? code : HP_E_INPUT, "%.*s", (int)sizeof reply->fault.message - 1, reply->fault.message);
}

static void copy_back(const hp_seat *seat, const hp_task_there *task, const hp_reply *reply)
{
    if (task->argument_size)
        memcpy(task->arguments, seat->answer, task->argument_size);
    for (size_t i = 0; i < task->region_count && reply->fault.code == HP_OK; i++)
        if (task->regions[i].writable && !task->regions[i].shared)
            memcpy(task->regions[i].memory, seat->scratch[i]->memory, task->regions[i].size);
}

static trial try_once(hp_seat *seat, const hp_task_there *task, const hp_message *message, hp_reply *reply)
{
    limit_memory(seat, task);
    if (!hp_channel_send(seat->channel, message))
        return DIED;
    hp_letter letter = {
        .head = reply, .head_size = sizeof *reply, .body = seat->answer, .body_size = task->argument_size};
    return wait_for(seat, seat->isolation->options.photo_timeout_s, &letter, sizeof *reply + task->argument_size);
}

static const char *name_of(int number)
{
    static const struct {
        int number;
        const char *name;
    } names[] = {{SIGSEGV, "SIGSEGV"}, {SIGABRT, "SIGABRT"}, {SIGBUS, "SIGBUS"},   {SIGFPE, "SIGFPE"},
                 {SIGILL, "SIGILL"},   {SIGTRAP, "SIGTRAP"}, {SIGKILL, "SIGKILL"}, {SIGXCPU, "SIGXCPU"}};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (names[i].number == number)
            return names[i].name;
    return "an unknown signal";
}

static int fail_for_memory(const hp_seat *seat, const hp_task_there *task, hp_error *err)
{
    return hp_fail(err, HP_E_DECODER, "%s needed more than %llu MiB of memory", task->doer,
                   (unsigned long long)(limit_of(seat, task) >> 20));
}

static int fail_for_death(const hp_seat *seat, const hp_task_there *task, const hp_burial *burial, hp_error *err)
{
    if (burial->signal == 0)
        return hp_fail(err, HP_E_DECODER, "%s ended by itself", task->doer);
    if (burial->signal == SIGSYS)
        return hp_fail(err, HP_E_DECODER, "%s tried what is forbidden to it (SIGSYS)", task->doer);
    if (burial->most_bytes / 4 > limit_of(seat, task) / 5)
        return fail_for_memory(seat, task, err);
    return hp_fail(err, HP_E_DECODER, "%s died of %s", task->doer, name_of(burial->signal));
}

/* What a trial means; *again: nothing yet, since the worker may have been spoilt by what it did before. */
static int conclude(hp_seat *seat, const hp_task_there *task, trial t, const hp_reply *reply, bool *again,
                    hp_error *err)
{
    bool fresh = seat->tasks == 0, starved = t == ANSWERED && reply->fault.code == HP_E_MEMORY;
    *again = !fresh && (t == DIED || starved);
    if (t == ANSWERED && !starved) {
        seat->tasks++;
        copy_back(seat, task, reply);
        return judge(reply, err);
    }
    hp_burial burial = bury(seat);
    if (*again)
        return HP_OK;
    if (t == STOPPED)
        return hp_fail(err, HP_E_STOPPED, "stopped");
    if (t == LATE)
        return hp_fail(err, HP_E_DECODER, "%s took longer than %u s", task->doer,
                       seat->isolation->options.photo_timeout_s);
    return starved ? fail_for_memory(seat, task, err) : fail_for_death(seat, task, &burial, err);
}

static int run_here(const hp_task_there *task, hp_error *err)
{
    void *memory[HP_WORKER_REGIONS] = {NULL};
    for (size_t i = 0; i < task->region_count; i++)
        memory[i] = task->regions[i].memory;
    return task->work(task->arguments, memory, err);
}

int hp_seat_run(hp_seat *seat, const hp_task_there *task, hp_error *err)
{
    assert(task->argument_size <= HP_WORKER_ARGUMENT_BYTES && task->region_count <= HP_WORKER_REGIONS);
    if (!seat)
        return run_here(task, err);
    int code = HP_OK;
    for (bool again = true; again && !code;) {
        hp_request request;
        hp_message message;
        hp_reply reply = {0};
        code = need_worker(seat, err);
        if (!code)
            code = make_request(seat, task, &request, &message, err);
        if (!code)
            code = conclude(seat, task, try_once(seat, task, &message, &reply), &reply, &again, err);
    }
    return code;
}
