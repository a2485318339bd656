#ifndef HP_DETECT_RANDOM_H
#define HP_DETECT_RANDOM_H

#include <stdint.h>

/* The next of 2^64 numbers (splitmix64: Steele, Lea, Flood 2014); any state begins a row. */
static inline uint64_t hp_random_next(uint64_t *state)
{
    uint64_t z = *state += 0x9e3779b97f4a7c15u;
    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
    z = (z ^ z >> 27) * 0x94d049bb133111ebu;
    return z ^ z >> 31;
}

#endif
