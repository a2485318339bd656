/* Flags of a byte each, few of them set, looked at many at a time. */
#ifndef HP_DETECT_FLAGS_H
#define HP_DETECT_FLAGS_H

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

enum { HP_FLAGS = sizeof(uint64_t) };

/* Whether one of HP_FLAGS flags is set. */
static inline bool hp_any_flag(const uint8_t *flags)
{
    uint64_t all;
    memcpy(&all, flags, sizeof all);
    return all != 0;
}

#endif
