#include "detect/detect.h"

#include "base/memory.h"
#include "defects/list.h"
#include "detect/areas.h"
#include "detect/checks.h"
#include "detect/clusters.h"
#include "detect/dust.h"
#include "detect/evidence.h"
#include "detect/lines.h"
#include "detect/peaks.h"
#include "detect/pixel.h"
#include "detect/stamps.h"
#include "detect/tail.h"
#include "detect/threshold.h"

#include <math.h>
#include <stdlib.h>

#define CERTAIN 1.2f
#define EFFECTIVE_LEAST 0.5 /* share of different photos below which scores are lowered */

/* The medians, the lines, the thresholds and the evidence are found one after the other. */
uint64_t hp_detect_bytes(const hp_photo_info *shape, bool evidence, unsigned threads)
{
    const uint64_t parts[] = {hp_maps_median_bytes(shape, threads), hp_lines_bytes(shape, threads),
                              hp_threshold_bytes(shape, threads), evidence ? hp_evidence_bytes(shape, threads) : 0};
    uint64_t most = 0;
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
        most = parts[i] > most ? parts[i] : most;
    return hp_maps_bytes(shape) + most;
}

/* What turns |S| into the score that is told, and into the number of false ones to be expected. */
typedef struct scale {
    hp_tail tail;
    float factor; /* of S, for sets with few different photos */
    float least;  /* S times factor where false_rate false ones are expected */
} scale;

/* The standard deviation over the photos of what the pixel differs from its ring. */
static double deviation_of(const hp_moments *m)
{
    double variance = m->var_x + m->var_e - 2 * m->cov_xe;
    return variance > 0 ? sqrt(variance) : 0;
}

static hp_defect describe(const hp_maps *maps, const scale *told, const hp_peak *peak, hp_box box)
{
    const hp_residual *residual = maps->residual;
    float lowered = fabsf(peak->score) * told->factor, score = lowered / told->least;
    hp_moments m = hp_pixel_moments(residual, peak->x, peak->y);
    bool is_cluster = !hp_photo_is_developed(&residual->base.shape) && (box.width > 1 || box.height > 1);
    return (hp_defect){
        .x = peak->x,
        .y = peak->y,
        .kind = hp_pixel_classify(residual, &maps->levels, &m),
        .grade = score > CERTAIN ? HP_CERTAIN : HP_PROBABLE,
        .score = (double)score,
        .expected_false = hp_tail_expected(&told->tail, (double)lowered),
        .mean = peak->residual,
        .deviation = deviation_of(&m),
        .box = box,
        .shape = is_cluster ? HP_SHAPE_CLUSTER : HP_SHAPE_PIXEL,
    };
}

static int compare_places(const void *a, const void *b)
{
    const hp_defect *first = a, *second = b;
    if (first->y != second->y)
        return first->y < second->y ? -1 : 1;
    return (first->x > second->x) - (first->x < second->x);
}

/* The kind that most pixels of a line have; the first of equal ones. */
static hp_kind kind_of_line(const hp_maps *maps, const hp_line *line)
{
    const hp_residual *residual = maps->residual;
    size_t counts[HP_WEAK + 1] = {0};
    hp_kind most = HP_HOT;
    for (uint32_t i = line->start; i < line->end; i++) {
        hp_moments m = line->is_row ? hp_pixel_moments(residual, i, line->at) : hp_pixel_moments(residual, line->at, i);
        counts[hp_pixel_classify(residual, &maps->levels, &m)]++;
    }
    for (int kind = HP_HOT; kind <= HP_WEAK; kind++)
        most = counts[kind] > counts[most] ? (hp_kind)kind : most;
    return most;
}

static hp_defect describe_line(const hp_maps *maps, const hp_line *line)
{
    uint32_t middle = line->start + (line->end - line->start - 1) / 2;
    uint32_t x = line->is_row ? middle : line->at, y = line->is_row ? line->at : middle;
    hp_moments m = hp_pixel_moments(maps->residual, x, y);
    return (hp_defect){
        .x = x,
        .y = y,
        .kind = kind_of_line(maps, line),
        .grade = line->score > CERTAIN ? HP_CERTAIN : HP_PROBABLE,
        .score = (double)line->score,
        .mean = (double)line->residual,
        .deviation = deviation_of(&m),
        .box = line->box,
        .shape = line->is_row ? HP_SHAPE_ROW : HP_SHAPE_COLUMN,
    };
}

