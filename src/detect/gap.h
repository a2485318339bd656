#ifndef HP_DETECT_GAP_H
#define HP_DETECT_GAP_H

#include <stdint.h>

/* px between two places of one axis. */
static inline uint32_t hp_gap(uint32_t a, uint32_t b)
{
    return a > b ? a - b : b - a;
}

#endif
