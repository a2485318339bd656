/* The sensor with every defect on it, over the score image. */
#ifndef HP_REPORT_MAP_H
#define HP_REPORT_MAP_H

#include "hotpix.h"

#include <stdio.h>

/* A defect is drawn by its kind; one that is only probable is dashed. */
enum { HP_KINDS = HP_WEAK + 1, HP_MARKED_MOST = 2000 };

/*
 * The inside of an svg element whose view box is the frame. Names begin with `prefix`, and a marker is a link to
 * "#<prefix>-d<index of the defect>" where links is true. At most HP_MARKED_MOST of the strongest are marked; marked
 * has a flag for each defect. Fails with HP_E_MEMORY.
 */
int hp_map_draw(FILE *stream, const hp_list *list, const char *prefix, bool links, const bool *marked, hp_error *err);

/* The indices of the defects, strongest first; freed with free. NULL for want of memory. */
size_t *hp_map_order(const hp_list *list, hp_error *err);

/* Which defects are the strongest, HP_MARKED_MOST at most; freed with free. NULL for want of memory. */
bool *hp_map_strongest(const hp_list *list, hp_error *err);

/* The sign of a kind, about 2 units wide around 0, 0, for those who draw a key. */
void hp_map_draw_sign(FILE *stream, hp_kind kind, hp_grade grade);

#endif
