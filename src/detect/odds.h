/*
 * How likely each way is in which a pixel may begin and end to be bad (docs/history.md): once each, in any of `count`
 * photos. sums, count + 1 of them: sums[k] is the sum of the gains of photos 0 to k - 1, a gain being the logarithm of
 * how much likelier the photo is if the pixel is bad in it. cost: what a beginning or an end costs, a logarithm, too.
 */
#ifndef HP_DETECT_ODDS_H
#define HP_DETECT_ODDS_H

#include "hotpix.h"

typedef struct hp_odds {
    double never, always, began, ended, both; /* logarithms */
} hp_odds;

/* seen_cost: of being bad at all. */
hp_odds hp_odds_weigh(const double *sums, size_t count, double seen_cost, double cost);
double hp_odds_total(const hp_odds *odds);
hp_history_verdict hp_odds_likeliest(const hp_odds *odds, double *weight);

/* The probability that the pixel is bad in each photo, over all ways. later: room for count + 1. */
void hp_odds_fill_badness(const double *sums, double *later, size_t count, double cost, double total, float *badness);

/* First and last bad photo of the timeline's verdict, with the ranges that hold 95 %. at: room for count + 1. */
void hp_odds_place_ends(const double *sums, double *at, size_t count, hp_timeline *timeline);

/* log(exp(a) + exp(b)) */
double hp_log_add(double a, double b);

#endif
