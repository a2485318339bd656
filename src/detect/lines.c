#include "detect/lines.h"

#include "base/memory.h"
#include "detect/gap.h"
#include "detect/line_runs.h"
#include "detect/pixel.h"
#include "detect/select.h"

#include <math.h>
#include <stdlib.h>

enum {
    NEAR = HP_LINE_NEAR,
    STEP_FROM = 5, /* px from a line: where its two sides are compared */
    STEP_TO = 6,
};

#define HALVES_SHARE (1.0f / 3) /* of the strength, in each half of the set */
#define ONE_PHOTO_MARGIN 1.25   /* times what one photo alone can give */
#define FAINTEST 0.4
#define MANY_SCENES 0.5 /* n_eff / n */
#define STEP_MOST 2.0   /* times the line's own difference */
#define NEIGHBOUR_SHARE 0.5f
#define SPREAD_SHARE 0.25f /* of a column beside a bad one, in a developed picture */

uint64_t hp_lines_bytes(const hp_photo_info *shape, unsigned threads)
{
    return hp_line_runs_bytes(shape, threads);
}

/* ---- values along a line ---- */

typedef struct place {
    uint32_t x, y;
} place;

static place place_on(const hp_line *line, uint32_t across, uint32_t along)
{
    return line->is_row ? (place){along, across} : (place){across, along};
}

typedef float value_fn(const hp_maps *maps, uint32_t x, uint32_t y);

static float z_value(const hp_maps *maps, uint32_t x, uint32_t y)
{
    return hp_maps_value(maps, HP_MAP_Z, x, y);
}

static float residual_value(const hp_maps *maps, uint32_t x, uint32_t y)
{
    return (float)hp_pixel_residual(maps->residual, x, y);
}

static float sample_value(const hp_maps *maps, uint32_t x, uint32_t y)
{
    return (float)hp_pixel_mean(maps->residual, x, y);
}

static float odd_value(const hp_maps *maps, uint32_t x, uint32_t y)
{
    return (float)maps->residual->sums.s1h[(size_t)y * maps->width + x];
}

static float even_value(const hp_maps *maps, uint32_t x, uint32_t y)
{
    size_t at = (size_t)y * maps->width + x;
    return (float)(maps->residual->sums.s1[at] - maps->residual->sums.s1h[at]);
}

static float all_value(const hp_maps *maps, uint32_t x, uint32_t y)
{
    return (float)maps->residual->sums.s1[(size_t)y * maps->width + x];
}

/* The lower median of a value over the length of a line, in the column or row `across`. */
static float median_along(const hp_maps *maps, const hp_line *line, uint32_t across, value_fn *value, float *scratch)
{
    size_t count = line->end - line->start;
    for (uint32_t i = 0; i < count; i++) {
        place p = place_on(line, across, line->start + i);
        scratch[i] = value(maps, p.x, p.y);
    }
    return hp_lower_median(scratch, count, scratch + count);
}

/* ---- what is no line ---- */

static bool has_halves(const hp_maps *maps)
{
    return maps->residual->photos_odd > 0 && maps->residual->photos_odd < maps->residual->base.photos;
}

/*
 * One photo of one scene must not make a line, however straight its edges are. Where the set has two halves, each with
 * scenes of its own, these tell.
 */
static bool stands_without_one_photo(const hp_maps *maps, const hp_line *line, double share, float *scratch)
{
    double one = (double)(HP_Z_LIMIT * hp_maps_scale(maps, HP_MAP_Z));
    double margin = has_halves(maps) && share >= MANY_SCENES ? FAINTEST : ONE_PHOTO_MARGIN;
    float sign = line->residual < 0 ? -1 : 1;
    return (double)(sign * median_along(maps, line, line->at, z_value, scratch)) * share > margin * one;
}

/* A bad column is bad in both halves of the set. */
static bool is_in_both_halves(const hp_maps *maps, const hp_line *line, float *scratch)
{
    float n = (float)maps->residual->base.photos, odd = (float)maps->residual->photos_odd;
    float sign = line->residual < 0 ? -1 : 1;
    if (!has_halves(maps))
        return true;
    float least = HALVES_SHARE * sign * median_along(maps, line, line->at, all_value, scratch) / n;
    return sign * median_along(maps, line, line->at, odd_value, scratch) / odd >= least &&
           sign * median_along(maps, line, line->at, even_value, scratch) / (n - odd) >= least;
}

/*
 * Whether the picture is another on either side: the edge of a border, not a line in the picture. A border may be
 * narrow; near the frame's edge its outermost line stands for that side.
 */
