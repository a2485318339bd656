#include "../unit/tests.h"
#include "base/confine.h"
#include "base/error.h"
#include "base/isolation.h"
#include "base/seats.h"
#include "photo/trust.h"

#include <math.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

static void nothing(void)
{
}

static hp_isolation *isolation;

static int start(void **state)
{
    (void)state;
    hp_error err;
    return hp_isolation_create(nothing, &isolation, &err);
}

static int end(void **state)
{
    (void)state;
    hp_isolation_end(&isolation);
    return 0;
}

static hp_seat *seat_for_test(void)
{
    hp_seat *seat;
    hp_error err;
    assert_int_equal(hp_seat_open(isolation, NULL, &seat, &err), HP_OK);
    assert_non_null(seat);
    return seat;
}

typedef struct numbers {
    pid_t process;
    unsigned add;
} numbers;

enum { COUNT = 100000 };

/* memory[1] = memory[0] + add */
static int add(void *arguments, void *const *memory, hp_error *err)
{
    (void)err;
    numbers *n = arguments;
    const uint8_t *from = memory[0];
    uint8_t *to = memory[1];
    for (size_t i = 0; i < COUNT; i++)
        to[i] = (uint8_t)(from[i] + n->add);
    n->process = getpid();
    return HP_OK;
}

static void add_by(hp_seat *seat, const hp_region *from, const hp_region *to, numbers *n)
{
    hp_error err = {0};
    hp_task_there task = {.work = add,
                          .doer = "adding",
                          .arguments = n,
                          .argument_size = sizeof *n,
                          .regions = {*from, *to},
                          .region_count = 2,
                          .memory_bytes = 64 << 20};
    assert_int_equal(hp_seat_run(seat, &task, &err), HP_OK);
    const uint8_t *a = from->memory, *b = to->memory;
    for (size_t i = 0; i < COUNT; i++)
        assert_int_equal(b[i], (uint8_t)(a[i] + n->add));
}

static void work_is_done_in_another_process_or_here(void **state)
{
    (void)state;
    static uint8_t from[COUNT] = {1, 2, 3}, to[COUNT];
    const hp_region private_from = {from, COUNT, NULL, false}, private_to = {to, COUNT, NULL, true};
    numbers n = {.add = 1};
    hp_seat *seat = seat_for_test();
    add_by(NULL, &private_from, &private_to, &n);
    assert_int_equal(n.process, getpid());
    n.add = 2;
    add_by(seat, &private_from, &private_to, &n);
    assert_int_not_equal(n.process, getpid());
    hp_seat_close(&seat);
}

static void a_limit_beyond_all_memory_is_none(void **state)
{
    (void)state;
    static uint8_t from[COUNT] = {1, 2, 3}, to[COUNT];
    const hp_region private_from = {from, COUNT, NULL, false}, private_to = {to, COUNT, NULL, true};
    const hp_isolation_options all = {.photo_memory_bytes = UINT64_MAX}, usual = {0};
    numbers n = {.add = 1};
    hp_isolation_set(isolation, &all);
    hp_seat *seat = seat_for_test();
    add_by(seat, &private_from, &private_to, &n);
    hp_seat_close(&seat);
    hp_isolation_set(isolation, &usual);
}

static void shared_memory_is_seen_by_both(void **state)
{
    (void)state;
    hp_shared *from, *to;
    assert_int_equal(hp_shared_create(COUNT, &from, NULL), HP_OK);
    assert_int_equal(hp_shared_create(5 << 20, &to, NULL), HP_OK);
    const hp_region shared_from = {from->memory, COUNT, from, false}, shared_to = {to->memory, COUNT, to, true};
    numbers n = {0};
    hp_seat *seat = seat_for_test();
    for (n.add = 1; n.add < 5; n.add++) {
        ((uint8_t *)from->memory)[n.add] = (uint8_t)(10 * n.add);
        add_by(seat, &shared_from, &shared_to, &n);
    }
    hp_seat_close(&seat);
    hp_shared_free(&from);
    hp_shared_free(&to);
}

