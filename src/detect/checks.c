#include "detect/checks.h"

#include "detect/halves.h"
#include "detect/turn.h"

#include <math.h>

enum {
    BLOCK = 8, /* px of a JPEG block */
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
                   hp_pool *pool, hp_checks *checks, hp_error *err)
{
    *checks = (hp_checks){0};
    count_places(defects, count, checks);
    look_for_turned(maps, defects, count, checks);
    look_for_unsteady(maps, defects, count, checks);
    return hp_halves_compare(maps, marks, threshold, pool, checks, err);
}
