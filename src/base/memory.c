#define _DEFAULT_SOURCE /* MAP_ANONYMOUS, madvise */
#include "base/memory.h"

#include "base/error.h"

#include <malloc.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

enum { HUGE_BYTES = 2 << 20, HEADER_BYTES = 4096 };

#ifdef FUZZING_BUILD_MODE_UNSAFE_FOR_PRODUCTION
bool hp_fuzz_refuses_memory(void); /* tests/fuzz/failing.c */
#else
static bool hp_fuzz_refuses_memory(void)
{
    return false;
}
#endif

bool hp_multiply(size_t a, size_t b, size_t c, size_t *out)
{
    if (b != 0 && a > SIZE_MAX / b)
        return false;
    size_t ab = a * b;
    if (c != 0 && ab > SIZE_MAX / c)
        return false;
    *out = ab * c;
    return true;
}

void *hp_calloc(size_t count, size_t size, hp_error *err)
{
    void *memory = hp_fuzz_refuses_memory() ? NULL : calloc(count ? count : 1, size);
    if (!memory)
        hp_fail(err, HP_E_MEMORY, "no memory for %zu times %zu bytes", count, size);
    return memory;
}

char *hp_strdup(const char *text, hp_error *err)
{
    size_t bytes = strlen(text) + 1;
    char *copy = hp_calloc(bytes, 1, err);
    if (copy)
        memcpy(copy, text, bytes);
    return copy;
}

int hp_grow(void **items, size_t *capacity, size_t needed, size_t size, hp_error *err)
{
    if (needed <= *capacity)
        return HP_OK;
    size_t wanted = *capacity < 8 ? 8 : *capacity;
    while (wanted < needed && wanted <= SIZE_MAX / 2)
        wanted *= 2;
    size_t bytes;
    bool fits = hp_multiply(wanted, size, 1, &bytes) && bytes && !hp_fuzz_refuses_memory();
    void *grown = fits ? realloc(*items, bytes) : NULL;
    if (!grown)
        return hp_fail(err, HP_E_MEMORY, "no memory for %zu times %zu bytes", needed, size);
    *items = grown;
    *capacity = wanted;
    return HP_OK;
}

/*
 * Where huge pages are to be had the address and the length are multiples of theirs: what lies before the first whole
 * one, or behind the last, would be small pages, each of which costs as much to find as clearing it does.
 */
static char *map_pages(size_t length)
{
    size_t spare = length % HUGE_BYTES == 0 ? HUGE_BYTES : 0;
    char *place = length > SIZE_MAX - spare
                      ? MAP_FAILED
                      : mmap(NULL, length + spare, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (place == MAP_FAILED || !spare)
        return place;
    size_t before = (spare - (uintptr_t)place % spare) % spare;
    char *at = place + before;
    if (before)
        munmap(place, before);
    if (spare - before)
        munmap(at + length, spare - before);
    return at;
}

void hp_memory_trim(void)
{
#ifdef M_TRIM_THRESHOLD
    (void)malloc_trim(0);
#endif
}

uint64_t hp_memory_of_machine(void)
{
#ifdef _SC_PHYS_PAGES
    long pages = sysconf(_SC_PHYS_PAGES), page = sysconf(_SC_PAGESIZE);
    if (pages > 0 && page > 0)
        return (uint64_t)pages * (uint64_t)page;
#endif
    return UINT64_MAX;
}

/* The length stands in a page before the memory, so that freeing needs the pointer alone. */
void *hp_pages(size_t count, size_t size, hp_error *err)
{
    size_t bytes;
    if (!hp_multiply(count, size, 1, &bytes) || bytes > SIZE_MAX - HEADER_BYTES - HUGE_BYTES) {
        hp_fail(err, HP_E_MEMORY, "no memory for %zu times %zu bytes", count, size);
        return NULL;
    }
    size_t length = bytes + HEADER_BYTES;
    bool huge = length >= HUGE_BYTES;
    length = huge ? (length + HUGE_BYTES - 1) / HUGE_BYTES * HUGE_BYTES : length;
    char *base = hp_fuzz_refuses_memory() ? MAP_FAILED : map_pages(length);
    if (base == MAP_FAILED) {
        hp_fail(err, HP_E_MEMORY, "no memory for %zu bytes", bytes);
        return NULL;
    }
#ifdef MADV_HUGEPAGE
    if (huge)
        (void)madvise(base, length, MADV_HUGEPAGE);
#endif
    memcpy(base, &length, sizeof length);
    return base + HEADER_BYTES;
}

void hp_pages_free(void *memory)
{
    if (!memory)
        return;
    char *base = (char *)memory - HEADER_BYTES;
    size_t length;
    memcpy(&length, base, sizeof length);
    munmap(base, length);
}