static bool is_step(const hp_maps *maps, const hp_line *line, float *scratch)
{
    uint32_t last = (line->is_row ? maps->height : maps->width) - 1;
    double difference = 0;
    for (uint32_t k = STEP_FROM; k <= STEP_TO; k++) {
        uint32_t before = line->at > k ? line->at - k : 0, after = last - line->at > k ? line->at + k : last;
        difference += (double)(median_along(maps, line, after, sample_value, scratch) -
                               median_along(maps, line, before, sample_value, scratch));
    }
    return fabs(difference / (STEP_TO - STEP_FROM + 1)) > STEP_MOST * fabs((double)line->residual);
}

/*
 * Beside a bad column stand its traces: its part in the developed picture, or the other sign, where three of eight
 * neighbours are bad. In a sensor's own samples one at least half as bad is bad itself.
 */
static bool is_trace_of(const hp_maps *maps, const hp_line *weak, const hp_line *strong)
{
    if (!hp_lines_overlap(weak, strong) || hp_gap(weak->at, strong->at) > NEAR)
        return false;
    float ratio = weak->residual / strong->residual;
    return hp_photo_is_developed(&maps->residual->base.shape) || hp_gap(weak->at, strong->at) == 1 ||
           ratio < NEIGHBOUR_SHARE;
}

static double strength(const hp_line *line)
{
    return fabs((double)line->residual) * sqrt((double)(line->end - line->start));
}

static int compare_strength(const void *a, const void *b)
{
    const hp_line *first = a, *second = b;
    double one = strength(first), two = strength(second);
    if (one != two)
        return one > two ? -1 : 1;
    if (first->is_row != second->is_row)
        return first->is_row ? 1 : -1;
    return (first->at > second->at) - (first->at < second->at);
}

static void drop_traces(const hp_maps *maps, hp_lines *lines)
{
    size_t count = 0;
    for (size_t i = 0; i < lines->count; i++) {
        bool trace = false;
        for (size_t k = 0; k < count && !trace; k++)
            trace = is_trace_of(maps, &lines->items[i], &lines->items[k]);
        if (!trace)
            lines->items[count++] = lines->items[i];
    }
    lines->count = count;
}

/* ---- the box ---- */

/* How many columns beside it, on the side of `step`, are bad with it. */
static uint32_t spread(const hp_maps *maps, const hp_line *line, int step, float *scratch)
{
    float share = hp_photo_is_developed(&maps->residual->base.shape) ? SPREAD_SHARE : NEIGHBOUR_SHARE;
    uint32_t across = line->is_row ? maps->height : maps->width, count = 0;
    while (count < NEAR) {
        int64_t at = (int64_t)line->at + step * ((int64_t)count + 1);
        if (at < 0 || at >= across)
            break;
        float ratio = median_along(maps, line, (uint32_t)at, residual_value, scratch) / line->residual;
        if (!(ratio >= share))
            break;
        count++;
    }
    return count;
}

static hp_box box_of(const hp_maps *maps, const hp_line *line, float *scratch)
{
    uint32_t before = spread(maps, line, -1, scratch), after = spread(maps, line, 1, scratch);
    uint32_t length = line->end - line->start, width = before + after + 1;
    return line->is_row ? (hp_box){line->start, line->at - before, length, width}
                        : (hp_box){line->at - before, line->start, width, length};
}

/* ---- all of them ---- */

int hp_lines_find(const hp_maps *maps, double effective_share, hp_pool *pool, hp_lines *lines, hp_error *err)
{
    *lines = (hp_lines){0};
    uint32_t longest = maps->width > maps->height ? maps->width : maps->height;
    float *scratch = hp_calloc(2 * (size_t)longest + 1, sizeof *scratch, err);
    int code = scratch ? hp_line_runs_find(maps, pool, lines, err) : HP_E_MEMORY;
    size_t count = 0;
    for (size_t i = 0; !code && i < lines->count; i++) {
        hp_line line = lines->items[i];
        float sign = line.residual;
        line.residual = median_along(maps, &line, line.at, residual_value, scratch);
        if (line.residual * sign > 0 && stands_without_one_photo(maps, &line, effective_share, scratch) &&
            is_in_both_halves(maps, &line, scratch) && !is_step(maps, &line, scratch)) {
            line.box = box_of(maps, &line, scratch);
            lines->items[count++] = line;
        }
    }
    lines->count = count;
    free(scratch);
    if (code) {
        hp_lines_free(lines);
        return code;
    }
    if (lines->count)
        qsort(lines->items, lines->count, sizeof *lines->items, compare_strength);
    drop_traces(maps, lines);
    return HP_OK;
}

void hp_lines_free(hp_lines *lines)
{
    free(lines->items);
    *lines = (hp_lines){0};
}
