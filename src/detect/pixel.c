#include "detect/pixel.h"

#include "detect/select.h"

#include <math.h>

enum {
    BASE_DISTANCE = 5, /* px, in steps of one colour */
    SPREAD_DISTANCE = 4,
    RING_MOST = 80, /* pixels at distances 4 and 5 are 72 */
};

#define STROKE_SHARE 0.6
#define WIDTH_MOST 0.55 /* known clear pixels have at most 0.48, faint ones 0.43 */

static double square_sum(const hp_residual *r, const void *sums, size_t at)
{
    return r->base.shape.camera.bits > 8 ? (double)((const uint64_t *)sums)[at] : (double)((const uint32_t *)sums)[at];
}

static size_t index_of(const hp_residual *r, uint32_t x, uint32_t y)
{
    return (size_t)y * r->base.shape.camera.width + x;
}

static size_t site_of(const hp_residual *r, uint32_t x, uint32_t y)
{
    const hp_cfa *cfa = &r->base.shape.cfa;
    return (size_t)(y % cfa->height) * cfa->width + x % cfa->width;
}

hp_moments hp_pixel_moments(const hp_residual *r, uint32_t x, uint32_t y)
{
    size_t at = index_of(r, x, y);
    double n = (double)r->base.photos;
    double mx = r->sums.sx[at] / n, me = r->sums.se[at] / n;
    return (hp_moments){
        .mean_x = mx,
        .mean_e = me,
        .var_x = square_sum(r, r->sums.sxx, at) / n - mx * mx,
        .var_e = square_sum(r, r->sums.see, at) / n - me * me,
        .cov_xe = square_sum(r, r->sums.sxe, at) / n - mx * me,
        .black = (double)r->sum_black[site_of(r, x, y)] / n,
    };
}

double hp_pixel_residual(const hp_residual *r, uint32_t x, uint32_t y)
{
    size_t at = index_of(r, x, y);
    return ((double)r->sums.sx[at] - (double)r->sums.se[at]) / (double)r->base.photos;
}

double hp_pixel_mean(const hp_residual *r, uint32_t x, uint32_t y)
{
    return r->sums.sx[index_of(r, x, y)] / (double)r->base.photos;
}

#define STUCK_SLOPE 0.45
#define STUCK_VARIANCE 0.20
#define OVERSHOOT (-0.20)      /* slope: a neighbour that is brighter makes it darker */
#define OVERSHOOT_VARIANCE 0.6 /* what sharpening may make of a stuck one's */
#define STUCK_OWN_VARIANCE 0.05
#define DEAD_MOST (40 / 4096.0)          /* of the range of samples, above black */
#define DEAD_DEVELOPED_MOST (55 / 256.0) /* of a developed picture's */

/*
 * In a developed picture sharpening gives even a stuck pixel a variance: it goes against its ring, on a straight line.
 * A hot one that is nearly always white goes with it, and off the line where it is not white. A dark one cannot go
 * below black.
 */
static bool is_stuck_developed(const hp_moments *m, double slope, double ratio)
{
    if (m->mean_x >= m->mean_e)
        return ratio < OVERSHOOT_VARIANCE && slope < STUCK_SLOPE && ratio - slope * slope < STUCK_OWN_VARIANCE;
    return (ratio < STUCK_VARIANCE && slope < STUCK_SLOPE) || (ratio < OVERSHOOT_VARIANCE && slope < OVERSHOOT);
}

static bool is_stuck(const hp_moments *m, bool mosaic)
{
    double slope = m->cov_xe / m->var_e, ratio = m->var_x / m->var_e;
    if (mosaic)
        return ratio < 0.02 || (slope < 0.10 && ratio < 0.15);
    return is_stuck_developed(m, slope, ratio);
}

/* Black has nothing below it that an overshoot could reach, and in darks nothing that it could be brighter than. */
static bool is_dead(const hp_levels *levels, const hp_moments *m, bool mosaic)
{
    double range = levels->white + 1 - levels->dark;
    if (m->mean_x >= m->mean_e)
        return false;
    if (mosaic)
        return m->mean_x < (m->black > 0 ? m->black : levels->dark) + DEAD_MOST * range;
    return m->cov_xe >= OVERSHOOT * m->var_e && m->mean_x < DEAD_DEVELOPED_MOST * range;
}

hp_kind hp_pixel_classify(const hp_residual *r, const hp_levels *levels, const hp_moments *m)
{
    bool mosaic = !hp_photo_is_developed(&r->base.shape);
    if (m->var_e > 0 && is_stuck(m, mosaic))
        return is_dead(levels, m, mosaic) ? HP_DEAD : HP_STUCK;
    return m->mean_x >= m->mean_e ? HP_HOT : HP_WEAK;
}

