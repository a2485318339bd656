#include "detect/strength.h"

#include <math.h>

enum { STEPS_MOST = 100 };

#define SLOPE 5.2        /* log odds by octave of strength: 4.6 to 5.8 on eight simulated cameras */
#define SLOPE_SPREAD 1.0 /* how far it may be from that, if few were planted */
#define SLOPE_LEAST 0.5  /* less, and strength says nothing */
#define MOVE_MOST 2.0    /* of a parameter in one step */
#define CLOSE 1e-9

/* Of a photosite: the octaves of what it adds, or of what it lacks. */
static double octaves_of(const hp_selftest_step *step)
{
    return log2(step->kind == HP_WEAK ? 1 - step->strength : step->strength);
}

static bool counts(const hp_selftest_step *step, hp_kind kind)
{
    return step->kind == kind && step->planted > 0;
}

/* log odds of being found: level + slope (x - middle). */
typedef struct curve {
    double level, slope, middle;
} curve;

static double limited(double move)
{
    return move > MOVE_MOST ? MOVE_MOST : move < -MOVE_MOST ? -MOVE_MOST : move;
}

/* A step of Newton's towards the greatest likelihood; whether it was one worth mentioning. */
static bool improve(const hp_selftest_step *steps, size_t count, hp_kind kind, curve *c)
{
    double weight = 1 / (SLOPE_SPREAD * SLOPE_SPREAD);
    double by_level = 0, by_slope = (SLOPE - c->slope) * weight, ll = 1e-6, ls = 0, ss = weight;
    for (size_t i = 0; i < count; i++) {
        if (!counts(&steps[i], kind))
            continue;
        double x = octaves_of(&steps[i]) - c->middle, n = (double)steps[i].planted;
        double p = 1 / (1 + exp(-c->level - c->slope * x)), rest = (double)steps[i].found - n * p, w = n * p * (1 - p);
        by_level += rest;
        by_slope += rest * x;
        ll += w;
        ls += w * x;
        ss += w * x * x;
    }
    double determinant = ll * ss - ls * ls;
    double level = limited((ss * by_level - ls * by_slope) / determinant);
    double slope = limited((ll * by_slope - ls * by_level) / determinant);
    c->level += level;
    c->slope += slope;
    return fabs(level) + fabs(slope) > CLOSE;
}

/*
 * One curve through all steps of the kind: with a handful planted of each, the shares of single steps jump, and the
 * first from which on all are above 90 % lies a third too high.
 */
double hp_strength_of_share(const hp_selftest_step *steps, size_t count, hp_kind kind, double share)
{
    curve c = {.slope = SLOPE};
    double least = INFINITY, most = -INFINITY, planted = 0, found = 0;
    for (size_t i = 0; i < count; i++) {
        if (!counts(&steps[i], kind))
            continue;
        double x = octaves_of(&steps[i]);
        least = x < least ? x : least;
        most = x > most ? x : most;
        c.middle += x * (double)steps[i].planted;
        planted += (double)steps[i].planted;
        found += (double)steps[i].found;
    }
    if (found == 0)
        return 0;
    c.middle /= planted;
    for (int i = 0; i < STEPS_MOST && improve(steps, count, kind, &c);)
        i++;
    double x = c.middle + (log(share / (1 - share)) - c.level) / c.slope;
    if (!(c.slope > SLOPE_LEAST) || x > most)
        return 0;
    double amount = exp2(x > least ? x : least);
    return kind == HP_WEAK ? 1 - amount : amount;
}