/* More than a worker keeps at hand, some of them freed in between. */
static void any_number_of_memories_is_worked_on(void **state)
{
    (void)state;
    enum { MANY = 96 };
    hp_shared *memory[MANY];
    numbers n = {.add = 7};
    hp_seat *seat = seat_for_test();
    for (size_t i = 0; i < MANY; i++)
        assert_int_equal(hp_shared_create(COUNT, &memory[i], NULL), HP_OK);
    for (size_t i = 0; i < 4 * MANY; i++) {
        size_t a = i * 7 % MANY, b = (i * 11 + 1) % MANY;
        if (a == b)
            continue;
        memset(memory[a]->memory, (int)(i % 251), COUNT);
        add_by(seat, &(hp_region){memory[a]->memory, COUNT, memory[a], false},
               &(hp_region){memory[b]->memory, COUNT, memory[b], true}, &n);
        hp_shared_free(&memory[a]);
        assert_int_equal(hp_shared_create(COUNT, &memory[a], NULL), HP_OK);
    }
    hp_seat_close(&seat);
    for (size_t i = 0; i < MANY; i++)
        hp_shared_free(&memory[i]);
}

static int behave(void *arguments, void *const *memory, hp_error *err)
{
    (void)arguments;
    (void)memory;
    (void)err;
    return HP_OK;
}

/* Of the zygote, alive or not. */
static size_t count_workers(void)
{
    char name[64], list[4096];
    snprintf(name, sizeof name, "/proc/%d/task/%d/children", (int)isolation->zygote.pid, (int)isolation->zygote.pid);
    FILE *file = fopen(name, "r");
    assert_non_null(file);
    size_t size = fread(list, 1, sizeof list, file), count = 0;
    fclose(file);
    for (size_t i = 0; i < size; i++)
        count += list[i] == ' ';
    return count;
}

static void a_worker_that_cannot_be_reached_is_not_left_behind(void **state)
{
    (void)state;
    hp_error err = {0};
    struct rlimit before, none;
    hp_seat *used = seat_for_test(), *seat = seat_for_test(); /* the first has a worker of the tests before */
    size_t workers = count_workers();
    hp_task_there task = {.work = behave, .doer = "the work", .memory_bytes = 64 << 20};
    assert_int_equal(getrlimit(RLIMIT_NOFILE, &before), 0);
    none = (struct rlimit){STDERR_FILENO + 1, before.rlim_max};
    assert_int_equal(setrlimit(RLIMIT_NOFILE, &none), 0);
    for (size_t i = 0; i < 3; i++) {
        assert_int_equal(hp_seat_run(seat, &task, &err), HP_E_MEMORY);
        assert_string_equal(err.message, "no process for decoding: Too many open files");
    }
    assert_int_equal(setrlimit(RLIMIT_NOFILE, &before), 0);
    assert_int_equal(count_workers(), workers);
    assert_int_equal(hp_seat_run(seat, &task, &err), HP_OK);
    hp_seat_close(&seat);
    hp_seat_close(&used);
}

static char *volatile remembered;

/* What fails before the worker hears of it must leave nothing behind: the next task works on its own memory. */
static void a_task_without_memory_does_not_spoil_the_next(void **state)
{
    (void)state;
    static uint8_t to[COUNT], larger[3 * COUNT];
    hp_shared *first, *second;
    hp_error err = {0};
    numbers n = {.add = 3};
    struct rlimit before, none;
    assert_int_equal(hp_shared_create(COUNT, &first, NULL), HP_OK);
    assert_int_equal(hp_shared_create(COUNT, &second, NULL), HP_OK);
    memset(first->memory, 1, COUNT);
    memset(second->memory, 2, COUNT);
    hp_seat *seat = seat_for_test();
    const hp_region from = {first->memory, COUNT, first, false}, next = {second->memory, COUNT, second, false};
    const hp_region result = {to, COUNT, NULL, true}, more = {larger, sizeof larger, NULL, true};
    add_by(seat, &from, &result, &n);
    assert_int_equal(getrlimit(RLIMIT_NOFILE, &before), 0);
    none = (struct rlimit){STDERR_FILENO + 1, before.rlim_max};
    assert_int_equal(setrlimit(RLIMIT_NOFILE, &none), 0);
    hp_task_there task = {.work = add,
                          .doer = "adding",
                          .arguments = &n,
                          .argument_size = sizeof n,
                          .regions = {next, more},
                          .region_count = 2,
                          .memory_bytes = 64 << 20};
    assert_int_equal(hp_seat_run(seat, &task, &err), HP_E_MEMORY);
    assert_int_equal(setrlimit(RLIMIT_NOFILE, &before), 0);
    add_by(seat, &next, &result, &n);
    hp_seat_close(&seat);
    hp_shared_free(&first);
    hp_shared_free(&second);
}

