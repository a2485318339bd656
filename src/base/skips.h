/* The growing list of photos that were not counted. */
#ifndef HP_BASE_SKIPS_H
#define HP_BASE_SKIPS_H

#include "hotpix.h"

typedef struct hp_skips {
    hp_skipped *items;
    size_t count;
    size_t capacity;
} hp_skips;

/* Copies path and reason. Fails with HP_E_MEMORY. */
int hp_skips_add(hp_skips *skips, const char *path, const char *reason, bool harmless, hp_error *err);

/* Orders by path, bytewise, then reason. */
void hp_skips_sort(hp_skips *skips);

/* Fails with HP_E_NO_PHOTO: none of `count` files could be used, and why not the first. count may be 0. */
int hp_skips_no_photo(const hp_skipped *first, size_t count, hp_error *err);

/* Frees an array of them, as it stands in the public structures too. */
void hp_skipped_free(hp_skipped *items, size_t count);

#endif
