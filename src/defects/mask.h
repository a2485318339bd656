/*
 * Lists as masks: a value for every pixel of the frame, row by row. It is the sum of 1 hot, 2 stuck, 4 dead, 8 weak
 * where that is certain, and 16 times as much where it is probable.
 */
#ifndef HP_DEFECTS_MASK_H
#define HP_DEFECTS_MASK_H

#include "defects/list.h"

/* Pixels of a mask that is read or written: no sensor has as many, and a frame that is mistyped fills a disk. */
#define HP_MASK_PIXELS_MOST ((int64_t)1 << 30)

/* ---- from a list to rows ---- */

typedef struct hp_mask_painter {
    const hp_list *list;
    const hp_defect **order; /* by the first row of their boxes */
    size_t next;             /* the first that is not met yet */
    const hp_defect **open;  /* those that the last row was in */
    size_t open_count;
} hp_mask_painter;

/* Freed with hp_mask_painter_free in any case. The list stays the caller's. HP_E_INPUT: beyond HP_MASK_PIXELS_MOST. */
int hp_mask_painter_start(hp_mask_painter *painter, const hp_list *list, hp_error *err);

/* Fills row y, of the frame's width. Rows are asked for in order, from 0. */
void hp_mask_paint(hp_mask_painter *painter, uint32_t y, uint8_t *row);

void hp_mask_painter_free(hp_mask_painter *painter);

/* ---- from rows to a list ---- */

/* Pixels of one value beside each other, that go on from row to row. */
typedef struct hp_mask_run {
    uint32_t x, width, y;
    uint8_t value;
} hp_mask_run;

enum { HP_MASK_VALUES_MOST = 16 }; /* different ones, but 0, that a mask has; a photo has more */

/* All zero but maker is empty. */
typedef struct hp_mask_gatherer {
    hp_list_maker *maker;
    hp_mask_run *open, *now;
    size_t open_count, open_capacity, now_capacity;
    uint64_t bad, all; /* pixels so far */
    double values[HP_MASK_VALUES_MOST];
    unsigned value_count; /* one more where there are more */
} hp_mask_gatherer;

/*
 * Takes row y, of `width` values, 0 good; rows come in order. Runs of one value that are the same from row to row make
 * a box, so that the boxes cover the mask exactly, none twice.
 */
int hp_mask_gather(hp_mask_gatherer *gatherer, uint32_t y, const uint8_t *row, uint32_t width, hp_error *err);

/* Tells what stands in the file of another program for a bad pixel. */
void hp_mask_note(hp_mask_gatherer *gatherer, double value);

/*
 * After the last row, which was height - 1. HP_E_INPUT where more than half of the frame is bad, or a tenth with many
 * values: that is a photo.
 */
int hp_mask_gather_end(hp_mask_gatherer *gatherer, uint32_t height, hp_error *err);

void hp_mask_gatherer_free(hp_mask_gatherer *gatherer);

#endif
