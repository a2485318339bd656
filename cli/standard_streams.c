#include "standard_streams.h"

#include "command.h"
#include "interrupt.h"
#include "say.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

void streams_start(void)
{
    for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++)
        if (fcntl(fd, F_GETFD) < 0 && errno == EBADF)
            (void)open("/dev/null", fd == STDIN_FILENO ? O_WRONLY : O_RDONLY);
    signal(SIGPIPE, SIG_IGN);
    signal(SIGXFSZ, SIG_IGN);
}

void streams_end_by_pipe(void)
{
    signal(SIGPIPE, SIG_DFL);
}

/* A reader that has gone (head, less) is no fault to speak of: end by SIGPIPE, as without the signal ignored. */
int streams_finish(int code)
{
    errno = 0;
    bool failed = ferror(stdout) != 0;
    if (fflush(stdout) == 0 && !failed && fclose(stdout) == 0)
        return code;
    if (errno == EPIPE)
        die_by(SIGPIPE);
    return say(EXIT_FAILED, "the result could not be written to standard output%s%s", errno ? ": " : "",
               errno ? strerror(errno) : "");
}
