#define _GNU_SOURCE /* syscall, CLONE_THREAD */
#include "base/confine.h"

#include "base/error.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <seccomp.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

bool hp_is_sanitized(void)
{
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
    return true;
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer) || __has_feature(memory_sanitizer)
    return true;
#else
    return false;
#endif
#else
    return false;
#endif
}

/* Memory, threads, clocks, and what abort and exit need: all that decoding from memory into memory takes. */
static const int harmless[] = {
    SCMP_SYS(brk),
    SCMP_SYS(clock_getres),
    SCMP_SYS(clock_gettime),
    SCMP_SYS(clock_nanosleep),
    SCMP_SYS(close),
    SCMP_SYS(exit),
    SCMP_SYS(exit_group),
    SCMP_SYS(futex),
    SCMP_SYS(getcpu),
    SCMP_SYS(getpid),
    SCMP_SYS(getrandom),
    SCMP_SYS(getrusage),
    SCMP_SYS(gettid),
    SCMP_SYS(gettimeofday),
    SCMP_SYS(lseek),
    SCMP_SYS(madvise),
    SCMP_SYS(membarrier),
    SCMP_SYS(mremap),
    SCMP_SYS(munmap),
    SCMP_SYS(nanosleep),
    SCMP_SYS(read),
    SCMP_SYS(recvmsg),
    SCMP_SYS(restart_syscall),
    SCMP_SYS(rseq),
    SCMP_SYS(rt_sigaction),
    SCMP_SYS(rt_sigprocmask),
    SCMP_SYS(rt_sigreturn),
    SCMP_SYS(sched_getaffinity),
    SCMP_SYS(sched_yield),
    SCMP_SYS(set_robust_list),
    SCMP_SYS(set_tid_address),
    SCMP_SYS(sigaltstack),
    SCMP_SYS(sysinfo),
    SCMP_SYS(time),
    SCMP_SYS(uname),
};

/* What no decoder does by itself: here it is no longer the program that runs, and the kernel ends the process. */
static const int hostile[] = {
    SCMP_SYS(accept),
    SCMP_SYS(accept4),
    SCMP_SYS(bind),
    SCMP_SYS(connect),
    SCMP_SYS(execve),
    SCMP_SYS(execveat),
    SCMP_SYS(fork),
    SCMP_SYS(listen),
    SCMP_SYS(ptrace),
    SCMP_SYS(process_vm_readv),
    SCMP_SYS(process_vm_writev),
    SCMP_SYS(sendto),
    SCMP_SYS(socket),
    SCMP_SYS(socketpair),
    SCMP_SYS(vfork),
};

/* Memory that cannot become code; threads (aom and dav1d of AVIF start some) but no processes. */
static int add_conditional(scmp_filter_ctx filter, int channel)
{
    const scmp_datum_t threads = CLONE_VM | CLONE_THREAD;
    const struct scmp_arg_cmp no_code = SCMP_A2(SCMP_CMP_MASKED_EQ, PROT_EXEC, 0),
                              thread = SCMP_A0(SCMP_CMP_MASKED_EQ, threads, threads),
                              no_thread = SCMP_A0(SCMP_CMP_MASKED_EQ, CLONE_THREAD, 0),
                              to_parent = SCMP_A0(SCMP_CMP_EQ, (scmp_datum_t)channel),
                              to_null = SCMP_A0(SCMP_CMP_LE, STDERR_FILENO),
                              myself = SCMP_A0(SCMP_CMP_EQ, (scmp_datum_t)getpid()), only_ask = SCMP_A2(SCMP_CMP_EQ, 0),
                              name = SCMP_A0(SCMP_CMP_EQ, PR_SET_NAME);
    int code = seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(mmap), 1, no_code);
    code = code ? code : seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(mprotect), 1, no_code);
    code = code ? code : seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(clone), 1, thread);
    code = code ? code : seccomp_rule_add(filter, SCMP_ACT_KILL_PROCESS, SCMP_SYS(clone), 1, no_thread);
    code = code ? code : seccomp_rule_add(filter, SCMP_ACT_ERRNO(ENOSYS), SCMP_SYS(clone3), 0); /* clone is used then */
    code = code ? code : seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(sendmsg), 1, to_parent);
    code = code ? code : seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(write), 1, to_null);
    code = code ? code : seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(writev), 1, to_null);
    code = code ? code : seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(tgkill), 1, myself);
    code = code ? code : seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(prlimit64), 1, only_ask);
    return code ? code : seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(prctl), 1, name);
}

/* Calls that this machine has not give a fault that is none. */
static int add_all(scmp_filter_ctx filter, const int *calls, size_t count, uint32_t action)
{
    int code = 0;
    for (size_t i = 0; !code && i < count; i++) {
        code = seccomp_rule_add(filter, action, calls[i], 0);
        code = code == -EDOM ? 0 : code;
    }
    return code;
}

/*
 * All else fails with EPERM, as opening does: libraries look for settings and plug-ins that they can do without. The
 * slower code paths that some kernels give to a filtered process against Spectre are left out: its memory holds
 * nothing but the photo.
 */
static int filter_calls(int channel, hp_error *err)
{
    scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ERRNO(EPERM));
    int code = filter ? 0 : -ENOMEM;
    if (!code)
        code = add_all(filter, harmless, sizeof harmless / sizeof *harmless, SCMP_ACT_ALLOW);
    if (!code)
        code = add_all(filter, hostile, sizeof hostile / sizeof *hostile, SCMP_ACT_KILL_PROCESS);
    if (!code)
        code = add_conditional(filter, channel);
    if (!code)
        (void)seccomp_attr_set(filter, SCMP_FLTATR_CTL_SSB, 1);
    if (!code)
        code = seccomp_load(filter);
    seccomp_release(filter);
    return code ? hp_fail(err, HP_E_UNSUPPORTED, "seccomp: %s", strerror(-code)) : HP_OK;
}

/*
 * A second lock on files, and on the network where the kernel knows that (ABI 4): a rule set that allows nothing. It
 * also holds where seccomp is refused; a kernel without it is no fault.
 */
static void close_files(void)
{
#ifdef SYS_landlock_create_ruleset
    enum { ASK_VERSION = 1 }; /* linux/landlock.h, which older systems lack */
    enum { FIRST_FILE_RIGHTS = (1 << 13) - 1, REFER = 1 << 13, TRUNCATE = 1 << 14, DEVICES = 1 << 15, NETWORK = 3 };
    struct {
        uint64_t files, network;
    } rules = {.files = FIRST_FILE_RIGHTS};
    long version = syscall(SYS_landlock_create_ruleset, NULL, (size_t)0, ASK_VERSION);
    if (version < 1)
        return;
    rules.files |= (version >= 2 ? REFER : 0) | (version >= 3 ? TRUNCATE : 0) | (version >= 5 ? DEVICES : 0);
    rules.network = version >= 4 ? NETWORK : 0;
    long set = syscall(SYS_landlock_create_ruleset, &rules, version >= 4 ? sizeof rules : sizeof rules.files, 0);
    if (set < 0)
        return;
    (void)syscall(SYS_landlock_restrict_self, (int)set, 0);
    close((int)set);
#endif
}

int hp_confine(int channel, hp_error *err)
{
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0))
        return hp_fail(err, HP_E_UNSUPPORTED, "no_new_privs: %s", strerror(errno));
    close_files();
    return filter_calls(channel, err);
}