static int remember(void *arguments, void *const *memory, hp_error *err)
{
    (void)arguments;
    (void)err;
    remembered = memory[0];
    return HP_OK;
}

static int scribble(void *arguments, void *const *memory, hp_error *err)
{
    (void)arguments;
    (void)memory;
    (void)err;
    remembered[0] = 'x';
    return HP_OK;
}

static int run_on(hp_seat *seat, hp_work *work, hp_shared *shared, bool writable, hp_error *err)
{
    hp_task_there task = {.work = work,
                          .doer = "the work",
                          .regions = {{shared->memory, COUNT, shared, writable}},
                          .region_count = 1,
                          .memory_bytes = 64 << 20};
    return hp_seat_run(seat, &task, err);
}

static void a_task_reaches_only_its_own_memory(void **state)
{
    (void)state;
    if (hp_is_sanitized())
        skip(); /* they answer SIGSEGV themselves */
    hp_shared *other, *own;
    hp_error err = {0};
    assert_int_equal(hp_shared_create(COUNT, &other, NULL), HP_OK);
    assert_int_equal(hp_shared_create(COUNT, &own, NULL), HP_OK);
    hp_seat *seat = seat_for_test();
    assert_int_equal(run_on(seat, remember, other, true, &err), HP_OK);
    assert_int_equal(run_on(seat, scribble, other, true, &err), HP_OK);
    assert_int_equal(((char *)other->memory)[0], 'x'); /* it can be reached while it is the task's */
    ((char *)other->memory)[0] = 'y';
    assert_int_equal(run_on(seat, scribble, own, true, &err), HP_E_DECODER);
    assert_string_equal(err.message, "the work died of SIGSEGV");
    assert_int_equal(run_on(seat, remember, other, false, &err), HP_OK);
    assert_int_equal(run_on(seat, scribble, other, false, &err), HP_E_DECODER); /* only to be read */
    assert_int_equal(((char *)other->memory)[0], 'y');
    hp_seat_close(&seat);
    hp_shared_free(&other);
    hp_shared_free(&own);
}

static int lie(void *arguments, void *const *memory, hp_error *err)
{
    (void)memory;
    (void)arguments;
    memset(err->message, 'A', sizeof err->message); /* without an end */
    return HP_E_STOPPED;
}

static void what_a_worker_says_is_not_believed(void **state)
{
    (void)state;
    hp_error err = {0};
    hp_shared *shared;
    assert_int_equal(hp_shared_create(COUNT, &shared, NULL), HP_OK);
    hp_seat *seat = seat_for_test();
    assert_int_equal(run_on(seat, lie, shared, true, &err), HP_E_INPUT);
    assert_int_equal(strlen(err.message), sizeof err.message - 1);
    hp_seat_close(&seat);
    hp_shared_free(&shared);
}

/* Answers that nobody asked for yet, as many as there is room for: so it need not listen, while it is asked. */
static int answer_ahead(void *arguments, void *const *memory, hp_error *err)
{
    enum { CHANNEL = STDERR_FILENO + 1 };
    (void)memory;
    (void)err;
    const hp_reply none = {0};
    const hp_message answer = {.head = &none, .head_size = sizeof none, .body = arguments, .body_size = COUNT / 2};
    while (getpid() > 0)
        if (!hp_channel_send(CHANNEL, &answer))
            sleep(1);
    return HP_OK;
}

static void a_worker_that_does_not_listen_holds_nobody_up(void **state)
{
    (void)state;
    enum { LONG_ENOUGH_S = 60 };
    static uint8_t arguments[COUNT / 2];
    hp_error err = {0};
    const hp_isolation_options one = {.photo_timeout_s = 1}, usual = {0};
    hp_isolation_set(isolation, &one);
    hp_seat *seat = seat_for_test();
    hp_task_there task = {.work = answer_ahead,
                          .doer = "the work",
                          .arguments = arguments,
                          .argument_size = sizeof arguments,
                          .memory_bytes = 64 << 20};
    alarm(LONG_ENOUGH_S);
    for (size_t i = 0; i < 20; i++)
        (void)hp_seat_run(seat, &task, &err);
    alarm(0);
    hp_seat_close(&seat);
    hp_isolation_set(isolation, &usual);
}

