/* Colour filter arrays: which colour each pixel of the visible area sees. */
#ifndef CAMSIM_CFA_H
#define CAMSIM_CFA_H

#include <stdint.h>

enum { CS_RED, CS_GREEN, CS_BLUE, CS_GREY };
enum { CS_PERIOD_MAX = 6 };

typedef struct cs_cfa {
    const char *name;
    int period;                                   /* 1 mono, 2 Bayer, 6 X-Trans */
    uint8_t colour[CS_PERIOD_MAX][CS_PERIOD_MAX]; /* [y][x], from the top left visible pixel */
} cs_cfa;

/* NULL if there is no array of that name. */
const cs_cfa *cs_cfa_find(const char *name);

static inline int cs_cfa_colour(const cs_cfa *cfa, int x, int y)
{
    return cfa->colour[y % cfa->period][x % cfa->period];
}

#endif
