/*
 * Runs a program on a kernel that knows neither seccomp nor Landlock, as far as it can tell: refuse PROGRAM
 * ARGUMENT... With REFUSE=seccomp in the environment Landlock is there. refuse --has-landlock: whether it is at all.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <seccomp.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

int main(int argc, char **argv)
{
    if (argc == 2 && strcmp(argv[1], "--has-landlock") == 0)
        return syscall(SYS_landlock_create_ruleset, NULL, 0, 1) > 0 ? 0 : 1;
    scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ALLOW);
    const struct scmp_arg_cmp mode = SCMP_A0(SCMP_CMP_EQ, PR_SET_SECCOMP);
    bool landlock_too = !getenv("REFUSE");
    if (argc < 2 || !filter || seccomp_rule_add(filter, SCMP_ACT_ERRNO(ENOSYS), SCMP_SYS(seccomp), 0) ||
        (landlock_too && seccomp_rule_add(filter, SCMP_ACT_ERRNO(ENOSYS), SCMP_SYS(landlock_create_ruleset), 0)) ||
        seccomp_rule_add(filter, SCMP_ACT_ERRNO(EINVAL), SCMP_SYS(prctl), 1, mode) || seccomp_load(filter)) {
        fputs("refuse: no filter\n", stderr);
        return 99;
    }
    execv(argv[1], argv + 1);
    perror(argv[1]);
    return 99;
}
