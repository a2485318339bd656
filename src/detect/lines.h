/* Bad columns and rows, whole or in part (docs/method.md, 3.12). */
#ifndef HP_DETECT_LINES_H
#define HP_DETECT_LINES_H

#include "detect/marks.h"

enum { HP_LINE_NEAR = 4 }; /* px across a line in which it leaves its traces */

typedef struct hp_line {
    bool is_row;
    uint32_t at;         /* its column, or its row */
    uint32_t start, end; /* along it: the first px, and the one behind the last */
    float score;         /* 1 = threshold */
    float residual;      /* median of the mean differences to the ring, DN, signed */
    bool is_stroke;      /* of a date stamp */
    hp_box box;          /* the pixels that it is bad in: its width is told by the columns beside it */
} hp_line;

typedef struct hp_lines {
    hp_line *items; /* strongest first */
    size_t count;
} hp_lines;

/* Bytes that hp_lines_find takes while it runs. */
uint64_t hp_lines_bytes(const hp_photo_info *shape, unsigned threads);

/* effective_share: n_eff / n. Fails with HP_E_MEMORY. Freed with hp_lines_free. */
int hp_lines_find(const hp_maps *maps, double effective_share, hp_pool *pool, hp_lines *lines, hp_error *err);

/* Whether two run in one direction, beside each other at least in part. */
static inline bool hp_lines_overlap(const hp_line *a, const hp_line *b)
{
    return a->is_row == b->is_row && a->start < b->end && b->start < a->end;
}

/*
 * Drops the lines among whose sides marks stand, strokes of a date stamp, and those that run along a border. The marks
 * of the others get `in_line`, but for those of pixels that are far worse than their line; and so do those of a border.
 */
void hp_lines_take_marks(const hp_maps *maps, hp_lines *lines, hp_marks *marks);

void hp_lines_free(hp_lines *lines);

#endif
