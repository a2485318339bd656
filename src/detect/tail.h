/* How many false detections are to be expected, told by the pixels that stand out a little (docs/method.md, 3.4). */
#ifndef HP_DETECT_TAIL_H
#define HP_DETECT_TAIL_H

#include "detect/marks.h"

/* Of each sign: [0] of dark ones, [1] of light ones. */
typedef struct hp_tail {
    double count[2]; /* expected beyond |S| = 0.62 */
    double slope[2]; /* of their logarithm, over |S|^1.5 */
} hp_tail;

/* From the marks that belong to no line, overlay or defect. */
hp_tail hp_tail_fit(const hp_maps *maps, const hp_marks *marks);

/* False detections on the whole sensor with |S| of at least score. */
double hp_tail_expected(const hp_tail *tail, double score);

/* The |S| beyond which false_rate false detections are expected; never below 0.7. */
double hp_tail_score(const hp_tail *tail, double false_rate);

#endif
