#include "detect/checks.h"

#include "base/memory.h"
#include "detect/turn.h"

#include <math.h>
#include <stdlib.h>

enum {
    BLOCK = 8,         /* px of a JPEG block */
    PEAK_REACH = 2,    /* px: one a bad pixel, as among the peaks */
    LEAST_PICKED = 10, /* fewer say nothing */
    LEAST_HALF = 4,    /* photos of each half */
};

static bool is_line(const hp_defect *defect)
{
    return defect->shape == HP_SHAPE_COLUMN || defect->shape == HP_SHAPE_ROW;
}

/* ---- places ---- */

static double largest_share(const size_t *counts, size_t number, size_t all, size_t *which)
{
    *which = 0;
    for (size_t i = 1; i < number; i++)
        if (counts[i] > counts[*which])
            *which = i;
    return all ? (double)counts[*which] / (double)all : 0;
}

/* Detections on each position of a 2x2 CFA, and of a JPEG's blocks. */
static void count_places(const hp_defect *defects, size_t count, hp_checks *checks)
{
    size_t phases[4] = {0}, columns[BLOCK] = {0}, rows[BLOCK] = {0}, which, weak = 0;
    for (size_t i = 0; i < count; i++) {
        if (is_line(&defects[i]))
            continue;
        phases[defects[i].y % 2 * 2 + defects[i].x % 2]++;
        columns[defects[i].x % BLOCK]++;
        rows[defects[i].y % BLOCK]++;
        weak += defects[i].kind == HP_WEAK;
        checks->pixels++;
    }
    checks->block_share =
        fmax(largest_share(columns, BLOCK, checks->pixels, &which), largest_share(rows, BLOCK, checks->pixels, &which));
    checks->phase_share = largest_share(phases, 4, checks->pixels, &which);
    checks->phase_x = (uint32_t)(which % 2);
    checks->phase_y = (uint32_t)(which / 2);
    checks->weak_share = checks->pixels ? (double)weak / (double)checks->pixels : 0;
}

/* ---- halves ---- */

/* A pixel that stands out in one half of the set. */
typedef struct pick {
    float strength;
    uint32_t x, y;
} pick;

