/*
 * The linear system of a patch. For patch.c alone; both are compiled once for each x86-64 level, whose name is
 * HP_LEVEL, and give the same bits on every one. patch_levels.c chooses.
 */
#ifndef HP_REPAIR_PATCH_SOLVER_H
#define HP_REPAIR_PATCH_SOLVER_H

#include "repair/patch.h"

#define HP_PATCH_JOIN2(name, level) name##_##level
#define HP_PATCH_JOIN(name, level) HP_PATCH_JOIN2(name, level)
#define HP_OF_LEVEL(name) HP_PATCH_JOIN(name, HP_LEVEL)

enum {
    HP_PATCH_DIRECTIONS = 4,
    HP_PATCH_LANES = 8, /* cells that are reckoned at once */
    HP_PATCH_GROUPS_MOST = HP_PATCH_CELLS / HP_PATCH_LANES,
    HP_PATCH_ARMS = 1 + 4 * HP_PATCH_DIRECTIONS /* a cell itself, and two to both sides along each direction */
};

typedef struct hp_patch_direction {
    int x, y;
} hp_patch_direction;

extern const hp_patch_direction hp_patch_directions[HP_PATCH_DIRECTIONS];

/* A number for each open cell and a fault for each bad one. */
typedef struct hp_patch_vector {
    float value[HP_PATCH_CELLS];
    float fault[HP_PATCH_CELLS];
} hp_patch_vector;

typedef bool hp_patch_solve_fn(hp_patch_solver *solver, hp_patch *patch);

/* hp_patch_solve of each level. */
hp_patch_solve_fn hp_patch_solve_plain, hp_patch_solve_v2, hp_patch_solve_v3, hp_patch_solve_v4;

struct hp_patch_solver {
    hp_patch_solve_fn *solve; /* of this machine's level */
    const hp_patch *patch;
    int bad[HP_PATCH_CELLS]; /* cells */
    int bad_count;
    int group[HP_PATCH_GROUPS_MOST]; /* first cells of those groups that hold an open one, in their order */
    int group_count;
    float bonds[HP_PATCH_GROUPS_MOST][HP_PATCH_ARMS]
               [HP_PATCH_LANES]; /* what the cells around pull with; 0 for others */
    float says[HP_PATCH_CELLS];  /* 1: something, 0: nothing */
    float good[HP_PATCH_CELLS];  /* for patch.c: 1: counts where differences are measured, 0: not */
    float tie[HP_PATCH_CELLS];   /* precision of the fault of each bad cell, which is 0 but for its spread */
    hp_patch_vector x;           /* the start, then the result */
    hp_patch_vector rest, ahead, image, scaled;
    hp_patch_vector inverse;     /* preconditioner: of a cell's number and of its fault by themselves, */
    float cross[HP_PATCH_CELLS]; /* and of both together */
    float sum[HP_PATCH_CELLS];
    double first; /* the residual that the first pass began with; 0: none yet */
};

/* Takes the patch, with its open and bad cells and no bond. */
void HP_OF_LEVEL(hp_patch_solver_load)(hp_patch_solver *solver, const hp_patch *patch);

/*
 * From now on first (a - b)^2 + second (a - 2 b + c)^2 is part of what becomes least, of all cells a, b, c in a row
 * along the direction that say anything.
 */
void HP_OF_LEVEL(hp_patch_solver_bind)(hp_patch_solver *solver, int direction, float first, float second);

/*
 * Finds x = (u, d) that makes least: the bonds' sum over u, plus (u + d - seen)' precision (u + d - seen) over the
 * blocks, plus the sum of tie d^2.
 */
void HP_OF_LEVEL(hp_patch_minimise)(hp_patch_solver *solver);

#endif
