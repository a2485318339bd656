/*
 * A small piece of a picture of which some samples are bad, and what the good ones say of all. A Gaussian model:
 * differences between neighbours along four directions have the variances that the good samples nearby show, so that
 * an edge goes on through a gap (docs/repair.md has the formulas).
 */
#ifndef HP_REPAIR_PATCH_H
#define HP_REPAIR_PATCH_H

#include "hotpix.h"

enum {
    HP_PATCH_SIDE = 48, /* px at most */
    HP_PATCH_CELLS = HP_PATCH_SIDE * HP_PATCH_SIDE,
    HP_PATCH_BLOCK = 8, /* px, side of a block */
    HP_PATCH_BLOCK_CELLS = HP_PATCH_BLOCK * HP_PATCH_BLOCK,
    HP_PATCH_BLOCKS_MOST = 16,
    HP_PATCH_RIM = 3
};

typedef enum hp_cell {
    HP_CELL_NONE, /* says nothing: outside, or bad and not to be found out */
    HP_CELL_GOOD, /* known, stays as it is */
    HP_CELL_OPEN  /* to be found out */
} hp_cell;

/* How exactly a block was stored: as coefficients of these waves, [frequency][sample], each by itself. */
typedef struct hp_precision {
    float basis[HP_PATCH_BLOCK][HP_PATCH_BLOCK];
    float turned[HP_PATCH_BLOCK][HP_PATCH_BLOCK];          /* [sample][frequency] */
    float of_coefficients[HP_PATCH_BLOCK][HP_PATCH_BLOCK]; /* 1 / variance of their errors */
    float of_samples[HP_PATCH_BLOCK][HP_PATCH_BLOCK];      /* of one while the others are known */
} hp_precision;

/*
 * Cells stand row by row, HP_PATCH_SIDE from one row to the next. No open cell is in the first HP_PATCH_RIM rows, nor
 * in the last ones that there is room for.
 */
typedef struct hp_patch {
    int width, height;            /* px */
    uint8_t cell[HP_PATCH_CELLS]; /* hp_cell */
    float seen[HP_PATCH_CELLS];
    float spread[HP_PATCH_CELLS]; /* how far off an open cell may be, as a share of the worst; 0: it is not bad */
    int block_count;              /* blocks of open cells whose samples were stored together; 0: stored as they are */
    int blocks[HP_PATCH_BLOCKS_MOST]; /* index of the first cell of each */
    const hp_precision *precision;    /* the same for all of them */
    float found[HP_PATCH_CELLS];      /* result: what the cells should be; seen where they are not open */
    float fault[HP_PATCH_CELLS];      /* result: how far off the bad ones are, 0 elsewhere */
} hp_patch;

/* Memory that patches are solved in, one after the other. */
typedef struct hp_patch_solver hp_patch_solver;

hp_patch_solver *hp_patch_solver_create(hp_error *err);
void hp_patch_solver_free(hp_patch_solver **solver);

static inline int hp_patch_at(int x, int y)
{
    return y * HP_PATCH_SIDE + x;
}

/*
 * Fills found and fault. Returns whether the bad cells are off at all: false where what is seen is as likely as not.
 */
bool hp_patch_solve(hp_patch_solver *solver, hp_patch *patch);

#endif
