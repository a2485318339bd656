#include "detect/course.h"

#include "base/memory.h"
#include "detect/odds.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/*
 * Natural logarithms of odds, measured by bench/history.py so that no onset is claimed where there is none in 98 %, and
 * then as low as that allows.
 */
#define SEEN_COST 8.0         /* that the pixel is bad at all */
#define CHANGE_COST 1.5       /* of a beginning or an end; the number of places it may have adds its logarithm */
#define INTERMITTENT_COST 8.0 /* that it comes and goes */
#define HIDDEN 0.03           /* share of photos in which a bad pixel shows nothing, for whatever reason */

static const double duties[] = {0.15, 0.3, 0.5, 0.65, 0.8}; /* of an intermittent pixel: share of photos it is bad in */
enum { DUTIES = sizeof duties / sizeof *duties, MIDDLE_DUTY = 2 };

/* Photos first to end - 1, and how much likelier they are if the pixel is bad in them and good in the others. */
typedef struct run {
    double score;
    size_t first, end;
} run;

int hp_course_room_create(size_t photos, hp_course_room *room, hp_error *err)
{
    *room = (hp_course_room){0};
    size_t values = photos + 1, bytes;
    if (!hp_multiply(values, 3 * sizeof(double) + 2 * sizeof(float), 1, &bytes) ||
        bytes > SIZE_MAX - HP_CAUSES_MOST * sizeof(hp_cause))
        bytes = SIZE_MAX - HP_CAUSES_MOST * sizeof(hp_cause);
    char *at = room->memory = hp_calloc(bytes + HP_CAUSES_MOST * sizeof(hp_cause), 1, err);
    if (!at)
        return HP_E_MEMORY;
    room->places = (double *)(void *)at;
    room->sums = room->places + values;
    room->later = room->sums + values;
    room->expected = (float *)(void *)(room->later + values);
    room->scratch = room->expected + values;
    room->causes = (hp_cause *)(void *)(room->scratch + values);
    return HP_OK;
}

void hp_course_room_free(hp_course_room *room)
{
    free(room->memory);
    *room = (hp_course_room){0};
}

/* ---- the best run, one photo after the other ---- */

typedef struct finder {
    double cost; /* of a change */
    double open; /* of the best run that is not ended yet */
    size_t first;
    run best;
} finder;

static finder start(double cost)
{
    return (finder){.cost = cost, .open = -HUGE_VAL, .best.score = -HUGE_VAL};
}

static void take(finder *f, size_t i, size_t count, double gain)
{
    double begun = i ? -f->cost : 0;
    if (begun > f->open) {
        f->open = begun;
        f->first = i;
    }
    f->open += gain;
    double ended = f->open - (i + 1 < count ? f->cost : 0);
    if (ended > f->best.score)
        f->best = (run){ended, f->first, i + 1};
}

/* ---- which cause fits best ---- */

static double gain_of(double likelihood, double duty)
{
    return log(duty * likelihood + (1 - duty));
}

typedef struct fit {
    hp_cause cause;
    run best;
} fit;

static void try_cause(const hp_trace *trace, const hp_cause *cause, const float *expected, double cost, fit *steady,
                      fit *blinking)
{
    finder single = start(cost), by_turns = start(cost);
    for (size_t i = 0; i < trace->count; i++) {
        double likelihood = (double)hp_cause_likelihood(trace, i, cause->share * expected[i]);
        take(&single, i, trace->count, gain_of(likelihood, 1 - HIDDEN));
        take(&by_turns, i, trace->count, gain_of(likelihood, duties[MIDDLE_DUTY]));
    }
    if (single.best.score > steady->best.score)
        *steady = (fit){*cause, single.best};
    if (by_turns.best.score > blinking->best.score)
        *blinking = (fit){*cause, by_turns.best};
}

