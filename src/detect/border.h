/* Borders of developed pictures, bars and strips of text too: rows and columns that hardly change
 * (docs/method.md, 3.5). */
#ifndef HP_DETECT_BORDER_H
#define HP_DETECT_BORDER_H

#include "detect/lines.h"

/* px from each side of the frame in which the sensor is not seen, or beside the edge of a border. */
typedef struct hp_border {
    uint32_t left, right, top, bottom;
} hp_border;

/* Fails with HP_E_MEMORY. */
int hp_border_find(const hp_maps *maps, hp_border *border, hp_error *err);
bool hp_border_is_there(const hp_border *border);

/* Drops the lines that run along it. */
void hp_border_drop_lines(const hp_border *border, const hp_maps *maps, hp_lines *lines);

/* Its marks are no peaks: they get `in_line`. */
void hp_border_take_marks(const hp_border *border, const hp_maps *maps, hp_marks *marks);

#endif