/* Mean values of the square ring at `distance`, in steps of the CFA's period; those inside the frame. */
static size_t square_ring(const hp_residual *r, uint32_t x, uint32_t y, int distance, double *values)
{
    const hp_photo_info *shape = &r->base.shape;
    size_t count = 0;
    for (int dy = -distance; dy <= distance; dy++)
        for (int dx = -distance; dx <= distance; dx++) {
            int64_t nx = (int64_t)x + (int64_t)dx * shape->cfa.width, ny = (int64_t)y + (int64_t)dy * shape->cfa.height;
            bool on_ring = dx == -distance || dx == distance || dy == -distance || dy == distance;
            if (on_ring && nx >= 0 && ny >= 0 && nx < shape->camera.width && ny < shape->camera.height)
                values[count++] = hp_pixel_mean(r, (uint32_t)nx, (uint32_t)ny);
        }
    return count;
}

bool hp_pixel_is_wide(const hp_residual *r, uint32_t x, uint32_t y, double score)
{
    double values[RING_MOST];
    size_t count = square_ring(r, x, y, BASE_DISTANCE, values);
    if (count == 0) /* five periods of an X-Trans are 30 px, and a frame may be 32 */
        return false;
    double base = hp_median(values, count);
    double peak = hp_pixel_mean(r, x, y) - base;
    if (peak == 0 || (peak > 0) != (score > 0))
        return false;
    count = square_ring(r, x, y, 1, values);
    double sum = 0;
    for (size_t i = 0; i < count; i++)
        sum += values[i];
    double shoulder = (sum / (double)count - base) / peak;
    count = square_ring(r, x, y, SPREAD_DISTANCE, values);
    count += square_ring(r, x, y, BASE_DISTANCE, values + count);
    double centre = hp_median(values, count);
    for (size_t i = 0; i < count; i++)
        values[i] = fabs(values[i] - centre);
    double spread = 1.4826 * hp_median(values, count);
    return shoulder - spread / fabs(peak) > WIDTH_MOST;
}

bool hp_pixel_is_stroke(const hp_residual *r, uint32_t x, uint32_t y)
{
    double values[RING_MOST];
    size_t count = square_ring(r, x, y, BASE_DISTANCE, values);
    double base = count ? hp_median(values, count) : 0, peak = hp_pixel_mean(r, x, y) - base;
    if (peak == 0 || count == 0)
        return false;
    for (int distance = 1; distance <= 2; distance++) {
        double most = 0;
        count = square_ring(r, x, y, distance, values);
        for (size_t i = 0; i < count; i++)
            most = fmax(most, (values[i] - base) / peak);
        if (!(most > STROKE_SHARE))
            return false;
    }
    return true;
}

/* How far below the peak the mean picture is k steps away, by the peak's residual; NAN outside the frame. */
static double fall(const hp_residual *r, uint32_t x, uint32_t y, int dx, int dy)
{
    const hp_photo_info *shape = &r->base.shape;
    int64_t nx = (int64_t)x + (int64_t)dx * shape->cfa.width, ny = (int64_t)y + (int64_t)dy * shape->cfa.height;
    if (nx < 0 || ny < 0 || nx >= shape->camera.width || ny >= shape->camera.height)
        return NAN;
    return (hp_pixel_mean(r, x, y) - hp_pixel_mean(r, (uint32_t)nx, (uint32_t)ny)) / hp_pixel_residual(r, x, y);
}

/* The border itself is of one level. */
static bool is_quarter(const hp_residual *r, uint32_t x, uint32_t y, int dx, int dy)
{
    double least = INFINITY, most = 0;
    for (int k = 3; k <= 4; k++) {
        const double inside[] = {fall(r, x, y, k * dx, k * dy), fall(r, x, y, k * dx, 0), fall(r, x, y, 0, k * dy)};
        const double outside[] = {fall(r, x, y, -k * dx, -k * dy), fall(r, x, y, -k * dx, 0),
                                  fall(r, x, y, 0, -k * dy)};
        for (int i = 0; i < 3; i++) {
            if (!(fabs(inside[i]) <= 0.5) || !(outside[i] > 0.5))
                return false;
            least = fmin(least, outside[i]);
            most = fmax(most, outside[i]);
        }
    }
    return most - least <= 0.1;
}

bool hp_pixel_is_corner(const hp_residual *r, uint32_t x, uint32_t y)
{
    return is_quarter(r, x, y, 1, 1) || is_quarter(r, x, y, 1, -1) || is_quarter(r, x, y, -1, 1) ||
           is_quarter(r, x, y, -1, -1);
}