static int wait_for_ever(void *arguments, void *const *memory, hp_error *err)
{
    (void)arguments;
    (void)memory;
    (void)err;
    while (getpid() > 0)
        sleep(1);
    return HP_OK;
}

static void a_stop_ends_a_task_at_once(void **state)
{
    (void)state;
    hp_error err = {0};
    hp_seat *seat;
    hp_shared *shared;
    volatile sig_atomic_t stop = 1;
    assert_int_equal(hp_shared_create(COUNT, &shared, NULL), HP_OK);
    assert_int_equal(hp_seat_open(isolation, &stop, &seat, &err), HP_OK);
    assert_int_equal(run_on(seat, wait_for_ever, shared, true, &err), HP_E_STOPPED);
    hp_seat_close(&seat);
    hp_shared_free(&shared);
}

static void shared_memory_cannot_be_made_shorter(void **state)
{
    (void)state;
    hp_shared *shared;
    assert_int_equal(hp_shared_create(COUNT, &shared, NULL), HP_OK);
    assert_int_not_equal(ftruncate(shared->fd, 0), 0);
    hp_shared_free(&shared);
}

static hp_photo_info good_info(void)
{
    return (hp_photo_info){
        .camera = {.make = "A", .width = 400, .height = 300, .source = HP_SOURCE_RAW, .cfa = "RGGB", .bits = 12},
        .cfa = {2, 2, {'R', 'G', 'G', 'B'}},
        .channels = 1,
        .exposure_s = 0.01,
        .gain = 2,
        .taken_s = 1500000000,
    };
}

static void expect_refused(const hp_photo_info *info)
{
    hp_photo_info copy = *info;
    hp_error err = {0};
    assert_int_not_equal(hp_photo_info_check(&copy, &err), HP_OK);
    assert_true(err.message[0] != 0);
}

static void metadata_that_no_format_gives_are_refused(void **state)
{
    (void)state;
    hp_photo_info info = good_info();
    assert_int_equal(hp_photo_info_check(&info, NULL), HP_OK);
#define REFUSED(change) (info = good_info(), change, expect_refused(&info))
    REFUSED(info.camera.width = 0);
    REFUSED(info.camera.height = 1U << 31);
    REFUSED(info.camera.source = (hp_source)99);
    REFUSED(info.camera.source = HP_SOURCE_UNKNOWN);
    REFUSED(info.camera.bits = 0);
    REFUSED(info.camera.bits = 17);
    REFUSED(strcpy(info.camera.cfa, "RGBG"));
    REFUSED(info.cfa.width = 7);
    REFUSED(info.cfa.height = 0);
    REFUSED(info.cfa.colour[1] = 0x1b);
    REFUSED(info.channels = 2);
    REFUSED(info.frame = (hp_frame_kind)9);
    REFUSED(info.scale.shift = 40);
    REFUSED(info.scale.high = (double)INFINITY);
    REFUSED(info.exposure_s = (double)NAN);
    REFUSED(info.gain = -1);
    REFUSED(info.taken_s = INT64_MAX);
#undef REFUSED
    info = good_info();
    memset(info.camera.model, 'A', sizeof info.camera.model);
    assert_int_equal(hp_photo_info_check(&info, NULL), HP_OK);
    assert_int_equal(strlen(info.camera.model), sizeof info.camera.model - 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(work_is_done_in_another_process_or_here),
        cmocka_unit_test(a_limit_beyond_all_memory_is_none),
        cmocka_unit_test(shared_memory_is_seen_by_both),
        cmocka_unit_test(any_number_of_memories_is_worked_on),
        cmocka_unit_test(a_task_without_memory_does_not_spoil_the_next),
        cmocka_unit_test(a_worker_that_cannot_be_reached_is_not_left_behind),
        cmocka_unit_test(a_task_reaches_only_its_own_memory),
        cmocka_unit_test(what_a_worker_says_is_not_believed),
        cmocka_unit_test(a_worker_that_does_not_listen_holds_nobody_up),
        cmocka_unit_test(a_stop_ends_a_task_at_once),
        cmocka_unit_test(shared_memory_cannot_be_made_shorter),
        cmocka_unit_test(metadata_that_no_format_gives_are_refused),
    };
    return cmocka_run_group_tests_name("isolation", tests, start, end);
}
