/* XXH3-128 of a file's bytes: what makes two photos the same. */
#ifndef HP_BASE_HASH_H
#define HP_BASE_HASH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct hp_hash {
    uint64_t high, low;
} hp_hash;

hp_hash hp_hash_of(const void *bytes, size_t size);
bool hp_hash_equal(hp_hash a, hp_hash b);

/* The half of a set that a photo belongs to, whatever the order: odd hash or even. */
bool hp_hash_is_odd(hp_hash hash);

#endif
