/*
 * What a defect of some kind and size shows in each photo, and how well that fits: the likelihood of a history.
 * docs/history.md, "What a defect shows".
 */
#ifndef HP_DETECT_CAUSE_H
#define HP_DETECT_CAUSE_H

#include "detect/trace.h"

typedef enum hp_cause_kind {
    HP_CAUSE_OFFSET, /* amount times gain is added to the light */
    HP_CAUSE_DARK,   /* amount times gain and exposure is */
    HP_CAUSE_STUCK,  /* the value is amount, whatever the light */
    HP_CAUSE_WEAK,   /* the light counts by this factor */
    HP_CAUSE_PLAIN   /* the residual is amount, in every photo */
} hp_cause_kind;

/* share: how much of it is left in the one pixel looked at, where a picture was developed from several; else 1. */
typedef struct hp_cause {
    hp_cause_kind kind;
    float amount, share;
} hp_cause;

enum { HP_CAUSES_MOST = 4096 };

/* All that are tried on a trace, into causes; returns how many, HP_CAUSES_MOST at most. Those that differ in their
 * share alone stand together. scratch: room for trace->count values. */
size_t hp_causes_of(const hp_trace *trace, float *scratch, hp_cause *causes);

/* Residuals that it gives with a share of 1, into expected. */
void hp_cause_expect(const hp_cause *cause, const hp_trace *trace, float *expected);

/* How much likelier residual i is where the pixel is bad and shows `expected` there, than where it is good. */
float hp_cause_likelihood(const hp_trace *trace, size_t i, float expected);

#endif
