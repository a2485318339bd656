/* The history of a list's defects as a list holds it: its memory. What it means: docs/history.md. */
#ifndef HP_DEFECTS_HISTORY_H
#define HP_DEFECTS_HISTORY_H

#include "hotpix.h"

/* A history of so many photos and defects, all of it zero. Fails with HP_E_MEMORY. Freed with hp_history_free. */
int hp_history_create(size_t photos, size_t defects, hp_history **history, hp_error *err);
void hp_history_free(hp_history **history);

/* Whether a list of the result has one. */
bool hp_history_is_in(const hp_result *result);

#endif