static void find_causes(const hp_trace *trace, hp_course_room *room, double cost, fit *steady, fit *blinking)
{
    size_t count = hp_causes_of(trace, room->scratch, room->causes);
    for (size_t k = 0; k < count; k++) {
        const hp_cause *cause = &room->causes[k];
        if (k == 0 || cause->kind != cause[-1].kind || cause->amount != cause[-1].amount)
            hp_cause_expect(cause, trace, room->expected);
        try_cause(trace, cause, room->expected, cost, steady, blinking);
    }
}

static void expect(const hp_trace *trace, const hp_cause *cause, hp_course_room *room, float *expected)
{
    hp_cause_expect(cause, trace, room->scratch);
    for (size_t i = 0; i < trace->count; i++)
        expected[i] = cause->share * room->scratch[i];
}

/* ---- by turns ---- */

/* The best run of the duty that fits best. */
static run best_duty(const hp_trace *trace, const float *expected, double cost, double *duty)
{
    run best = {.score = -HUGE_VAL};
    for (size_t d = 0; d < DUTIES; d++) {
        finder f = start(cost);
        for (size_t i = 0; i < trace->count; i++)
            take(&f, i, trace->count, gain_of((double)hp_cause_likelihood(trace, i, expected[i]), duties[d]));
        if (f.best.score > best.score) {
            best = f.best;
            *duty = duties[d];
        }
    }
    return best;
}

static void fill_by_turns(const hp_trace *trace, const run *span, double duty, hp_timeline *t)
{
    size_t first = span->end, last = span->first;
    for (size_t i = 0; i < trace->count; i++) {
        double bad = duty * (double)hp_cause_likelihood(trace, i, t->expected[i]);
        bool within = i >= span->first && i < span->end;
        t->badness[i] = within ? (float)(bad / (bad + 1 - duty)) : 0;
        if (t->badness[i] < 0.5F)
            continue;
        first = i < first ? i : first;
        last = i;
    }
    t->verdict = HP_INTERMITTENT;
    t->first_bad = t->first_least = t->first_most = first < span->end ? first : span->first;
    t->last_bad = t->last_least = t->last_most = first < span->end ? last : span->end - 1;
}

/* ---- all together ---- */

static void fill_steady(const hp_trace *trace, hp_course_room *room, const hp_cause *cause, double cost, hp_timeline *t,
                        hp_odds *o)
{
    size_t count = trace->count;
    expect(trace, cause, room, t->expected);
    room->sums[0] = 0;
    for (size_t i = 0; i < count; i++)
        room->sums[i + 1] = room->sums[i] + gain_of((double)hp_cause_likelihood(trace, i, t->expected[i]), 1 - HIDDEN);
    *o = hp_odds_weigh(room->sums, count, SEEN_COST, cost);
    double weight;
    t->verdict = hp_odds_likeliest(o, &weight);
    hp_odds_fill_badness(room->sums, room->later, count, cost, hp_odds_total(o), t->badness);
    hp_odds_place_ends(room->sums, room->places, count, t);
    t->confidence = exp(weight - hp_odds_total(o));
}

/* What comes and goes must be likelier by INTERMITTENT_COST than all steady ways together. */
void hp_course_find(const hp_trace *trace, hp_course_room *room, hp_timeline *timeline)
{
    double cost = CHANGE_COST + log((double)trace->count), duty = 1;
    fit steady = {.best.score = -HUGE_VAL}, blinking = steady;
    hp_odds o;
    find_causes(trace, room, cost, &steady, &blinking);
    fill_steady(trace, room, &steady.cause, cost, timeline, &o);
    double sure = hp_odds_total(&o);
    expect(trace, &blinking.cause, room, room->expected);
    run span = best_duty(trace, room->expected, cost, &duty);
    double by_turns = span.score - INTERMITTENT_COST, total = hp_log_add(sure, by_turns);
    if (by_turns > sure) {
        memcpy(timeline->expected, room->expected, trace->count * sizeof *timeline->expected);
        fill_by_turns(trace, &span, duty, timeline);
        timeline->confidence = exp(by_turns - total);
    } else {
        timeline->confidence *= exp(sure - total);
    }
    if (timeline->verdict == HP_NOT_SEEN)
        memset(timeline->expected, 0, trace->count * sizeof *timeline->expected);
}
