/* Plain loops over HP_PATCH_LANES cells, which the compiler makes vectors of. */
#include "repair/patch_solver.h"

#include <string.h>

enum { STEPS_MOST = 60, LANES = HP_PATCH_LANES, BLOCK = HP_PATCH_BLOCK };

/* The residual's square over its first one, of the pass that finds how bad the cells are and of further ones. */
#define SMALL_AT_FIRST 1e-3
#define SMALL 1e-4

/* ---- the system ---- */

static void add_group(hp_patch_solver *s, int first)
{
    memset(s->bonds[s->group_count], 0, sizeof s->bonds[0]);
    memset(s->tie + first, 0, LANES * sizeof *s->tie);
    s->group[s->group_count++] = first;
}

/* restrict, here and below: without it the compiler makes no vectors of stores that bytes or others might stand in. */
static void say(float *restrict says, const uint8_t *restrict cell)
{
    for (int i = 0; i < HP_PATCH_CELLS; i++)
        says[i] = cell[i] != HP_CELL_NONE;
}

void HP_OF_LEVEL(hp_patch_solver_load)(hp_patch_solver *s, const hp_patch *patch)
{
    s->patch = patch;
    s->group_count = s->bad_count = 0;
    s->first = 0;
    say(s->says, patch->cell);
    for (int y = HP_PATCH_RIM; y < patch->height && y < HP_PATCH_SIDE - HP_PATCH_RIM; y++)
        for (int x = 0; x < patch->width; x++) {
            int at = hp_patch_at(x, y), first = at / LANES * LANES;
            if (patch->cell[at] != HP_CELL_OPEN)
                continue;
            if (s->group_count == 0 || s->group[s->group_count - 1] != first)
                add_group(s, first);
            if (patch->spread[at] > 0)
                s->bad[s->bad_count++] = at;
        }
}

/* The five cells in a row around each of a group: `far` and `near` behind it, then itself, then those ahead. */
static void bind_group(float (*restrict middle)[LANES], float (*restrict arms)[LANES], const float *restrict says,
                       int step, float first, float second)
{
    for (int i = 0; i < LANES; i++) {
        float back = says[i - step], ahead = says[i + step];
        float far_back = back * says[i - 2 * step], far_ahead = ahead * says[i + 2 * step], both = back * ahead;
        middle[0][i] += says[i] * (first * (back + ahead) + second * (far_back + 4 * both + far_ahead));
        arms[0][i] = says[i] * second * far_back;
        arms[1][i] = says[i] * (-first * back - 2 * second * (far_back + both));
        arms[2][i] = says[i] * (-first * ahead - 2 * second * (far_ahead + both));
        arms[3][i] = says[i] * second * far_ahead;
    }
}

/* A bond that touches known cells counts for the open ones alone: others in a group are no part of the system. */
void HP_OF_LEVEL(hp_patch_solver_bind)(hp_patch_solver *s, int direction, float first, float second)
{
    const int step = hp_patch_at(hp_patch_directions[direction].x, hp_patch_directions[direction].y);
    for (int g = 0; g < s->group_count; g++)
        bind_group(s->bonds[g], s->bonds[g] + 1 + 4 * direction, s->says + s->group[g], step, first, second);
}

/* ---- applying it ---- */

/* out += the cells around, as they pull at a group from cell `at` on. */
static void apply_bonds(float (*restrict arms)[LANES], const float *restrict u, float *restrict out)
{
    float sum[LANES];
    for (int i = 0; i < LANES; i++)
        sum[i] = arms[0][i] * u[i];
#pragma GCC unroll 4
    for (int d = 0; d < HP_PATCH_DIRECTIONS; d++) {
        const int step = hp_patch_at(hp_patch_directions[d].x, hp_patch_directions[d].y);
        const float(*a)[LANES] = (const float(*)[LANES])arms + 1 + 4 * d;
        for (int i = 0; i < LANES; i++)
            sum[i] +=
                a[0][i] * u[i - 2 * step] + a[1][i] * u[i - step] + a[2][i] * u[i + step] + a[3][i] * u[i + 2 * step];
    }
    for (int i = 0; i < LANES; i++)
        out[i] += sum[i];
}

