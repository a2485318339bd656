/* The pixels that stand out at all, |S| > 0.6: everything after the maps works on these few (docs/method.md, 3.4). */
#ifndef HP_DETECT_MARKS_H
#define HP_DETECT_MARKS_H

#include "detect/maps.h"

#define HP_MARK_LEAST 0.6f

typedef struct hp_mark {
    uint32_t x, y;
    float score;  /* S, signed */
    bool overlay; /* part of a date stamp or border */
    bool in_line; /* part of a bad column or row */
} hp_mark;

/* In row order; those of row y are row_start[y] .. row_start[y + 1] - 1. */
typedef struct hp_marks {
    hp_mark *items;
    size_t count;
    size_t *row_start; /* height + 1 */
    uint32_t height;
} hp_marks;

/*
 * S of row y, width values; factors: from a map's value to S, which is 1 at the threshold. rows has room for HP_MAPS
 * rows.
 */
void hp_score_row(const hp_maps *maps, const float factors[HP_MAPS], uint32_t y, float *rows, float *scores);

/* Fails with HP_E_MEMORY. */
int hp_marks_create(const hp_maps *maps, const float thresholds[HP_MAPS], hp_pool *pool, hp_marks *marks,
                    hp_error *err);
void hp_marks_free(hp_marks *marks);

/* The first mark of row y at column x or right of it; index row_start[y + 1] when there is none. 0 <= y < height. */
size_t hp_marks_from(const hp_marks *marks, uint32_t x, uint32_t y);

/* Whether a mark is the largest in size of its 5x5; of equal ones the first. */
bool hp_marks_is_peak(const hp_marks *marks, size_t at);

#endif
