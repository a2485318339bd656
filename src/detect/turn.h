/* Where pixels come to lie when a photo is turned. */
#ifndef HP_DETECT_TURN_H
#define HP_DETECT_TURN_H

#include <stdint.h>

typedef struct hp_turn {
    unsigned degrees;       /* clockwise: 90, 180, 270 */
    uint32_t width, height; /* px of the frame before it */
} hp_turn;

static inline void hp_turn_place(const hp_turn *t, uint32_t x, uint32_t y, uint32_t *to_x, uint32_t *to_y)
{
    *to_x = t->degrees == 180 ? t->width - 1 - x : t->degrees == 90 ? t->height - 1 - y : y;
    *to_y = t->degrees == 180 ? t->height - 1 - y : t->degrees == 90 ? x : t->width - 1 - x;
}

#endif
