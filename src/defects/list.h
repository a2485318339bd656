/* Defect lists: order, bounds, memory. A list does not know where it came from. */
#ifndef HP_DEFECTS_LIST_H
#define HP_DEFECTS_LIST_H

#include "hotpix.h"

/* Orders defects by y, then x: the order of every output. */
void hp_defects_sort(hp_defect *defects, size_t count);

/* HP_E_INPUT, naming the first defect that does not lie, with its whole box, inside the camera's frame. */
int hp_list_check(const hp_list *list, hp_error *err);

/* Frees what the list owns, not the list itself. */
void hp_list_clear(hp_list *list);

#endif
