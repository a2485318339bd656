#include "repair/patch_solver.h"

#include "base/memory.h"

#include <stdlib.h>
#include <string.h>

enum { STEPS_MOST = 60 };

#define SMALL 1e-5 /* the residual's square over its first one: further steps change no coefficient */

hp_patch_solver *hp_patch_solver_create(hp_error *err)
{
    return hp_calloc(1, sizeof(hp_patch_solver), err);
}

void hp_patch_solver_free(hp_patch_solver **solver)
{
    free(*solver);
    *solver = NULL;
}

static size_t bytes_used(const hp_patch_solver *s)
{
    return (size_t)s->patch->height * HP_PATCH_SIDE * sizeof(float);
}

/* out += bonds applied to u; a bond that touches known cells counts for the open ones alone. */
static void apply_bonds(const hp_patch_solver *s, const float *u, float *out)
{
    for (int i = 0; i < s->bond_count; i++) {
        const hp_bond *b = &s->bonds[i];
        if (b->c < 0) {
            float force = b->weight * (u[b->a] - u[b->b]);
            out[b->a] += force;
            out[b->b] -= force;
        } else {
            float force = b->weight * (u[b->a] - 2 * u[b->b] + u[b->c]);
            out[b->a] += force;
            out[b->b] -= 2 * force;
            out[b->c] += force;
        }
    }
}

/* out += precision z over one block; by columns, so that it vectorises without reordering sums. */
static void apply_block(const hp_patch *p, int first, const float *z, float *out)
{
    float sum[HP_PATCH_BLOCK_CELLS] = {0};
    for (int k = 0; k < HP_PATCH_BLOCK_CELLS; k++) {
        float value = z[first + hp_patch_at(k % HP_PATCH_BLOCK, k / HP_PATCH_BLOCK)];
        const float *column = (*p->precision)[k];
        for (int i = 0; i < HP_PATCH_BLOCK_CELLS; i++)
            sum[i] += column[i] * value;
    }
    for (int k = 0; k < HP_PATCH_BLOCK_CELLS; k++)
        out[first + hp_patch_at(k % HP_PATCH_BLOCK, k / HP_PATCH_BLOCK)] += sum[k];
}

static void apply(hp_patch_solver *s, const hp_patch_vector *in, hp_patch_vector *out)
{
    const hp_patch *p = s->patch;
    float *z = s->sum.value;
    memset(out->fault, 0, bytes_used(s));
    for (int i = 0; i < p->height * HP_PATCH_SIDE; i++)
        z[i] = in->value[i] + in->fault[i];
    for (int i = 0; i < p->block_count; i++)
        apply_block(p, p->blocks[i], z, out->fault);
    memcpy(out->value, out->fault, bytes_used(s));
    apply_bonds(s, in->value, out->value);
    for (int i = 0; i < s->bad_count; i++)
        out->fault[s->bad[i]] += s->tie[s->bad[i]] * in->fault[s->bad[i]];
}

static void fill_diagonal(hp_patch_solver *s)
{
    const hp_patch *p = s->patch;
    hp_patch_vector *d = &s->diagonal;
    memset(d->fault, 0, bytes_used(s));
    for (int i = 0; i < p->block_count; i++)
        for (int k = 0; k < HP_PATCH_BLOCK_CELLS; k++)
            d->fault[p->blocks[i] + hp_patch_at(k % HP_PATCH_BLOCK, k / HP_PATCH_BLOCK)] = (*p->precision)[k][k];
    memcpy(d->value, d->fault, bytes_used(s));
    for (int i = 0; i < s->bond_count; i++) {
        const hp_bond *b = &s->bonds[i];
        d->value[b->a] += b->weight;
        d->value[b->b] += b->c < 0 ? b->weight : 4 * b->weight;
        if (b->c >= 0)
            d->value[b->c] += b->weight;
    }
    for (int i = 0; i < s->bad_count; i++)
        d->fault[s->bad[i]] += s->tie[s->bad[i]];
}

static double dot(const hp_patch_solver *s, const hp_patch_vector *a, const hp_patch_vector *b)
{
    double sum = 0;
    for (int i = 0; i < s->open_count; i++)
        sum += (double)(a->value[s->open[i]] * b->value[s->open[i]]);
    for (int i = 0; i < s->bad_count; i++)
        sum += (double)(a->fault[s->bad[i]] * b->fault[s->bad[i]]);
    return sum;
}

/* to += by * what, of open and bad cells alone. */
static void add(const hp_patch_solver *s, hp_patch_vector *to, float by, const hp_patch_vector *what)
{
    for (int i = 0; i < s->open_count; i++)
        to->value[s->open[i]] += by * what->value[s->open[i]];
    for (int i = 0; i < s->bad_count; i++)
        to->fault[s->bad[i]] += by * what->fault[s->bad[i]];
}

/* An open cell without any bond has no diagonal, and nothing pulls at it. */
static void precondition(hp_patch_solver *s)
{
    for (int i = 0; i < s->open_count; i++) {
        int at = s->open[i];
        float d = s->diagonal.value[at];
        s->scaled.value[at] = d > 0 ? s->rest.value[at] / d : 0;
    }
    for (int i = 0; i < s->bad_count; i++) {
        int at = s->bad[i];
        s->scaled.fault[at] = s->rest.fault[at] / s->diagonal.fault[at];
    }
}

/* What the blocks as they were stored pull to, less what the start already does. */
static void fill_rest(hp_patch_solver *s)
{
    const hp_patch *p = s->patch;
    memset(s->rest.value, 0, bytes_used(s));
    for (int i = 0; i < p->block_count; i++)
        apply_block(p, p->blocks[i], p->seen, s->rest.value);
    memcpy(s->rest.fault, s->rest.value, bytes_used(s));
    apply(s, &s->x, &s->image);
    add(s, &s->rest, -1, &s->image);
}

/* Conjugate gradients, preconditioned by the diagonal (Hestenes and Stiefel 1952). */
void hp_patch_minimise(hp_patch_solver *s)
{
    fill_diagonal(s);
    fill_rest(s);
    precondition(s);
    memset(s->ahead.value, 0, bytes_used(s));
    memset(s->ahead.fault, 0, bytes_used(s));
    add(s, &s->ahead, 1, &s->scaled);
    double now = dot(s, &s->rest, &s->scaled), first = now;
    for (int k = 0; k < STEPS_MOST && now > first * SMALL; k++) {
        apply(s, &s->ahead, &s->image);
        double curve = dot(s, &s->ahead, &s->image);
        if (!(curve > 0))
            break;
        float length = (float)(now / curve);
        add(s, &s->x, length, &s->ahead);
        add(s, &s->rest, -length, &s->image);
        precondition(s);
        double next = dot(s, &s->rest, &s->scaled);
        float turn = (float)(next / now) - 1;
        add(s, &s->ahead, turn, &s->ahead); /* ahead *= next / now */
        add(s, &s->ahead, 1, &s->scaled);
        now = next;
    }
}
