#define _GNU_SOURCE /* close_range, wait4 */
#include "base/zygote.h"

#include "base/confine.h"
#include "base/error.h"
#include "base/worker.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { MOST_CLOSED_SINGLY = 1 << 16 };

/* What the zygote is asked. */
typedef struct order {
    pid_t bury; /* 0: spawn */
    bool confined;
} order;

typedef struct outcome {
    pid_t spawned; /* its channel comes along; -1: fault tells */
    int fault;     /* errno */
    hp_burial burial;
} outcome;

/* ---- the zygote's side ---- */

static void close_from(int first)
{
#ifdef SYS_close_range
    if (syscall(SYS_close_range, (unsigned)first, ~0U, 0) == 0)
        return;
#endif
    long most = sysconf(_SC_OPEN_MAX);
    for (int fd = first; fd < (most > 0 && most < MOST_CLOSED_SINGLY ? most : MOST_CLOSED_SINGLY); fd++)
        close(fd);
}

/* Takes what is written, and gives nothing: where there is no such device a channel whose other end is gone. */
static int open_nowhere(void)
{
    int ends[2], null = open("/dev/null", O_RDWR);
    if (null >= 0)
        return null;
    if (!hp_channel_open(ends))
        _exit(1);
    close(ends[1]);
    return ends[0];
}

/* Output of libraries goes nowhere; what sanitizers report must be seen. The channel becomes the first descriptor. */
static int keep_only(int channel)
{
    if (channel <= STDERR_FILENO) /* where the program has the three closed */
        channel = fcntl(channel, F_DUPFD, STDERR_FILENO + 1);
    if (channel < 0)
        _exit(1);
    int null = open_nowhere();
    dup2(null, STDIN_FILENO);
    dup2(null, STDOUT_FILENO);
    if (!hp_is_sanitized())
        dup2(null, STDERR_FILENO);
    int kept = STDERR_FILENO + 1;
    if (channel != kept)
        dup2(channel, kept);
    fcntl(kept, F_SETFD, FD_CLOEXEC);
    close_from(kept + 1);
    return kept;
}

/*
 * A terminal sends Ctrl-C to its whole process group, a service manager SIGTERM to all processes: what is to be done
 * then the program decides, which ends its workers when it ends. Faults of the process itself must end it.
 */
static void settle_signals(void)
{
    static const int own[] = {SIGABRT, SIGBUS,  SIGFPE,  SIGILL,  SIGSEGV, SIGSYS,  SIGTRAP,
                              SIGCHLD, SIGTSTP, SIGTTIN, SIGTTOU, SIGCONT, SIGXCPU, SIGXFSZ};
    for (int number = 1; number < SIGRTMIN; number++)
        signal(number, SIG_IGN);
    for (size_t i = 0; i < sizeof own / sizeof *own; i++)
        signal(own[i], SIG_DFL);
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
}

/* Dies with its parent, even by SIGKILL; also when that was gone before it could ask for it. */
static void die_with(pid_t parent)
{
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != parent)
        _exit(0);
}

static void forget_parent_memory(void)
{
    struct rlimit none = {0, 0};
    setrlimit(RLIMIT_CORE, &none); /* a core would be all that a hostile photo leaves behind */
}

static void spawn(int channel, bool confined, void (*prepare)(void))
{
    static bool prepared;
    if (!prepared)
        prepare();
    prepared = true;
    int ends[2] = {-1, -1};
    pid_t zygote = getpid();
    outcome done = {.spawned = hp_channel_open(ends) ? fork() : -1};
    done.fault = errno;
    if (done.spawned == 0) {
        die_with(zygote);
        int kept = dup2(ends[1], channel);
        close_from(kept + 1);
        fcntl(kept, F_SETFD, FD_CLOEXEC);
        hp_worker_serve(kept, confined);
    }
    hp_message answer = {.head = &done, .head_size = sizeof done, .fds = {ends[0]}, .fd_count = done.spawned > 0};
    hp_channel_send(channel, &answer);
    for (size_t i = 0; i < 2; i++)
        if (ends[i] >= 0)
            close(ends[i]);
}