typedef struct half {
    const hp_maps *maps;
    const hp_marks *marks;
    bool odd;
    float least; /* strength that a pick has at least: the threshold of its half */
    pick *heap;  /* the weakest first */
    size_t count, most;
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

static bool is_picked_before(const pick *a, const pick *b)
{
    if (a->strength != b->strength)
        return a->strength < b->strength;
    return a->y != b->y ? a->y > b->y : a->x > b->x;
}

static void sink(half *h, size_t i)
{
    for (;;) {
        size_t least = i;
        for (size_t child = 2 * i + 1; child <= 2 * i + 2 && child < h->count; child++)
            if (is_picked_before(&h->heap[child], &h->heap[least]))
                least = child;
        if (least == i)
            return;
        pick other = h->heap[i];
        h->heap[i] = h->heap[least];
        h->heap[least] = other;
        i = least;
    }
}

static void take(half *h, pick p)
{
    if (h->count < h->most) {
        h->heap[h->count++] = p;
        for (size_t i = h->count == h->most ? h->most : 0; i > 0; i--)
            sink(h, i - 1);
    } else if (is_picked_before(&h->heap[0], &p)) {
        h->heap[0] = p;
        sink(h, 0);
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

/* The strongest of a half, as many as `most`; the folded edge left out. */
static void pick_strongest(half *h)
{
    uint32_t reach = h->maps->residual->ring.reach;
    for (uint32_t y = reach; y + reach < h->maps->height; y++)
        for (uint32_t x = reach; x + reach < h->maps->width; x++) {
            float strength = fabsf(value_at(h, h->odd, x, y));
            if (strength <= h->least || (h->count == h->most && strength <= h->heap[0].strength))
                continue;
            if (stands_alone(h, x, y, strength))
                take(h, (pick){strength, x, y});
        }
}

/* The share of their strength that the picked of one half have in the other. */
static double kept_by_other(const half *h)
{
    double own = 0, other = 0;
    for (size_t i = 0; i < h->count; i++) {
        const pick *p = &h->heap[i];
        double sign = value_at(h, h->odd, p->x, p->y) < 0 ? -1 : 1;
        own += (double)p->strength;
        other += sign * (double)value_at(h, !h->odd, p->x, p->y);
    }
    return own > 0 ? other / own : 0;
}

static int compare_halves(const hp_maps *maps, const hp_marks *marks, double threshold, hp_checks *checks,
                          hp_error *err)
{
    const hp_residual *r = maps->residual;
    uint64_t odd = r->photos_odd, even = r->base.photos - odd;
    checks->kept_share = -1;
    if (checks->pixels < LEAST_PICKED || odd < LEAST_HALF || even < LEAST_HALF)
        return HP_OK;
    float typical = hp_maps_scale(maps, HP_MAP_Z);
    half h = {.maps = maps, .marks = marks, .most = checks->pixels};
    h.heap = hp_calloc(h.most, sizeof *h.heap, err);
    if (!h.heap)
        return HP_E_MEMORY;
    double kept = 0;
    size_t picked = 0;
    for (int i = 0; i < 2; i++) {
        double n = (double)r->base.photos, own = (double)(i == 1 ? odd : even);
        h.odd = i == 1;
        h.least = (float)(threshold / ((double)typical * sqrt(n * own)));
        h.count = 0;
        pick_strongest(&h);
        kept += kept_by_other(&h) * (double)h.count;
        picked += h.count;
    }
    checks->kept_count = picked;
    if (picked >= LEAST_PICKED)
        checks->kept_share = kept / (double)picked;
    free(h.heap);
    return HP_OK;
}

/* ---- turned photos ---- */

#define TURNED_MOST 6.0 /* standard deviations that one place counts */

/*
 * Of certain pixels, the normalised z of the places where they come to lie, with their sign: the sum by its deviation.
 * Where some photos are turned these places stand out too, each a little.
 */
static double stand_out_turned(const hp_maps *maps, const hp_defect *defects, size_t count, unsigned degrees)
{
    const hp_turn t = {degrees, maps->width, maps->height};
    double sum = 0;
    size_t places = 0;
    for (size_t i = 0; i < count; i++) {
        uint32_t x, y;
        if (is_line(&defects[i]) || defects[i].grade != HP_CERTAIN)
            continue;
        hp_turn_place(&t, defects[i].x, defects[i].y, &x, &y);
        if (x == defects[i].x && y == defects[i].y)
            continue;
        double z = (double)hp_maps_value(maps, HP_MAP_Z, x, y);
        z = z > TURNED_MOST ? TURNED_MOST : z < -TURNED_MOST ? -TURNED_MOST : z;
        sum += defects[i].mean < 0 ? -z : z;
        places++;
    }
    return places > 1 ? sum / sqrt((double)places) : 0;
}

static void look_for_turned(const hp_maps *maps, const hp_defect *defects, size_t count, hp_checks *checks)
{
    checks->turned_sigmas = fmax(0, stand_out_turned(maps, defects, count, 180));
    for (unsigned degrees = 90; maps->width == maps->height && degrees <= 270; degrees += 180)
        checks->turned_sigmas = fmax(checks->turned_sigmas, stand_out_turned(maps, defects, count, degrees));
}

/* ---- pixels that come and go ---- */

#define UNSTEADY 0.35 /* share of the variance of one that shows wholly or not at all */
#define LIMIT 60.0    /* of HP_Z_LIMIT: above, it shows in nearly all photos */

/* Where a pixel's z in a photo is either 0 or the most it may be its variance is mean (most - mean). */
static bool is_unsteady(const hp_residual *r, double noise, const hp_defect *defect)
{
    size_t at = (size_t)defect->y * r->base.shape.camera.width + defect->x;
    double n = (double)r->base.photos;
    double mean = fabs((double)r->sums.s1[at]) / n, variance = (double)r->sums.s2[at] / n - mean * mean;
    return mean < LIMIT && variance - noise > UNSTEADY * mean * (HP_Z_LIMIT - mean);
}

static void look_for_unsteady(const hp_maps *maps, const hp_defect *defects, size_t count, hp_checks *checks)
{
    size_t certain = 0, unsteady = 0;
    double typical = (double)hp_maps_scale(maps, HP_MAP_Z);
    double noise = 1 / (typical * typical * (double)maps->residual->base.photos); /* variance of z in a photo */
    for (size_t i = 0; i < count; i++) {
        if (is_line(&defects[i]) || defects[i].grade != HP_CERTAIN)
            continue;
        certain++;
        unsteady += is_unsteady(maps->residual, noise, &defects[i]);
    }
    checks->unsteady_share = certain ? (double)unsteady / (double)certain : 0;
}

int hp_checks_make(const hp_maps *maps, const hp_marks *marks, double threshold, const hp_defect *defects, size_t count,
                   hp_checks *checks, hp_error *err)
{
    *checks = (hp_checks){0};
    count_places(defects, count, checks);
    look_for_turned(maps, defects, count, checks);
    look_for_unsteady(maps, defects, count, checks);
    return compare_halves(maps, marks, threshold, checks, err);
}
