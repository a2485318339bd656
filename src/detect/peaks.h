/* From marks to defects: one peak each, without the ghosts that JPEG blocks leave around it (docs/method.md, 3.6, 3.9).
 */
#ifndef HP_DETECT_PEAKS_H
#define HP_DETECT_PEAKS_H

#include "detect/marks.h"
#include "stats/residual.h"

typedef struct hp_peak {
    uint32_t x, y;
    float score;     /* S, signed */
    double residual; /* mean of x - e, DN */
} hp_peak;

typedef struct hp_peaks {
    hp_peak *items; /* strongest first */
    size_t count;
    hp_peak *soft; /* soft spots, which are no pixels; strongest first */
    size_t soft_count;
} hp_peaks;

/* least: |S| beyond which a mark is a candidate. Fails with HP_E_MEMORY. Freed with hp_peaks_free. */
int hp_peaks_find(const hp_residual *residual, const hp_marks *marks, float least, hp_peaks *peaks, hp_error *err);
void hp_peaks_free(hp_peaks *peaks);

/* The pixels that a peak shows in. */
hp_box hp_peak_box(const hp_residual *residual, const hp_marks *marks, const hp_peak *peak);

#endif
