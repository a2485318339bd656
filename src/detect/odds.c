#include "detect/odds.h"

#include <math.h>

#define TAIL 0.025 /* what may lie beyond either end of a range that holds 95 % */

double hp_log_add(double a, double b)
{
    double most = a > b ? a : b, least = a > b ? b : a;
    return most == -HUGE_VAL ? most : most + log1p(exp(least - most));
}

/*
 * With P(k) the sum of the gains of photos 0 to k - 1, a run from j to k - 1 has the likelihood exp(P(k) - P(j)). So
 * all that begin at j have exp(-P(j)) times the sum of exp(P(k)) over k > j: sums from either end give every
 * probability in one pass.
 */
hp_odds hp_odds_weigh(const double *sums, size_t count, double seen_cost, double cost)
{
    hp_odds o = {seen_cost, sums[count], -HUGE_VAL, -HUGE_VAL, -HUGE_VAL};
    double begun = -HUGE_VAL; /* exp(-P(j)) of all j from 1 on */
    for (size_t k = 1; k < count; k++) {
        o.both = hp_log_add(o.both, begun + sums[k] - 2 * cost);
        o.began = hp_log_add(o.began, sums[count] - sums[k] - cost);
        o.ended = hp_log_add(o.ended, sums[k] - cost);
        begun = hp_log_add(begun, -sums[k]);
    }
    return o;
}

double hp_odds_total(const hp_odds *o)
{
    return hp_log_add(hp_log_add(o->never, o->always), hp_log_add(hp_log_add(o->began, o->ended), o->both));
}

/* later[i]: log of the sum of exp(P(k)), k > i. */
void hp_odds_fill_badness(const double *sums, double *later, size_t count, double cost, double total, float *badness)
{
    double earlier = 0; /* j = 0 costs nothing: log of the sum of exp(-P(j)), j <= i */
    later[count] = -HUGE_VAL;
    for (size_t i = count; i-- > 0;)
        later[i] = hp_log_add(later[i + 1], sums[i + 1] - (i + 1 < count ? cost : 0));
    for (size_t i = 0; i < count; i++) {
        earlier = i ? hp_log_add(earlier, -sums[i] - cost) : 0;
        badness[i] = (float)exp(earlier + later[i] - total);
    }
}

hp_history_verdict hp_odds_likeliest(const hp_odds *o, double *weight)
{
    const struct {
        double weight;
        hp_history_verdict verdict;
    } all[] = {{o->never, HP_NOT_SEEN},
               {o->always, HP_ALWAYS_BAD},
               {o->began, HP_BEGAN},
               {o->ended, HP_ENDED},
               {o->both, HP_BEGAN_AND_ENDED}};
    size_t best = 0;
    for (size_t i = 1; i < sizeof all / sizeof *all; i++)
        if (all[i].weight > all[best].weight)
            best = i;
    *weight = all[best].weight;
    return all[best].verdict;
}

static bool begins(hp_history_verdict verdict)
{
    return verdict == HP_BEGAN || verdict == HP_BEGAN_AND_ENDED;
}

static bool ends(hp_history_verdict verdict)
{
    return verdict == HP_ENDED || verdict == HP_BEGAN_AND_ENDED;
}

/* The likeliest of places first to end - 1, and the range that holds 95 %. at: logarithms, which it changes. */
static size_t locate(double *at, size_t first, size_t end, size_t *least, size_t *most)
{
    size_t best = first;
    for (size_t i = first; i < end; i++)
        best = at[i] > at[best] ? i : best;
    double sum = 0, seen = 0, highest = at[best];
    for (size_t i = first; i < end; i++)
        sum += at[i] = exp(at[i] - highest);
    *least = first;
    *most = end - 1;
    for (size_t i = first; i < end; i++) {
        double before = seen;
        seen += at[i];
        if (before <= TAIL * sum)
            *least = i;
        if (seen >= (1 - TAIL) * sum) {
            *most = i;
            break;
        }
    }
    return best;
}

/* log of the sum of exp(-P(j)) over 0 < j < k for each end k, or of exp(P(k)) over j < k < count for each beginning. */
static void weigh_places(const double *sums, double *at, size_t count, hp_history_verdict verdict, bool of_end)
{
    double others = -HUGE_VAL;
    bool both = verdict == HP_BEGAN_AND_ENDED;
    for (size_t k = 1; k < count && of_end; k++) {
        at[k] = sums[k] + (both ? others : 0);
        others = hp_log_add(others, -sums[k]);
    }
    for (size_t j = count; --j > 0 && !of_end;) {
        at[j] = -sums[j] + (both ? others : 0);
        others = hp_log_add(others, sums[j]);
    }
}

void hp_odds_place_ends(const double *sums, double *at, size_t count, hp_timeline *t)
{
    t->first_bad = t->first_least = t->first_most = 0;
    t->last_bad = t->last_least = t->last_most = t->verdict == HP_NOT_SEEN ? 0 : count - 1;
    if (begins(t->verdict)) {
        weigh_places(sums, at, count, t->verdict, false);
        t->first_bad = locate(at, 1, count, &t->first_least, &t->first_most);
    }
    if (ends(t->verdict)) {
        weigh_places(sums, at, count, t->verdict, true);
        t->last_bad = locate(at, 1, count, &t->last_least, &t->last_most) - 1;
        t->last_least--;
        t->last_most--;
        t->last_bad = t->last_bad < t->first_bad ? t->first_bad : t->last_bad;
    }
}
