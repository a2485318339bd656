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

#ifdef FUZZING_BUILD_MODE_UNSAFE_FOR_PRODUCTION
#define RIGHT_SHARE 0.f /* nothing is right: the pixels of a fuzzed photo mostly are, and nothing would be written */
#else
#define RIGHT_SHARE 1.f
#endif

enum { TRIPLES_NEEDED = 20, PASSES = 2, LANES = HP_PATCH_LANES };

typedef hp_patch_direction direction;

/* ---- what the good cells show ---- */

typedef struct variances {
    float first, second; /* mean squares of the differences */
    float triples;
} variances;

/* By lanes: what one after the other would have to wait for, eight add at once. */
typedef struct lane_sums {
    float first[LANES], pairs[LANES], second[LANES], triples[LANES];
} lane_sums;

static void take_good(float *restrict good, const uint8_t *restrict cell)
{
    for (int i = 0; i < HP_PATCH_CELLS; i++)
        good[i] = cell[i] == HP_CELL_GOOD;
}

static void add_open(float *restrict good, const uint8_t *restrict cell, const float *restrict spread)
{
    for (int i = 0; i < HP_PATCH_CELLS; i++)
        good[i] = cell[i] == HP_CELL_OPEN && spread[i] <= 0 ? 1 : good[i];
}

/* Of up to LANES rows of three cells, which begin side by side. */
static inline void add_triples(lane_sums *to, const float *seen, const float *good, int step, int count)
{
    for (int i = 0; i < count; i++) {
        float pair = good[i] * good[i + step], triple = pair * good[i + 2 * step];
        float first = seen[i] - seen[i + step], second = first - (seen[i + step] - seen[i + 2 * step]);
        to->first[i] += pair * first * first;
        to->pairs[i] += pair;
        to->second[i] += triple * second * second;
        to->triples[i] += triple;
    }
}

static float total(const float lanes[LANES])
{
    float sum = 0;
    for (int i = 0; i < LANES; i++)
        sum += lanes[i];
    return sum;
}

/* Over all rows of three cells within the patch. */
static variances measure(const hp_patch_solver *s, direction d)
{
    const hp_patch *p = s->patch;
    const int step = hp_patch_at(d.x, d.y), width = p->width - 2 * d.x;
    const int top = d.y < 0 ? -2 * d.y : 0, bottom = d.y > 0 ? p->height - 2 * d.y : p->height;
    lane_sums sums = {{0}, {0}, {0}, {0}};
    for (int y = top; y < bottom; y++) {
        const float *seen = p->seen + hp_patch_at(0, y), *good = s->good + hp_patch_at(0, y);
        int x = 0;
        for (; x + LANES <= width; x += LANES)
            add_triples(&sums, seen + x, good + x, step, LANES);
        add_triples(&sums, seen + x, good + x, step, width - x);
    }
    float pairs = total(sums.pairs), triples = total(sums.triples);
    return (variances){total(sums.first) / (pairs > 0 ? pairs : 1), total(sums.second) / (triples > 0 ? triples : 1),
                       triples};
}

/*
 * Returns 1 / the variance of a neighbour along the direction about a good cell. Open cells share the storing of the
 * bad ones, which blurs them: they count only where others are too few.
 */
static float add_bonds(hp_patch_solver *s, int along)
{
    const hp_patch *p = s->patch;
    variances v = measure(s, hp_patch_directions[along]);
    if (v.triples < TRIPLES_NEEDED) {
        add_open(s->good, p->cell, p->spread);
        v = measure(s, hp_patch_directions[along]);
        take_good(s->good, p->cell);
    }
    float first = FIRST_SHARE / (v.first + LEAST_VARIANCE);
    HP_OF_LEVEL(hp_patch_solver_bind)(s, along, first, SECOND_SHARE / (v.second + LEAST_VARIANCE));
    return first / FIRST_SHARE;
}

/* ---- solving ---- */

/* The mean of the good cells: where the bad ones begin. */
static float mean_of(const hp_patch *p)
{
    double sum = 0;
    int good = 0;
    for (int y = 0; y < p->height; y++)
        for (int x = 0; x < p->width; x++) {
            int at = hp_patch_at(x, y);
            bool counts = p->cell[at] == HP_CELL_GOOD || (p->cell[at] == HP_CELL_OPEN && p->spread[at] <= 0);
            sum += counts ? (double)p->seen[at] : 0;
            good += counts;
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

bool HP_OF_LEVEL(hp_patch_solve)(hp_patch_solver *s, hp_patch *p)
{
    HP_OF_LEVEL(hp_patch_solver_load)(s, p);
    start(s, mean_of(p));
    float known = 0; /* 1 / variance of a cell, from its neighbours along all directions */
    take_good(s->good, p->cell);
    for (int i = 0; i < HP_PATCH_DIRECTIONS; i++)
        known += add_bonds(s, i);
    float least = RIGHT_SHARE * fmaxf(LEAST_FAULT, (p->block_count ? DOUBT : DOUBT_OF_ONE) / sqrtf(known));
    float worst = WIDEST;
    for (int pass = 0; pass < PASSES && worst > least; pass++) { /* a further pass only finds less */
        tie_faults(s, worst);
        HP_OF_LEVEL(hp_patch_minimise)(s);
        if (p->block_count == 0)
            take_differences(s);
        worst = TIGHTER * worst_fault(s) + SMALL;
    }
    memcpy(p->found, s->x.value, sizeof p->found);
    memcpy(p->fault, s->x.fault, sizeof p->fault);
    return worst > least;
}
