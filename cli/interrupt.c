#include "interrupt.h"

#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static volatile sig_atomic_t signal_seen;

static void note(int number)
{
    signal_seen = number;
}

/* SA_RESETHAND: a second Ctrl-C ends the program at once. */
static void watch(int number)
{
    struct sigaction old;
    struct sigaction action = {.sa_handler = note};
    if (sigaction(number, NULL, &old) || old.sa_handler == SIG_IGN)
        return;
    sigemptyset(&action.sa_mask);
    action.sa_flags = (int)SA_RESETHAND | SA_RESTART;
    sigaction(number, &action, NULL);
}

const volatile sig_atomic_t *interrupt_watch(void)
{
    watch(SIGINT);
    watch(SIGTERM);
    watch(SIGHUP);
    return &signal_seen;
}

void die_by(int number)
{
    signal(number, SIG_DFL);
    raise(number);
    _Exit(128 + number);
}

void interrupt_end_line(void)
{
    if (signal_seen == SIGINT && isatty(STDERR_FILENO))
        fputc('\n', stderr);
}

void interrupt_finish(void)
{
    die_by(signal_seen ? signal_seen : SIGINT);
}