typedef float square[BLOCK][BLOCK];

static inline void multiply(const square a, const square b, square out)
{
    for (int y = 0; y < BLOCK; y++) {
        float sum[BLOCK] = {0};
#pragma GCC unroll 8
        for (int k = 0; k < BLOCK; k++)
            for (int x = 0; x < BLOCK; x++)
                sum[x] += a[y][k] * b[k][x];
        memcpy(out[y], sum, sizeof sum);
    }
}

/* out = precision z over one block: to coefficients, weighed, and back. */
static void apply_block(const hp_precision *p, const float *z, float *out)
{
    square one, other;
    for (int y = 0; y < BLOCK; y++)
        memcpy(one[y], z + hp_patch_at(0, y), sizeof one[y]);
    multiply(p->basis, (const float(*)[BLOCK])one, other);
    multiply((const float(*)[BLOCK])other, p->turned, one);
    for (int y = 0; y < BLOCK; y++)
        for (int x = 0; x < BLOCK; x++)
            one[y][x] *= p->of_coefficients[y][x];
    multiply((const float(*)[BLOCK])one, p->basis, other);
    multiply(p->turned, (const float(*)[BLOCK])other, one);
    for (int y = 0; y < BLOCK; y++)
        memcpy(out + hp_patch_at(0, y), one[y], sizeof one[y]);
}

static void clear(const hp_patch_solver *s, float *what)
{
    for (int g = 0; g < s->group_count; g++)
        memset(what + s->group[g], 0, LANES * sizeof *what);
}

static void apply_blocks(const hp_patch_solver *s, const float *z, float *out)
{
    const hp_patch *p = s->patch;
    if (p->block_count == 0)
        clear(s, out);
    for (int i = 0; i < p->block_count; i++)
        apply_block(p->precision, z + p->blocks[i], out + p->blocks[i]);
}

/* out = a + b, and out += factor * a, over a group. */
static void sum_up(float *restrict out, const float *restrict a, const float *restrict b)
{
    for (int i = 0; i < LANES; i++)
        out[i] = a[i] + b[i];
}

static void add_product(float *restrict out, const float *restrict factor, const float *restrict a)
{
    for (int i = 0; i < LANES; i++)
        out[i] += factor[i] * a[i];
}

static void apply(hp_patch_solver *s, const hp_patch_vector *in, hp_patch_vector *out)
{
    for (int g = 0; g < s->group_count; g++) {
        const int at = s->group[g];
        sum_up(s->sum + at, in->value + at, in->fault + at);
    }
    apply_blocks(s, s->sum, out->fault);
    for (int g = 0; g < s->group_count; g++) {
        const int at = s->group[g];
        memcpy(out->value + at, out->fault + at, LANES * sizeof(float));
        apply_bonds(s->bonds[g], in->value + at, out->value + at);
        add_product(out->fault + at, s->tie + at, in->fault + at);
    }
}

/* ---- preconditioning ---- */

/* The inverse of what a cell's number and its fault are to each other; 0 for what is not to be found out. */
static void invert_cell(hp_patch_solver *s, int at, float stored, float bond)
{
    float tie = s->tie[at];
    if (tie > 0) {
        float determinant = stored * tie + bond * stored + bond * tie;
        s->inverse.value[at] = determinant > 0 ? (stored + tie) / determinant : 0;
        s->inverse.fault[at] = determinant > 0 ? (stored + bond) / determinant : 1 / tie;
        s->cross[at] = determinant > 0 ? -stored / determinant : 0;
    } else
        s->inverse.value[at] = stored + bond > 0 ? 1 / (stored + bond) : 0;
}