/* Those that touch become one, at the place of the strongest. */
static int describe_peaks(const hp_maps *maps, const hp_marks *marks, const scale *told, const hp_peaks *peaks,
                          hp_detection *out, hp_error *err)
{
    const hp_residual *residual = maps->residual;
    size_t *leaders = hp_calloc(peaks->count, sizeof *leaders, err);
    hp_box *boxes = hp_calloc(peaks->count, sizeof *boxes, err);
    int code = leaders && boxes ? hp_clusters_find(residual, peaks, leaders, err) : HP_E_MEMORY;
    for (size_t i = 0; !code && i < peaks->count; i++) {
        const hp_peak *peak = &peaks->items[i];
        if (leaders[i] == i)
            boxes[i] = hp_peak_box(residual, marks, peak);
        else
            boxes[leaders[i]] = hp_box_around(boxes[leaders[i]], (hp_box){peak->x, peak->y, 1, 1});
    }
    for (size_t i = 0; !code && i < peaks->count; i++) {
        if (leaders[i] != i)
            continue;
        out->defects[out->count++] = describe(maps, told, &peaks->items[i], boxes[i]);
        out->negative_count += peaks->items[i].score < 0;
    }
    free(leaders);
    free(boxes);
    return code;
}

static int describe_all(const hp_maps *maps, const hp_marks *marks, const hp_lines *lines,
                        const float thresholds[HP_MAPS], const scale *told, hp_pool *pool, hp_detection *out,
                        hp_error *err)
{
    hp_peaks peaks;
    int code = hp_peaks_find(maps->residual, marks, told->least / told->factor, &peaks, err);
    if (code)
        return code;
    code = hp_stamps_drop(maps->residual, marks, &peaks, &out->overlays, err);
    if (code) {
        hp_peaks_free(&peaks);
        return code;
    }
    out->defects = hp_calloc(peaks.count + lines->count, sizeof *out->defects, err);
    code = out->defects ? describe_peaks(maps, marks, told, &peaks, out, err) : HP_E_MEMORY;
    for (size_t i = 0; !code && i < lines->count; i++)
        out->defects[out->count++] = describe_line(maps, &lines->items[i]);
    if (!code)
        qsort(out->defects, out->count, sizeof *out->defects, compare_places);
    if (!code)
        code = hp_dust_find(maps->residual, &peaks, &out->dust, &out->dust_count, err);
    if (!code)
        code = hp_checks_make(maps, marks, (double)thresholds[HP_MAP_Z], out->defects, out->count, pool, &out->checks,
                              err);
    hp_peaks_free(&peaks);
    return code;
}

int hp_detect(const hp_residual *residual, const hp_detect_options *options, hp_pool *pool, hp_detection *out,
              hp_error *err)
{
    *out = (hp_detection){0};
    double effective_share = options->effective_share;
    scale told = {.factor = effective_share < EFFECTIVE_LEAST ? (float)sqrt(effective_share) : 1.0f};
    float thresholds[HP_MAPS];
    hp_maps maps = {0};
    hp_marks marks = {0};
    hp_lines lines = {0};
    int code = hp_maps_create(residual, effective_share, pool, &maps, err);
    if (!code)
        code = hp_lines_find(&maps, effective_share, pool, &lines, err);
    if (!code)
        code = hp_thresholds(&maps, options->dark, pool, thresholds, err);
    if (!code)
        code = hp_marks_create(&maps, thresholds, pool, &marks, err);
    if (!code) {
        hp_lines_take_marks(&maps, &lines, &marks);
        code = hp_areas_find_overlays(&marks, &out->overlays, err);
    }
    if (!code) {
        out->overlays += hp_border_is_there(&maps.border);
        told.tail = hp_tail_fit(&maps, &marks);
        told.least = (float)hp_tail_score(&told.tail, options->false_rate);
        code = describe_all(&maps, &marks, &lines, thresholds, &told, pool, out, err);
    }
    if (!code && options->evidence)
        code = hp_evidence_create(&maps, thresholds, told.factor / told.least, out->defects, out->count, pool,
                                  &out->evidence, err);
    hp_lines_free(&lines);
    hp_marks_free(&marks);
    hp_maps_free(&maps);
    return code;
}

void hp_detection_free(hp_detection *detection)
{
    free(detection->defects);
    free(detection->dust);
    hp_evidence_free(&detection->evidence);
    *detection = (hp_detection){0};
}
