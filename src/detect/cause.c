#include "detect/cause.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum {
    STEPS_MOST = 120, /* of an amount, half an octave each */
    QUANTILES = 20,
    LEVELS = 8,
};

#define STEP 1.41421356F
#define FREEDOM 7.0F         /* of Student's t: as measured (trace.c) */
#define MISFIT 0.35F         /* one sigma of what a defect shows, as a share of it: no camera keeps to these formulas */
#define DARKEST_SLOPE 12.92F /* of the tone curve, its greatest */

static const float shares_developed[] = {0.15F, 0.3F, 0.6F, 1}, shares_raw[] = {1};
static const float responses[] = {0, 0.15F, 0.3F, 0.4F, 0.5F, 0.6F, 0.7F, 0.8F, 0.9F};

typedef struct making {
    hp_cause *causes;
    size_t count;
    const float *shares;
    size_t share_count;
} making;

static void add(making *m, hp_cause_kind kind, float amount)
{
    for (size_t i = 0; i < m->share_count && m->count < HP_CAUSES_MOST; i++)
        m->causes[m->count++] = (hp_cause){kind, amount, m->shares[i]};
}

static void add_range(making *m, hp_cause_kind kind, float least, float most)
{
    float amount = least;
    for (int i = 0; i < STEPS_MOST && amount <= most * STEP; i++) {
        add(m, kind, amount);
        amount *= STEP;
    }
}

static void bounds(const float *values, size_t count, float *least, float *most)
{
    *least = *most = values[0];
    for (size_t i = 1; i < count; i++) {
        *least = values[i] < *least ? values[i] : *least;
        *most = values[i] > *most ? values[i] : *most;
    }
}

static int compare(const void *a, const void *b)
{
    float first = *(const float *)a, second = *(const float *)b;
    return (first > second) - (first < second);
}

/* A stuck pixel's value is among those it had; the even steps are for one that was stuck in few photos. */
static void add_stuck(making *m, const hp_trace *trace, float *scratch)
{
    for (size_t i = 0; i < trace->count; i++)
        scratch[i] = trace->level[i] + trace->residual[i];
    qsort(scratch, trace->count, sizeof *scratch, compare);
    for (size_t k = 0; k <= QUANTILES; k++)
        add(m, HP_CAUSE_STUCK, scratch[k * (trace->count - 1) / QUANTILES]);
    for (size_t k = 0; k <= LEVELS; k++)
        add(m, HP_CAUSE_STUCK, (float)k / LEVELS);
}

/* From what is lost in the noise of every photo to what saturates in every one. */
size_t hp_causes_of(const hp_trace *trace, float *scratch, hp_cause *causes)
{
    making m = {.causes = causes,
                .shares = trace->developed ? shares_developed : shares_raw,
                .share_count = trace->developed ? sizeof shares_developed / sizeof *shares_developed : 1};
    float noise, noise_most, low, high;
    bounds(trace->noise, trace->count, &noise, &noise_most);
    float least = trace->developed ? noise / DARKEST_SLOPE : noise;
    bounds(trace->gain, trace->count, &low, &high);
    add_range(&m, HP_CAUSE_OFFSET, least / high, 1 / low);
    for (size_t i = 0; i < trace->count; i++)
        scratch[i] = trace->gain[i] * trace->exposure_s[i];
    bounds(scratch, trace->count, &low, &high);
    add_range(&m, HP_CAUSE_DARK, least / high, 1 / low);
    add_stuck(&m, trace, scratch);
    for (size_t i = 0; i < sizeof responses / sizeof *responses; i++)
        add(&m, HP_CAUSE_WEAK, responses[i]);
    m.share_count = 1;
    m.shares = shares_raw;
    float amount = noise;
    for (int i = 0; i < STEPS_MOST && amount <= 1; i++) {
        add(&m, HP_CAUSE_PLAIN, amount);
        add(&m, HP_CAUSE_PLAIN, -amount);
        amount *= STEP;
    }
    return m.count;
}

static float develop(const hp_trace *trace, float light)
{
    if (trace->developed)
        return hp_tone_of(light);
    return light < 0 ? 0 : light > 1 ? 1 : light;
}

static float expect(const hp_cause *cause, const hp_trace *t, size_t i)
{
    float light = t->light[i] > 0 ? t->light[i] : 0, level = t->level[i];
    switch (cause->kind) {
    case HP_CAUSE_OFFSET:
        return develop(t, light + cause->amount * t->gain[i]) - level;
    case HP_CAUSE_DARK:
        return develop(t, light + cause->amount * t->gain[i] * t->exposure_s[i]) - level;
    case HP_CAUSE_STUCK:
        return cause->amount - level;
    case HP_CAUSE_WEAK:
        return develop(t, light * cause->amount) - level;
    case HP_CAUSE_PLAIN:
        return cause->amount;
    }
    return 0;
}

void hp_cause_expect(const hp_cause *cause, const hp_trace *trace, float *expected)
{
    for (size_t i = 0; i < trace->count; i++)
        expected[i] = expect(cause, trace, i);
}

/* Two Student distributions, one by the other: with 7 degrees of freedom the exponent (7 + 1) / 2 is a whole number. */
float hp_cause_likelihood(const hp_trace *trace, size_t i, float expected)
{
    float variance = trace->noise[i] * trace->noise[i], misfit = MISFIT * expected;
    float wider = variance + misfit * misfit;
    float r = trace->residual[i], off = r - expected;
    float ratio = (1 + r * r / (variance * FREEDOM)) / (1 + off * off / (wider * FREEDOM));
    ratio *= ratio;
    return sqrtf(variance / wider) * ratio * ratio;
}