static void invert(hp_patch_solver *s)
{
    const hp_patch *p = s->patch;
    float *stored = s->sum;
    clear(s, stored);
    clear(s, s->cross);
    clear(s, s->inverse.value);
    clear(s, s->inverse.fault);
    for (int i = 0; i < p->block_count; i++)
        for (int y = 0; y < BLOCK; y++)
            memcpy(stored + p->blocks[i] + hp_patch_at(0, y), p->precision->of_samples[y],
                   sizeof p->precision->of_samples[y]);
    for (int g = 0; g < s->group_count; g++)
        for (int i = 0; i < LANES; i++) {
            int at = s->group[g] + i;
            if (p->cell[at] == HP_CELL_OPEN)
                invert_cell(s, at, stored[at], s->bonds[g][0][i]);
        }
}

/* ---- conjugate gradients ---- */

static double total(const float lanes[LANES])
{
    double sum = 0;
    for (int i = 0; i < LANES; i++)
        sum += (double)lanes[i];
    return sum;
}

static double dot(const hp_patch_solver *s, const hp_patch_vector *a, const hp_patch_vector *b)
{
    float sum[LANES] = {0};
    for (int g = 0; g < s->group_count; g++) {
        const int at = s->group[g];
        for (int i = 0; i < LANES; i++)
            sum[i] += a->value[at + i] * b->value[at + i] + a->fault[at + i] * b->fault[at + i];
    }
    return total(sum);
}

/* to += by * what; what is not to be found out stays, as the preconditioner gives 0 for it. */
static void add(const hp_patch_solver *s, hp_patch_vector *restrict to, float by, const hp_patch_vector *restrict what)
{
    for (int g = 0; g < s->group_count; g++) {
        const int at = s->group[g];
        for (int i = at; i < at + LANES; i++) {
            to->value[i] += by * what->value[i];
            to->fault[i] += by * what->fault[i];
        }
    }
}

/* Returns the residual's square, as the preconditioner scales it. */
static double precondition(hp_patch_solver *s)
{
    const hp_patch_vector *rest = &s->rest, *inverse = &s->inverse;
    for (int g = 0; g < s->group_count; g++) {
        const int at = s->group[g];
        for (int i = at; i < at + LANES; i++) {
            float value = rest->value[i], fault = rest->fault[i];
            s->scaled.value[i] = inverse->value[i] * value + s->cross[i] * fault;
            s->scaled.fault[i] = s->cross[i] * value + inverse->fault[i] * fault;
        }
    }
    return dot(s, rest, &s->scaled);
}

/* ahead = by * ahead + scaled */
static void turn(hp_patch_solver *s, float by)
{
    for (int g = 0; g < s->group_count; g++) {
        const int at = s->group[g];
        for (int i = at; i < at + LANES; i++) {
            s->ahead.value[i] = by * s->ahead.value[i] + s->scaled.value[i];
            s->ahead.fault[i] = by * s->ahead.fault[i] + s->scaled.fault[i];
        }
    }
}

/* What the blocks as they were stored pull to, less what the start already does. */
static void fill_rest(hp_patch_solver *s)
{
    apply_blocks(s, s->patch->seen, s->rest.value);
    for (int g = 0; g < s->group_count; g++)
        memcpy(s->rest.fault + s->group[g], s->rest.value + s->group[g], LANES * sizeof(float));
    apply(s, &s->x, &s->image);
    add(s, &s->rest, -1, &s->image);
}

/* Preconditioned conjugate gradients (Hestenes and Stiefel 1952). Cells that are not open must be 0 in ahead. */
void HP_OF_LEVEL(hp_patch_minimise)(hp_patch_solver *s)
{
    invert(s);
    fill_rest(s);
    memset(&s->ahead, 0, sizeof s->ahead);
    double now = precondition(s);
    double small = s->first > 0 ? SMALL : SMALL_AT_FIRST;
    s->first = s->first > 0 ? s->first : now;
    turn(s, 0);
    for (int k = 0; k < STEPS_MOST && now > s->first * small; k++) {
        apply(s, &s->ahead, &s->image);
        double curve = dot(s, &s->ahead, &s->image);
        if (!(curve > 0))
            break;
        float length = (float)(now / curve);
        add(s, &s->x, length, &s->ahead);
        add(s, &s->rest, -length, &s->image);
        double next = precondition(s);
        turn(s, (float)(next / now));
        now = next;
    }
}
