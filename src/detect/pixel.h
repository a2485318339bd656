/* What the sums say about single pixels. */
#ifndef HP_DETECT_PIXEL_H
#define HP_DETECT_PIXEL_H

#include "detect/levels.h"

/* Moments of one pixel x and its ring median e over the photos, in DN and DN^2. */
typedef struct hp_moments {
    double mean_x, mean_e;
    double var_x, var_e, cov_xe;
    double black; /* level without light at this site of the CFA, DN; 0: unknown */
} hp_moments;

hp_moments hp_pixel_moments(const hp_residual *residual, uint32_t x, uint32_t y);

/* Mean of x - e, DN. */
double hp_pixel_residual(const hp_residual *residual, uint32_t x, uint32_t y);

/* Mean of x, DN. */
double hp_pixel_mean(const hp_residual *residual, uint32_t x, uint32_t y);

/* hot, stuck, dead or weak (docs/method.md, 3.8). */
hp_kind hp_pixel_classify(const hp_residual *residual, const hp_levels *levels, const hp_moments *moments);

/* Whether the peak at (x, y) with score s is a soft spot such as dust (docs/method.md, 3.7). */
bool hp_pixel_is_wide(const hp_residual *residual, uint32_t x, uint32_t y, double score);

/*
 * Whether the peak at (x, y) goes on beside it, like a stroke: one pixel reaches its neighbours, faintly, and none two
 * away (3.7).
 */
bool hp_pixel_is_stroke(const hp_residual *residual, uint32_t x, uint32_t y);

/* Whether the peak at (x, y) is the corner of an area of its own level, as of a picture in a border (3.7). */
bool hp_pixel_is_corner(const hp_residual *residual, uint32_t x, uint32_t y);

#endif
