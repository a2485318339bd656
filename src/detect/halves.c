#include "detect/halves.h"

#include "base/memory.h"

#include <math.h>
#include <stdlib.h>

enum {
    PEAK_REACH = 2,    /* px: one a bad pixel, as among the peaks */
    LEAST_PICKED = 10, /* fewer say nothing */
    LEAST_HALF = 4,    /* photos of each half */
    ROWS_A_TASK = 32,
};

#define ROUNDING 1e-6f /* of single precision, several times */

/* A pixel that stands out in one half of the set. */
typedef struct pick {
    float strength;
    uint32_t x, y;
} pick;

/* The strongest that were met, the weakest first: a heap once there are `most`. */
typedef struct picks {
    pick *heap;
    size_t count, most;
} picks;

typedef struct half {
    const hp_maps *maps;
    const hp_marks *marks;
    bool odd;
    double photos; /* in it */
    float least;   /* strength that a pick has at least: the threshold of its half */
    picks *found;  /* one a worker */
} half;

/* The mean z by photo of a half, in sixteenths, less what its phase has anyway. */
static float value_at(const half *h, bool odd, uint32_t x, uint32_t y)
{
    const hp_residual *r = h->maps->residual;
    size_t at = (size_t)y * h->maps->width + x;
    double n = (double)r->base.photos, in_odd = (double)r->photos_odd;
    double sum = odd ? r->sums.s1h[at] : (double)r->sums.s1[at] - r->sums.s1h[at];
    double centre = (double)h->maps->phases[HP_MAP_Z].centre[y % h->maps->period_y][x % h->maps->period_x] / n;
    return (float)(sum / (odd ? in_odd : n - in_odd) - centre);
}

static float bound_of(float sum, float centre)
{
    return fabsf(sum - centre) + ROUNDING * (fabsf(sum) + fabsf(centre));
}

/* What |value_at| is at most, of `count` pixels from a multiple of HP_PHASE_COLUMNS on; whether one is above least. */
static bool find_bounds(const half *h, uint32_t x, uint32_t y, uint32_t count, float least, float *out)
{
    const hp_residual *r = h->maps->residual;
    const float *centre = h->maps->phases[HP_MAP_Z].centre[y % h->maps->period_y];
    size_t at = (size_t)y * h->maps->width + x;
    const int32_t *s1 = r->sums.s1 + at, *s1h = r->sums.s1h + at;
    float by_half = (float)(1 / h->photos), by_all = (float)(1 / (double)r->base.photos);
    int above = 0;
    for (uint32_t i = 0; h->odd && i < count; i++)
        out[i] = bound_of((float)s1h[i] * by_half, centre[i] * by_all);
    for (uint32_t i = 0; !h->odd && i < count; i++)
        out[i] = bound_of((float)(s1[i] - s1h[i]) * by_half, centre[i] * by_all);
    for (uint32_t i = 0; i < count; i++)
        above |= out[i] > least;
    return above;
}

static bool is_picked_before(const pick *a, const pick *b)
{
    if (a->strength != b->strength)
        return a->strength < b->strength;
    return a->y != b->y ? a->y > b->y : a->x > b->x;
}

static void sink(picks *p, size_t i)
{
    for (;;) {
        size_t least = i;
        for (size_t child = 2 * i + 1; child <= 2 * i + 2 && child < p->count; child++)
            if (is_picked_before(&p->heap[child], &p->heap[least]))
                least = child;
        if (least == i)
            return;
        pick other = p->heap[i];
        p->heap[i] = p->heap[least];
        p->heap[least] = other;
        i = least;
    }
}

static void take(picks *p, pick one)
{
    if (p->count < p->most) {
        p->heap[p->count++] = one;
        for (size_t i = p->count == p->most ? p->most : 0; i > 0; i--)
            sink(p, i - 1);
    } else if (is_picked_before(&p->heap[0], &one)) {
        p->heap[0] = one;
        sink(p, 0);
    }
}

/* No other within its 5x5 is stronger; nor is it part of a stamp or a line. */
static bool stands_alone(const half *h, uint32_t x, uint32_t y, float strength)
{
    uint32_t left = x > PEAK_REACH ? x - PEAK_REACH : 0, top = y > PEAK_REACH ? y - PEAK_REACH : 0;
    for (uint32_t ny = top; ny <= y + PEAK_REACH && ny < h->maps->height; ny++)
        for (uint32_t nx = left; nx <= x + PEAK_REACH && nx < h->maps->width; nx++)
            if (fabsf(value_at(h, h->odd, nx, ny)) > strength)
                return false;
    size_t at = hp_marks_from(h->marks, x, y);
    bool marked = at < h->marks->row_start[y + 1] && h->marks->items[at].x == x;
    return !marked || !(h->marks->items[at].overlay || h->marks->items[at].in_line);
}

/* What a strength must be above to be picked. */
static float least_of(const half *h, const picks *found)
{
    bool full = found->count == found->most && found->heap[0].strength > h->least;
    return full ? found->heap[0].strength : h->least;
}

