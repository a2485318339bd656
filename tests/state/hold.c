/*
 * Loaded by LD_PRELOAD: lets a program come to a photo and wait there, so that a test meets it at that place.
 *
 * HOLD_AT: end of the photo's path. HOLD_OPENING: the how many-th opening of it waits, over all processes (photos are
 * opened once to be grouped and once to be decoded; default 2). HOLD: a folder with two FIFOs: the program opens
 * `reached` for writing once it is there, and goes on when `go` is opened for writing.
 */
#define _GNU_SOURCE      /* RTLD_NEXT */
#undef _FILE_OFFSET_BITS /* or open would be compiled as open64 */
#include <dlfcn.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

typedef int open_fn(const char *path, int flags, ...);
typedef FILE *fopen_fn(const char *path, const char *mode);

static open_fn *real_open(const char *name)
{
    open_fn *function;
    *(void **)&function = dlsym(RTLD_NEXT, name);
    return function;
}

static bool ends_with(const char *text, const char *end)
{
    size_t length = strlen(text), wanted = strlen(end);
    return length >= wanted && strcmp(text + length - wanted, end) == 0;
}

/* Openings are counted by files, which several processes share. */
static int count_opening(const char *folder)
{
    char mark[4096];
    for (int i = 1; i < 100; i++) {
        snprintf(mark, sizeof mark, "%s/opening.%d", folder, i);
        int fd = real_open("open")(mark, O_WRONLY | O_CREAT | O_EXCL, 0666);
        if (fd < 0)
            continue;
        close(fd);
        return i;
    }
    return 0;
}

/* Opening a FIFO for writing waits for a reader, and the other way. */
static void meet(const char *folder, const char *name, int flags)
{
    char fifo[4096];
    snprintf(fifo, sizeof fifo, "%s/%s", folder, name);
    int fd = real_open("open")(fifo, flags);
    if (fd >= 0)
        close(fd);
}

static void hold(const char *path)
{
    const char *folder = getenv("HOLD"), *at = getenv("HOLD_AT"), *opening = getenv("HOLD_OPENING");
    if (!folder || !at || !ends_with(path, at) || count_opening(folder) != (opening ? atoi(opening) : 2))
        return;
    meet(folder, "reached", O_WRONLY);
    meet(folder, "go", O_RDONLY);
}

static mode_t mode_of(int flags, va_list arguments)
{
    bool makes = flags & O_CREAT || (flags & O_TMPFILE) == O_TMPFILE;
    return makes ? va_arg(arguments, mode_t) : 0;
}

int open(const char *path, int flags, ...)
{
    va_list arguments;
    va_start(arguments, flags);
    mode_t mode = mode_of(flags, arguments);
    va_end(arguments);
    hold(path);
    return real_open("open")(path, flags, mode);
}

int open64(const char *path, int flags, ...)
{
    va_list arguments;
    va_start(arguments, flags);
    mode_t mode = mode_of(flags, arguments);
    va_end(arguments);
    hold(path);
    return real_open("open64")(path, flags, mode);
}

FILE *fopen(const char *path, const char *mode)
{
    fopen_fn *function;
    *(void **)&function = dlsym(RTLD_NEXT, "fopen");
    hold(path);
    return function(path, mode);
}

FILE *fopen64(const char *path, const char *mode)
{
    fopen_fn *function;
    *(void **)&function = dlsym(RTLD_NEXT, "fopen64");
    hold(path);
    return function(path, mode);
}
