#define _GNU_SOURCE /* memfd_create, file seals */
#include "base/shared.h"

#include "base/error.h"
#include "base/memory.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/random.h>
#include <unistd.h>

enum { HUGE_BYTES = 2 << 20 };

/*
 * In huge pages where the kernel grants them, for which the address must be a multiple of theirs: hence a larger place
 * first, of which that part is used.
 */
static void *map(int fd, size_t size, int rights)
{
    size_t spare = size >= HUGE_BYTES ? HUGE_BYTES : 0;
    /* cppcheck-suppress invalidFunctionArg; -1 is what goes with MAP_ANONYMOUS */
    char *place = mmap(NULL, size + spare, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (place == MAP_FAILED)
        return NULL;
    char *at = spare ? place + (spare - (uintptr_t)place % spare) % spare : place;
    size_t before = (size_t)(at - place);
    if (before)
        munmap(place, before);
    if (spare - before)
        munmap(at + size, spare - before);
    void *memory = mmap(at, size, rights, MAP_SHARED | MAP_FIXED, fd, 0);
    if (memory == MAP_FAILED) {
        munmap(at, size);
        return NULL;
    }
#ifdef MADV_HUGEPAGE
    if (spare)
        (void)madvise(memory, size, MADV_HUGEPAGE);
#endif
    return memory;
}

#ifndef MADV_COLLAPSE
#define MADV_COLLAPSE 25
#endif

/* So much of it can be in huge pages: not the last part, where less than half of one is wanted. */
static size_t huge_part(size_t wanted)
{
    return wanted < HUGE_BYTES ? 0 : (wanted + HUGE_BYTES / 2) / HUGE_BYTES * HUGE_BYTES;
}

/*
 * Has that part there, which the kernel makes when told to (Linux 6.1) even where it is set not to do so by itself:
 * 10 MB in 0.4 ms, in small pages 6 ms, 1 ms more in a second process, and 2 ms to free them. A huge page is made of
 * one that is there in part. Where none can be, and elsewhere, small ones come as they are needed. Returns whether it
 * could.
 */
static bool furnish(char *memory, size_t wanted)
{
    size_t size = huge_part(wanted);
    for (size_t at = 0; at < size; at += HUGE_BYTES)
        *(volatile char *)(memory + at) = 0;
    return size > 0 && madvise(memory, size, MADV_COLLAPSE) == 0;
}

/* Whole pages. */
static size_t round_up(size_t size)
{
    if (size > SIZE_MAX - HUGE_BYTES)
        return size;
    size_t page = (size_t)sysconf(_SC_PAGESIZE), least = (size + page - 1) / page * page;
    return least > huge_part(size) ? least : huge_part(size);
}

#ifndef F_SEAL_FUTURE_WRITE
#define F_SEAL_FUTURE_WRITE 0x0010
#endif

/*
 * A worker could otherwise make it shorter, and reading beyond its end would be the end of this process. This process
 * has mapped it already: only others lose the right to write.
 */
static bool seal(int fd, bool to_read)
{
    const int seals = F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_SEAL;
    return (to_read && fcntl(fd, F_ADD_SEALS, seals | F_SEAL_FUTURE_WRITE) == 0) || fcntl(fd, F_ADD_SEALS, seals) == 0;
}

static int make(hp_shared *shared, size_t size, bool to_read, hp_error *err)
{
    shared->size = round_up(size);
    shared->fd = memfd_create("hotpix", MFD_CLOEXEC | MFD_ALLOW_SEALING);
    if (shared->fd >= 0 && ftruncate(shared->fd, (off_t)shared->size) == 0 &&
        getrandom(shared->id, sizeof shared->id, 0) == sizeof shared->id)
        shared->memory = map(shared->fd, shared->size, PROT_READ | PROT_WRITE);
    if (shared->memory && !shared->roomy)
        (void)furnish(shared->memory, size);
    if (shared->memory && seal(shared->fd, to_read))
        return HP_OK;
    return hp_fail(err, HP_E_MEMORY, "no shared memory of %zu bytes: %s", size, strerror(errno));
}

static int create(size_t size, bool to_read, bool roomy, hp_shared **made, hp_error *err)
{
    *made = NULL;
    hp_shared *shared = hp_calloc(1, sizeof *shared, err);
    if (!shared)
        return HP_E_MEMORY;
    shared->fd = -1;
    shared->roomy = roomy;
    int code = make(shared, size, to_read, err);
    if (code)
        hp_shared_free(&shared);
    *made = shared;
    return code;
}

int hp_shared_create(size_t size, hp_shared **made, hp_error *err)
{
    return create(size, false, false, made, err);
}

int hp_shared_create_roomy(size_t size, hp_shared **made, hp_error *err)
{
    return create(size, false, true, made, err);
}

int hp_shared_create_to_read(size_t size, hp_shared **made, hp_error *err)
{
    return create(size, true, false, made, err);
}

static bool makes_huge_pages;

static void try_huge_pages(void)
{
    hp_shared *trial = NULL;
    if (hp_shared_create_roomy(HUGE_BYTES, &trial, NULL) == HP_OK)
        makes_huge_pages = furnish(trial->memory, HUGE_BYTES);
    hp_shared_free(&trial);
}

bool hp_shared_is_huge(size_t size)
{
    static pthread_once_t tried = PTHREAD_ONCE_INIT;
    pthread_once(&tried, try_huge_pages);
    return makes_huge_pages && size >= HUGE_BYTES;
}

void hp_shared_free(hp_shared **shared)
{
    hp_shared *old = *shared;
    if (!old)
        return;
    if (old->memory)
        munmap(old->memory, old->size);
    if (old->fd >= 0)
        close(old->fd);
    free(old);
    *shared = NULL;
}

/* Populated at once where it is written: page by page, as a decoder meets them, they would cost three times as much. */
void *hp_shared_map(int fd, size_t size, bool writable, bool roomy)
{
    void *memory = map(fd, size, writable ? PROT_READ | PROT_WRITE : PROT_READ);
#ifdef MADV_POPULATE_WRITE
    if (memory && writable && !roomy)
        (void)madvise(memory, size, MADV_POPULATE_WRITE);
#else
    (void)roomy;
#endif
    return memory;
}
