/* Memory whose sizes cannot overflow, and large zeroed arrays. */
#ifndef HP_BASE_MEMORY_H
#define HP_BASE_MEMORY_H

#include "hotpix.h"

/* count zeroed items of size bytes; NULL and HP_E_MEMORY in err when that fails or overflows. Freed with free. */
void *hp_calloc(size_t count, size_t size, hp_error *err);

char *hp_strdup(const char *text, hp_error *err);

/* Makes room for `needed` items in *items, doubling *capacity. On failure nothing changes. */
int hp_grow(void **items, size_t *capacity, size_t needed, size_t size, hp_error *err);

/*
 * Zeroed memory straight from the kernel, in huge pages where it grants them, for arrays of megabytes: it counts
 * only when touched and goes back at once when freed. count * size must not be 0. Freed with hp_pages_free.
 */
void *hp_pages(size_t count, size_t size, hp_error *err);
void hp_pages_free(void *memory);

/* Gives back to the kernel what was freed and malloc keeps, where it can. */
void hp_memory_trim(void);

/* Bytes that the machine has; UINT64_MAX where it does not say. */
uint64_t hp_memory_of_machine(void);

/* Every byte of what malloc gives in a worker process (base/worker.h), until it is written. */
#define HP_UNWRITTEN 0xa5

/* a * b * c in *out, or false when it does not fit. */
bool hp_multiply(size_t a, size_t b, size_t c, size_t *out);

#endif
