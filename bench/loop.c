#include "loop.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

enum { THREADS_MAX = 256 };

typedef struct work {
    char **paths;
    int count;
    atomic_int next;
    loop_open open;
    int choice;
} work;

_Noreturn void loop_fail(const char *path, const char *why)
{
    fprintf(stderr, "%s: %s: %s\n", loop_name, path, why);
    exit(1);
}

unsigned char *loop_reserve(loop_buffer *buffer, size_t size)
{
    if (buffer->size < size) {
        free(buffer->bytes);
        buffer->bytes = malloc(size);
        buffer->size = size;
    }
    if (!buffer->bytes)
        loop_fail("memory", "there is not enough");
    return buffer->bytes;
}

size_t loop_read_file(const char *path, loop_room *room)
{
    struct stat status;
    FILE *in = fopen(path, "rb");
    if (!in || fstat(fileno(in), &status))
        loop_fail(path, "cannot be opened");
    size_t size = (size_t)status.st_size;
    if (fread(loop_reserve(&room->file, size), 1, size, in) != size)
        loop_fail(path, "cannot be read");
    fclose(in);
    return size;
}

static void *run(void *argument)
{
    work *w = argument;
    loop_room room = {0};
    for (int i = atomic_fetch_add(&w->next, 1); i < w->count; i = atomic_fetch_add(&w->next, 1))
        w->open(w->paths[i], w->choice, &room);
    free(room.file.bytes);
    free(room.image.bytes);
    return NULL;
}

static double now_s(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

int loop_run(char **arguments, loop_open open, int choice)
{
    work w = {.paths = arguments, .open = open, .choice = choice};
    int threads = 1;
    if (arguments[0] && arguments[1] && strcmp(arguments[0], "-j") == 0) {
        threads = atoi(arguments[1]);
        w.paths += 2;
    }
    while (w.paths[w.count])
        w.count++;
    if (w.count < 1 || threads < 1 || threads > THREADS_MAX)
        return 2;

    double start_s = now_s();
    pthread_t others[THREADS_MAX];
    for (int i = 1; i < threads; i++)
        if (pthread_create(&others[i], NULL, run, &w))
            loop_fail("thread", "cannot be started");
    run(&w);
    for (int i = 1; i < threads; i++)
        pthread_join(others[i], NULL);
    double seconds = now_s() - start_s;
    printf("%.3f seconds, %.2f ms a photo\n", seconds, 1e3 * seconds / w.count);
    return 0;
}
