/* The linear system of a patch. For patch.c alone. */
#ifndef HP_REPAIR_PATCH_SOLVER_H
#define HP_REPAIR_PATCH_SOLVER_H

#include "repair/patch.h"

enum {
    HP_PATCH_DIRECTIONS = 4,
    HP_BONDS_MOST = 2 * HP_PATCH_DIRECTIONS * HP_PATCH_CELLS,
};

/* weight (a - b)^2, or weight (a - 2 b + c)^2, is part of what becomes least. */
typedef struct hp_bond {
    int a, b, c; /* cells; c < 0: there is none */
    float weight;
} hp_bond;

/* A number for each open cell and a fault for each bad one. */
typedef struct hp_patch_vector {
    float value[HP_PATCH_CELLS];
    float fault[HP_PATCH_CELLS];
} hp_patch_vector;

struct hp_patch_solver {
    const hp_patch *patch;
    int open[HP_PATCH_CELLS], bad[HP_PATCH_CELLS]; /* cells */
    int open_count, bad_count;
    hp_bond bonds[HP_BONDS_MOST];
    int bond_count;
    float tie[HP_PATCH_CELLS]; /* precision of the fault of each bad cell, which is 0 but for its spread */
    hp_patch_vector x;         /* the start, then the result */
    hp_patch_vector rest, ahead, image, diagonal, scaled, sum;
};

/*
 * Finds x = (u, d) that makes least: the bonds' sum over u, plus (u + d - seen)' precision (u + d - seen) over the
 * blocks, plus the sum of tie d^2.
 */
void hp_patch_minimise(hp_patch_solver *solver);

#endif
