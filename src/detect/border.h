/* Borders of developed pictures, bars and strips of text too: rows and columns that hardly change
 * (docs/method.md, 3.5). */
#ifndef HP_DETECT_BORDER_H
#define HP_DETECT_BORDER_H

#include "base/pool.h"
#include "stats/residual.h"

/* px from each side of the frame in which the sensor is not seen, or beside the edge of a border. */
typedef struct hp_border {
    uint32_t left, right, top, bottom;
} hp_border;

/* Fails with HP_E_MEMORY. */
int hp_border_find(const hp_residual *residual, hp_pool *pool, hp_border *border, hp_error *err);
bool hp_border_is_there(const hp_border *border);

/* Whether a row, or a column, of a frame with so many lies in it. */
static inline bool hp_border_has(uint32_t at, uint32_t first, uint32_t last, uint32_t count)
{
    return at < first || at + last >= count;
}

#endif
