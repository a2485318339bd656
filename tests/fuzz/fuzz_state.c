/* A state: what loads, saves and loads as the same bytes. Checksums pass here, or nothing behind them would be met. */
#define _GNU_SOURCE /* memfd_create */
#include "base/pool.h"
#include "failing.h"
#include "stats/kernels.h"
#include "stats/state_file.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* An open file of these bytes, and its name. */
static int file_of(const uint8_t *data, size_t size, char name[64])
{
    int fd = memfd_create("state", 0);
    if (fd < 0 || write(fd, data, size) != (ssize_t)size)
        fuzz_wrong("a file in memory can be made");
    snprintf(name, 64, "/proc/self/fd/%d", fd);
    return fd;
}

/* The same pool for all inputs: one thread, so that memory is counted in order. */
static hp_pool *the_pool(void)
{
    static hp_pool *pool;
    if (!pool && hp_pool_create(1, &pool, NULL))
        fuzz_wrong("a pool can be made");
    return pool;
}

static bool load(const char *name, hp_state *state, bool starved)
{
    hp_state_file file;
    hp_error err = {0};
    *state = (hp_state){0};
    int code = hp_state_open(name, &file, &err);
    if (!code)
        code = hp_state_load(&file, hp_kernels_of(HP_CPU_PLAIN), the_pool(), state, &err);
    if (code && !starved && (code != err.code || !strstr(err.message, name)))
        fuzz_wrong("a failure has its code and names the file");
    hp_state_close(&file);
    return !code;
}

/* Saves into a file in memory; its bytes are to be freed. */
static uint8_t *save(hp_state *state, size_t *size)
{
    hp_error err = {0};
    int fd = memfd_create("saved", 0);
    hp_album_sort(&state->album);
    if (hp_state_write(state, NULL, NULL, the_pool(), fd, &err)) {
        fprintf(stderr, "%s\n", err.message);
        fuzz_wrong("what was loaded can be saved");
    }
    *size = (size_t)lseek(fd, 0, SEEK_END);
    uint8_t *bytes = malloc(*size);
    if (!bytes || pread(fd, bytes, *size, 0) != (ssize_t)*size)
        fuzz_wrong("what was saved can be read");
    close(fd);
    return bytes;
}

static void check_round_trip(hp_state *state)
{
    size_t size = 0, again_size = 0;
    char name[64];
    uint8_t *bytes = save(state, &size);
    hp_state second;
    int fd = file_of(bytes, size, name);
    if (!load(name, &second, false))
        fuzz_wrong("what was saved loads");
    uint8_t *again = save(&second, &again_size);
    if (size != again_size || memcmp(bytes, again, size) != 0)
        fuzz_wrong("what was saved saves as the same bytes");
    hp_state_free(&second);
    close(fd);
    free(bytes);
    free(again);
}

static bool attempt(const uint8_t *data, size_t size, bool starved)
{
    char name[64];
    hp_state state;
    int fd = file_of(data, size, name);
    (void)hp_state_is_one(name);
    bool good = load(name, &state, starved);
    if (good && !starved)
        check_round_trip(&state);
    hp_state_free(&state);
    close(fd);
    return good;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    fuzz_with_failing_memory(attempt, data, size);
    return 0;
}