static void pick_of_row(const half *h, uint32_t y, picks *found)
{
    uint32_t reach = h->maps->residual->ring.reach, end = h->maps->width - reach;
    float bounds[HP_PHASE_COLUMNS];
    for (uint32_t x = 0; x < end; x += HP_PHASE_COLUMNS) {
        uint32_t count = end - x < HP_PHASE_COLUMNS ? end - x : HP_PHASE_COLUMNS;
        if (!find_bounds(h, x, y, count, least_of(h, found), bounds))
            continue;
        for (uint32_t i = x < reach ? reach : 0; i < count; i++) {
            if (bounds[i] <= least_of(h, found))
                continue;
            float strength = fabsf(value_at(h, h->odd, x + i, y));
            if (strength > least_of(h, found) && stands_alone(h, x + i, y, strength))
                take(found, (pick){strength, x + i, y});
        }
    }
}

/* The folded edge is left out. */
static void pick_task(void *context, size_t index, unsigned worker)
{
    const half *h = context;
    uint32_t reach = h->maps->residual->ring.reach, height = h->maps->height;
    uint32_t top = (uint32_t)index * ROWS_A_TASK, bottom = height - top < ROWS_A_TASK ? height : top + ROWS_A_TASK;
    for (uint32_t y = top < reach ? reach : top; y < bottom && y + reach < height; y++)
        pick_of_row(h, y, &h->found[worker]);
}

static int compare_picks(const void *a, const void *b)
{
    return is_picked_before(a, b) - is_picked_before(b, a);
}

/* The strongest of a half, the first first: the same, and in the same order, for any number of workers. */
static const picks *pick_strongest(half *h, hp_pool *pool)
{
    unsigned workers = hp_pool_threads(pool);
    for (unsigned w = 0; w < workers; w++)
        h->found[w].count = 0;
    hp_pool_run(pool, (h->maps->height + ROWS_A_TASK - 1) / ROWS_A_TASK, pick_task, h);
    picks *all = &h->found[0];
    for (unsigned w = 1; w < workers; w++)
        for (size_t i = 0; i < h->found[w].count; i++)
            take(all, h->found[w].heap[i]);
    if (all->count > 0)
        qsort(all->heap, all->count, sizeof *all->heap, compare_picks);
    return all;
}

/* The share of their strength that the picked of one half have in the other. */
static double kept_by_other(const half *h, const picks *found)
{
    double own = 0, other = 0;
    for (size_t i = 0; i < found->count; i++) {
        const pick *p = &found->heap[i];
        double sign = value_at(h, h->odd, p->x, p->y) < 0 ? -1 : 1;
        own += (double)p->strength;
        other += sign * (double)value_at(h, !h->odd, p->x, p->y);
    }
    return own > 0 ? other / own : 0;
}

static int allocate(half *h, size_t most, unsigned workers, hp_error *err)
{
    h->found = hp_calloc(workers, sizeof *h->found, err);
    if (!h->found)
        return HP_E_MEMORY;
    for (unsigned w = 0; w < workers; w++) {
        h->found[w] = (picks){.heap = hp_calloc(most, sizeof(pick), err), .most = most};
        if (!h->found[w].heap)
            return HP_E_MEMORY;
    }
    return HP_OK;
}

static void release(half *h, unsigned workers)
{
    for (unsigned w = 0; h->found && w < workers; w++)
        free(h->found[w].heap);
    free(h->found);
}

static void compare(half *h, double threshold, hp_pool *pool, hp_checks *checks)
{
    const hp_residual *r = h->maps->residual;
    double typical = (double)hp_maps_scale(h->maps, HP_MAP_Z), n = (double)r->base.photos, kept = 0;
    double odd = (double)r->photos_odd;
    size_t picked = 0;
    for (int i = 0; i < 2; i++) {
        h->odd = i == 1;
        h->photos = h->odd ? odd : n - odd;
        h->least = (float)(threshold / (typical * sqrt(n * h->photos)));
        const picks *found = pick_strongest(h, pool);
        kept += kept_by_other(h, found) * (double)found->count;
        picked += found->count;
    }
    checks->kept_count = picked;
    if (picked >= LEAST_PICKED)
        checks->kept_share = kept / (double)picked;
}

int hp_halves_compare(const hp_maps *maps, const hp_marks *marks, double threshold, hp_pool *pool, hp_checks *checks,
                      hp_error *err)
{
    const hp_residual *r = maps->residual;
    uint64_t odd = r->photos_odd, even = r->base.photos - odd;
    checks->kept_share = -1;
    if (checks->pixels < LEAST_PICKED || odd < LEAST_HALF || even < LEAST_HALF)
        return HP_OK;
    half h = {.maps = maps, .marks = marks};
    int code = allocate(&h, checks->pixels, hp_pool_threads(pool), err);
    if (!code)
        compare(&h, threshold, pool, checks);
    release(&h, hp_pool_threads(pool));
    return code;
}
