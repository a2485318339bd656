#include "detect/detect.h"

#include "base/memory.h"
#include "detect/areas.h"
#include "detect/peaks.h"
#include "detect/pixel.h"
#include "detect/threshold.h"

#include <math.h>
#include <stdlib.h>

#define CERTAIN 1.2f
#define EFFECTIVE_LEAST 0.5 /* share of different photos below which scores are lowered */

uint64_t hp_detect_bytes(const hp_photo_info *shape, unsigned threads)
{
    return hp_maps_bytes(shape) + hp_threshold_bytes(shape, threads);
}

static hp_defect describe(const hp_residual *residual, const hp_marks *marks, const hp_peak *peak)
{
    hp_moments m = hp_pixel_moments(residual, peak->x, peak->y);
    double variance = m.var_x + m.var_e - 2 * m.cov_xe;
    return (hp_defect){
        .x = peak->x,
        .y = peak->y,
        .kind = hp_pixel_classify(residual, &m),
        .grade = fabsf(peak->score) > CERTAIN ? HP_CERTAIN : HP_PROBABLE,
        .score = (double)fabsf(peak->score),
        .mean = peak->residual,
        .deviation = variance > 0 ? sqrt(variance) : 0,
        .box = hp_peak_box(residual, marks, peak),
    };
}

static int compare_places(const void *a, const void *b)
{
    const hp_defect *first = a, *second = b;
    if (first->y != second->y)
        return first->y < second->y ? -1 : 1;
    return (first->x > second->x) - (first->x < second->x);
}

static int describe_all(const hp_residual *residual, const hp_marks *marks, hp_detection *out, hp_error *err)
{
    hp_peaks peaks;
    int code = hp_peaks_find(residual, marks, &peaks, err);
    if (code)
        return code;
    out->defects = hp_calloc(peaks.count, sizeof *out->defects, err);
    if (!out->defects)
        code = HP_E_MEMORY;
    for (size_t i = 0; !code && i < peaks.count; i++) {
        out->defects[out->count++] = describe(residual, marks, &peaks.items[i]);
        out->negative_count += peaks.items[i].score < 0;
    }
    if (!code)
        qsort(out->defects, out->count, sizeof *out->defects, compare_places);
    hp_peaks_free(&peaks);
    return code;
}

int hp_detect(const hp_residual *residual, double effective_share, hp_pool *pool, hp_detection *out, hp_error *err)
{
    *out = (hp_detection){0};
    float factor = effective_share < EFFECTIVE_LEAST ? (float)sqrt(effective_share) : 1.0f;
    float thresholds[HP_MAPS];
    hp_maps maps = {0};
    hp_marks marks = {0};
    int code = hp_maps_create(residual, pool, &maps, err);
    if (!code)
        code = hp_thresholds(&maps, pool, thresholds, err);
    if (!code)
        code = hp_marks_create(&maps, thresholds, factor, pool, &marks, err);
    if (!code)
        code = hp_areas_find_overlays(&marks, &out->overlays, err);
    if (!code)
        code = describe_all(residual, &marks, out, err);
    hp_marks_free(&marks);
    hp_maps_free(&maps);
    return code;
}

void hp_detection_free(hp_detection *detection)
{
    free(detection->defects);
    *detection = (hp_detection){0};
}
