/* Damaged files out of good ones, the same for the same seed. */
#ifndef TEST_MUTATE_H
#define TEST_MUTATE_H

#include <stddef.h>
#include <stdint.h>

/* splitmix64 (Steele, Lea, Flood 2014). */
uint64_t random_next(uint64_t *state);

/* 0 to limit - 1. */
size_t random_below(uint64_t *state, size_t limit);

typedef struct bytes {
    uint8_t *data; /* of malloc */
    size_t size;
} bytes;

/* Changes a file in one to four ways: bits, bytes, cuts, repetitions, numbers, or all of it. Leaves one byte at least.
 */
void mutate(uint64_t *state, bytes *file);

#endif
