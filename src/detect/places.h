/* What is planted, and where (docs/method.md, 5). */
#ifndef HP_DETECT_PLACES_H
#define HP_DETECT_PLACES_H

#include "detect/planting.h"

/* The steps of every kind for photos of this noise, DN; the caller frees *steps. Fails with HP_E_MEMORY. */
int hp_places_steps(double sigma, unsigned bits, hp_selftest_step **steps, size_t *count, hp_error *err);

/*
 * Spreads places for all steps over the frame, away from each other and from the list's defects, and sets
 * steps[i].planted; planting->items is the caller's to free. HP_E_UNSUPPORTED where the frame, or what the
 * list leaves of it, has too little room.
 */
int hp_places_spread(const hp_list *list, hp_selftest_step *steps, size_t count, hp_planting *planting, hp_error *err);

#endif
