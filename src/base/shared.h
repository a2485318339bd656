/* Memory that this process and its workers see alike. */
#ifndef HP_BASE_SHARED_H
#define HP_BASE_SHARED_H

#include "hotpix.h"

typedef struct hp_shared {
    void *memory;   /* zeroed when made */
    size_t size;    /* bytes, not 0; it never changes */
    int fd;         /* what a worker maps it by */
    uint64_t id[2]; /* its own, for ever */
    bool roomy;     /* most of it will never be touched, and need not be there */
} hp_shared;

/* Whether memory of this size is given in huge pages here, so that mapping it in a worker costs next to nothing. */
bool hp_shared_is_huge(size_t size);

/* All of it is meant to be used. Fails with HP_E_MEMORY. Freed with hp_shared_free. */
int hp_shared_create(size_t size, hp_shared **made, hp_error *err);

/* The same where most of it is not. */
int hp_shared_create_roomy(size_t size, hp_shared **made, hp_error *err);

/* The same that other processes can only read, whatever they try (from Linux 5.1 on). */
int hp_shared_create_to_read(size_t size, hp_shared **made, hp_error *err);
void hp_shared_free(hp_shared **shared);

/* All of the same memory in another process: its address there, or NULL. Undone with munmap. */
void *hp_shared_map(int fd, size_t size, bool writable, bool roomy);

#endif
