/*
 * Faults that no other tool makes, preloaded into a program; the environment says which:
 *   SHIM_SHORT=1        read gives a few bytes at a time
 *   SHIM_CHANGE=FILE    at the first read of a file of that name ...
 *   SHIM_HOW=HOW        ... it is made to "shrink", "grow", "vanish", or "fail" (EIO)
 *   SHIM_CLOCK=1        every clock runs backwards
 *   SHIM_HASTE=N        every clock is N s later each time that it is looked at
 *   SHIM_LOCALE=1       the program is one that has taken the locale of the environment
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <locale.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

/* The function that would have been called. memcpy: ISO C knows no way from an object's address to a function's. */
#define NEXT(function, name)                                                                                           \
    do {                                                                                                               \
        void *symbol_ = dlsym(RTLD_NEXT, name);                                                                        \
        memcpy(&(function), &symbol_, sizeof(function));                                                               \
    } while (0)

__attribute__((constructor)) static void take_locale(void)
{
    if (getenv("SHIM_LOCALE"))
        setlocale(LC_ALL, "");
}

static bool is_the_file(int fd, char *path, size_t size)
{
    const char *wanted = getenv("SHIM_CHANGE");
    char link[64];
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t length = wanted ? readlink(link, path, size - 1) : -1;
    if (length < 0)
        return false;
    path[length] = 0;
    const char *name = strrchr(path, '/');
    return name && strcmp(name + 1, wanted) == 0;
}

static void change(const char *path, const char *how)
{
    struct stat status;
    if (strcmp(how, "vanish") == 0)
        (void)unlink(path);
    else if (stat(path, &status) == 0)
        (void)!truncate(path, strcmp(how, "grow") == 0 ? status.st_size + 5000 : status.st_size / 2);
}

ssize_t read(int fd, void *buffer, size_t size)
{
    static atomic_bool done;
    char path[4096];
    const char *how = getenv("SHIM_HOW");
    if (how && is_the_file(fd, path, sizeof path)) {
        if (strcmp(how, "fail") == 0) {
            errno = EIO;
            return -1;
        }
        if (!atomic_exchange(&done, true))
            change(path, how);
    }
    bool some = getenv("SHIM_SHORT") && size > 1;
    ssize_t (*next)(int, void *, size_t);
    NEXT(next, "read");
    return next(fd, buffer, some ? 1 + size / 3 : size);
}

int clock_gettime(clockid_t id, struct timespec *now)
{
    static atomic_int calls;
    int (*next)(clockid_t, struct timespec *);
    NEXT(next, "clock_gettime");
    int code = next(id, now);
    const char *haste = getenv("SHIM_HASTE");
    if (code == 0 && haste)
        now->tv_sec += strtol(haste, NULL, 10) * atomic_fetch_add(&calls, 1);
    if (code == 0 && getenv("SHIM_CLOCK"))
        now->tv_sec += 1000000 - 10 * atomic_fetch_add(&calls, 1);
    return code;
}
