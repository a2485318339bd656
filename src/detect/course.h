/* From the trace of a place to when its pixel was bad: the change points of greatest likelihood (docs/history.md). */
#ifndef HP_DETECT_COURSE_H
#define HP_DETECT_COURSE_H

#include "detect/cause.h"

/* What one thread works in. */
typedef struct hp_course_room {
    hp_cause *causes;
    float *expected, *scratch;
    double *places, *sums, *later; /* trace->count + 1 each */
    void *memory;
} hp_course_room;

int hp_course_room_create(size_t photos, hp_course_room *room, hp_error *err);
void hp_course_room_free(hp_course_room *room);

/*
 * Fills a timeline of trace->count photos: all but residual, noise and the dates. expected comes as a share of the
 * range. The trace has at least one photo.
 */
void hp_course_find(const hp_trace *trace, hp_course_room *room, hp_timeline *timeline);

#endif
