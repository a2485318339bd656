/* Runs of a column or row that stand out together, however little each pixel does (docs/method.md, 3.12). */
#ifndef HP_DETECT_LINE_RUNS_H
#define HP_DETECT_LINE_RUNS_H

#include "detect/lines.h"

/* Bytes that hp_line_runs_find takes while it runs. */
uint64_t hp_line_runs_bytes(const hp_photo_info *shape, unsigned threads);

/*
 * Adds the best run of each column and row, of either sign, that stands out enough; its residual is the sign alone.
 * Fails with HP_E_MEMORY.
 */
int hp_line_runs_find(const hp_maps *maps, hp_pool *pool, hp_lines *lines, hp_error *err);

#endif
