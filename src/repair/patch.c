#include "repair/patch.h"

#include "repair/patch_solver.h"

#include <math.h>
#include <string.h>

/* Measured on photos of camsim against their defect-free twins: bench/repair.py. */
#define FIRST_SHARE 0.2f  /* weight of a first difference: the directions overlap */
#define SECOND_SHARE 0.1f /* of a second one */
#define LEAST_VARIANCE 1.f
#define WIDEST 200.f /* a fault before anything is known of it, in 8 bit levels */
#define TIGHTER 0.8f /* the worst fault found, as the spread of all in the second pass */

#define SMALL 1e-3f      /* keeps a spread above 0 */
#define LEAST_FAULT 1.f  /* a fault that is left, in 8 bit levels */
#define DOUBT_OF_ONE 2.f /* the same for a sample that was stored by itself */
#define DOUBT 0.6f       /* and one that is less than so many standard deviations of a cell about its neighbours */

enum { TRIPLES_NEEDED = 20, PASSES = 2 };

typedef struct direction {
    int x, y;
} direction;

static const direction directions[HP_PATCH_DIRECTIONS] = {{1, 0}, {0, 1}, {1, 1}, {1, -1}};

static bool is_inside(const hp_patch *p, int x, int y)
{
    return x >= 0 && y >= 0 && x < p->width && y < p->height;
}

/* The cell `steps` from x, y; -1 where there is none that says anything. */
static int cell_from(const hp_patch *p, int x, int y, direction d, int steps)
{
    x += d.x * steps;
    y += d.y * steps;
    return is_inside(p, x, y) && p->cell[hp_patch_at(x, y)] != HP_CELL_NONE ? hp_patch_at(x, y) : -1;
}

/* ---- what the good cells show ---- */

typedef struct variances {
    double first, second; /* mean squares of the differences */
    int pairs, triples;
} variances;

/* Open cells share the storing of the bad ones, which blurs them: they count only where others are too few. */
static bool is_good(const hp_patch *p, int at, bool known_only)
{
    if (at < 0)
        return false;
    return p->cell[at] == HP_CELL_GOOD || (!known_only && p->spread[at] <= 0);
}

static variances measure(const hp_patch *p, direction d, bool known_only)
{
    variances v = {0};
    for (int y = 0; y < p->height; y++)
        for (int x = 0; x < p->width; x++) {
            int a = cell_from(p, x, y, d, 0), b = cell_from(p, x, y, d, 1), c = cell_from(p, x, y, d, 2);
            if (!is_good(p, a, known_only) || !is_good(p, b, known_only))
                continue;
            double difference = (double)(p->seen[a] - p->seen[b]);
            v.first += difference * difference;
            v.pairs++;
            if (!is_good(p, c, known_only))
                continue;
            difference -= (double)(p->seen[b] - p->seen[c]);
            v.second += difference * difference;
            v.triples++;
        }
    v.first /= v.pairs ? v.pairs : 1;
    v.second /= v.triples ? v.triples : 1;
    return v;
}

/* Returns 1 / the variance of a neighbour along the direction about a good cell. */
static float add_bonds(hp_patch_solver *s, direction d)
{
    const hp_patch *p = s->patch;
    variances v = measure(p, d, true);
    if (v.triples < TRIPLES_NEEDED)
        v = measure(p, d, false);
    float first = FIRST_SHARE / ((float)v.first + LEAST_VARIANCE),
          second = SECOND_SHARE / ((float)v.second + LEAST_VARIANCE);
    for (int y = 0; y < p->height; y++)
        for (int x = 0; x < p->width; x++) {
            int a = cell_from(p, x, y, d, 0), b = cell_from(p, x, y, d, 1), c = cell_from(p, x, y, d, 2);
            if (a < 0 || b < 0)
                continue;
            bool open = p->cell[a] == HP_CELL_OPEN || p->cell[b] == HP_CELL_OPEN;
            if (open)
                s->bonds[s->bond_count++] = (hp_bond){a, b, -1, first};
            if (c >= 0 && (open || p->cell[c] == HP_CELL_OPEN))
                s->bonds[s->bond_count++] = (hp_bond){a, b, c, second};
        }
    return first / FIRST_SHARE;
}

/* ---- solving ---- */

/* Returns the mean of the good cells: where the bad ones begin. */
static float collect(hp_patch_solver *s)
{
    const hp_patch *p = s->patch;
    double sum = 0;
    int good = 0;
    s->open_count = s->bad_count = s->bond_count = 0;
    for (int y = 0; y < p->height; y++)
        for (int x = 0; x < p->width; x++) {
            int at = hp_patch_at(x, y);
            if (p->cell[at] == HP_CELL_NONE)
                continue;
            bool open = p->cell[at] == HP_CELL_OPEN, bad = open && p->spread[at] > 0;
            if (open)
                s->open[s->open_count++] = at;
            if (bad)
                s->bad[s->bad_count++] = at;
            sum += bad ? 0 : (double)p->seen[at];
            good += !bad;
        }
    return good ? (float)(sum / good) : 0;
}

static void start(hp_patch_solver *s, float mean)
{
    memcpy(s->x.value, s->patch->seen, sizeof s->x.value);
    memset(s->x.fault, 0, sizeof s->x.fault);
    for (int i = 0; i < s->bad_count; i++) {
        int at = s->bad[i];
        s->x.value[at] = mean;
        s->x.fault[at] = s->patch->seen[at] - mean;
    }
}

static void tie_faults(hp_patch_solver *s, float worst)
{
    for (int i = 0; i < s->bad_count; i++) {
        float deviation = worst * s->patch->spread[s->bad[i]];
        s->tie[s->bad[i]] = 1 / (deviation * deviation);
    }
}

/* Root mean square over the cells that are as bad as any. */
static float worst_fault(const hp_patch_solver *s)
{
    double sum = 0;
    int count = 0;
    for (int i = 0; i < s->bad_count; i++)
        if (s->patch->spread[s->bad[i]] >= 1) {
            double fault = (double)s->x.fault[s->bad[i]];
            sum += fault * fault;
            count++;
        }
    return count ? (float)sqrt(sum / count) : 0;
}

/* Where samples are stored one by one nothing but the neighbours says what a bad one should be. */
static void take_differences(hp_patch_solver *s)
{
    for (int i = 0; i < s->bad_count; i++)
        s->x.fault[s->bad[i]] = s->patch->seen[s->bad[i]] - s->x.value[s->bad[i]];
}

bool hp_patch_solve(hp_patch_solver *s, hp_patch *p)
{
    s->patch = p;
    start(s, collect(s));
    float known = 0; /* 1 / variance of a cell, from its neighbours along all directions */
    for (int i = 0; i < HP_PATCH_DIRECTIONS; i++)
        known += add_bonds(s, directions[i]);
    float least = fmaxf(LEAST_FAULT, (p->block_count ? DOUBT : DOUBT_OF_ONE) / sqrtf(known)), worst = WIDEST;
    for (int pass = 0; pass < PASSES && worst > least; pass++) { /* a further pass only finds less */
        tie_faults(s, worst);
        hp_patch_minimise(s);
        if (p->block_count == 0)
            take_differences(s);
        worst = TIGHTER * worst_fault(s) + SMALL;
    }
    memcpy(p->found, s->x.value, sizeof p->found);
    memcpy(p->fault, s->x.fault, sizeof p->fault);
    return worst > least;
}