static void bury(int channel, pid_t worker)
{
    outcome done = {.spawned = -1};
    struct rusage usage = {0};
    int status = 0;
    kill(worker, SIGKILL); /* one that died already is there until it is waited for, and keeps its own signal */
    if (wait4(worker, &status, 0, &usage) == worker && WIFSIGNALED(status))
        done.burial.signal = WTERMSIG(status);
    done.burial.most_bytes = (uint64_t)usage.ru_maxrss * 1024;
    hp_message answer = {.head = &done, .head_size = sizeof done};
    hp_channel_send(channel, &answer);
}

static _Noreturn void serve(int channel, void (*prepare)(void))
{
    order asked;
    for (;;) {
        hp_letter letter = {.head = &asked, .head_size = sizeof asked};
        if (hp_channel_receive(channel, &letter, HP_CHANNEL_FOREVER) != (ssize_t)sizeof asked)
            _exit(0);
        if (asked.bury)
            bury(channel, asked.bury);
        else
            spawn(channel, asked.confined, prepare);
    }
}

/*
 * Where TZ is not set, glibc looks at /etc/localtime again for every time it converts, and takes UTC for what it may
 * not open: named, the file is read this once.
 */
static _Noreturn void begin(int channel, pid_t parent, void (*prepare)(void))
{
    settle_signals();
    die_with(parent);
    forget_parent_memory();
    channel = keep_only(channel);
    setenv("TZ", ":/etc/localtime", 0);
    tzset();
    serve(channel, prepare);
}

/* ---- the program's side ---- */

int hp_zygote_start(void (*prepare)(void), hp_zygote *zygote, hp_error *err)
{
    *zygote = (hp_zygote){.channel = -1};
    int ends[2];
    pid_t self = getpid();
    if (!hp_channel_open(ends))
        return hp_fail(err, HP_E_UNSUPPORTED, "no process for decoding: %s", strerror(errno));
    pid_t pid = fork();
    if (pid == 0)
        begin(ends[1], self, prepare);
    close(ends[1]);
    if (pid < 0) {
        int fault = errno;
        close(ends[0]);
        return hp_fail(err, HP_E_UNSUPPORTED, "no process for decoding: %s", strerror(fault));
    }
    *zygote = (hp_zygote){pid, ends[0]};
    return HP_OK;
}

/* Its workers die with it. */
void hp_zygote_end(hp_zygote *zygote)
{
    if (zygote->pid <= 0)
        return;
    close(zygote->channel);
    kill(zygote->pid, SIGKILL);
    while (waitpid(zygote->pid, NULL, 0) < 0 && errno == EINTR)
        ;
    *zygote = (hp_zygote){.channel = -1};
}

static bool ask(const hp_zygote *zygote, const order *asked, outcome *done, hp_letter *letter)
{
    hp_message message = {.head = asked, .head_size = sizeof *asked};
    *letter = (hp_letter){.head = done, .head_size = sizeof *done, .fds = {-1, -1, -1, -1}};
    return hp_channel_send(zygote->channel, &message) &&
           hp_channel_receive(zygote->channel, letter, HP_CHANNEL_FOREVER) == (ssize_t)sizeof *done;
}

int hp_zygote_spawn(const hp_zygote *zygote, bool confined, pid_t *worker, int *channel, hp_error *err)
{
    order asked = {.confined = confined};
    outcome done = {.spawned = -1, .fault = EPIPE};
    hp_letter letter;
    bool answered = ask(zygote, &asked, &done, &letter);
    if (!answered || done.spawned <= 0 || letter.fds[0] < 0) {
        hp_letter_close(&letter);
        if (done.spawned > 0) { /* there is one, but no descriptor was left for its channel */
            (void)hp_zygote_bury(zygote, done.spawned);
            done.fault = EMFILE;
        }
        return hp_fail(err, HP_E_MEMORY, "no process for decoding: %s", strerror(done.fault));
    }
    *worker = done.spawned;
    *channel = letter.fds[0];
    return HP_OK;
}

hp_burial hp_zygote_bury(const hp_zygote *zygote, pid_t worker)
{
    order asked = {.bury = worker};
    outcome done = {0};
    hp_letter letter;
    if (!ask(zygote, &asked, &done, &letter))
        done.burial = (hp_burial){0};
    hp_letter_close(&letter);
    return done.burial;
}
