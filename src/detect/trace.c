#include "detect/trace.h"

#include "base/memory.h"
#include "stats/noise.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum {
    SIDE = 2 * HP_TRACE_REACH + 1,
    MOST_NEAR = SIDE * SIDE,
    ARRAYS = 6, /* of a trace */
};

/*
 * The noise of a residual is that of those around it, and it grows where its own ring spreads: an edge passes through.
 * Divided by both together, residuals of places without a defect have the tails of Student's t with 7 degrees of
 * freedom, by the first alone far longer ones (bench/history_measures.py, docs/history.md).
 */
#define SPREAD_SHARE 0.25F
#define TO_SIGMA 1.4826F             /* median absolute deviation of a normal distribution to its sigma */
#define USUAL_EXPOSURE_S (1.0F / 60) /* where it is not known, as docs/method.md has it */

static uint32_t inside(int64_t at, uint32_t step, uint32_t size)
{
    if (at < 0)
        at += step;
    if (at >= (int64_t)size)
        at -= step;
    return (uint32_t)at;
}

hp_rows hp_sight_rows(const hp_ring *ring, uint32_t y, uint32_t height)
{
    uint32_t reach = HP_TRACE_REACH + ring->reach;
    uint32_t first = y > reach ? y - reach : 0, end = height - y > reach + 1 ? y + reach + 1 : height;
    if (y < reach && end < reach + ring->step)
        end = reach + ring->step < height ? reach + ring->step : height;
    if (height - y <= reach && first > height - reach - ring->step)
        first = height - reach - ring->step;
    return (hp_rows){first, end};
}

static int sample(const hp_plane *plane, uint32_t x, uint32_t y)
{
    const void *row = hp_plane_row(plane, y);
    return plane->sample_bytes == 1 ? ((const uint8_t *)row)[x] : ((const uint16_t *)row)[x];
}

static void sort_ring(int values[HP_RING])
{
    for (unsigned i = 1; i < HP_RING; i++) {
        int value = values[i];
        unsigned k = i;
        for (; k > 0 && values[k - 1] > value; k--)
            values[k] = values[k - 1];
        values[k] = value;
    }
}

/* e and q of a pixel's ring, folded at the edge as hp_plane_pad folds it; returns x - e. */
static int look(const hp_plane *plane, const hp_ring *ring, uint32_t x, uint32_t y, int *e, int *q)
{
    unsigned phase = y % ring->height * ring->width + x % ring->width;
    int values[HP_RING];
    for (unsigned k = 0; k < HP_RING; k++)
        values[k] = sample(plane, inside((int64_t)x + ring->dx[phase][k], ring->step, plane->width),
                           inside((int64_t)y + ring->dy[phase][k], ring->step, plane->height));
    sort_ring(values);
    *e = (values[3] + values[4] + 1) >> 1;
    *q = values[6] - values[1];
    return sample(plane, x, y) - *e;
}

static int compare(const void *a, const void *b)
{
    return *(const int *)a - *(const int *)b;
}

static uint8_t colour_at(const hp_cfa *cfa, uint32_t x, uint32_t y)
{
    return cfa->colour[y % cfa->height * cfa->width + x % cfa->width];
}

/* Median |r| of the pixels of this colour around the place, without those that the defect shows in. */
static float noise_around(const hp_plane *plane, const hp_photo_info *info, const hp_ring *ring, uint32_t x, uint32_t y,
                          uint32_t spared)
{
    int sizes[MOST_NEAR], e, q;
    size_t count = 0;
    uint32_t left = x > HP_TRACE_REACH ? x - HP_TRACE_REACH : 0, top = y > HP_TRACE_REACH ? y - HP_TRACE_REACH : 0;
    for (uint32_t v = top; v <= y + HP_TRACE_REACH && v < plane->height; v++)
        for (uint32_t u = left; u <= x + HP_TRACE_REACH && u < plane->width; u++) {
            uint32_t dx = u > x ? u - x : x - u, dy = v > y ? v - y : y - v;
            if ((dx <= spared && dy <= spared) || colour_at(&info->cfa, u, v) != colour_at(&info->cfa, x, y))
                continue;
            sizes[count++] = abs(look(plane, ring, u, v, &e, &q));
        }
    qsort(sizes, count, sizeof *sizes, compare);
    int median = count ? sizes[count / 2] : 0;
    return TO_SIGMA * (float)median;
}

static int black_at(const hp_plane *plane, const hp_cfa *cfa, uint32_t x, uint32_t y)
{
    return plane->black[y % cfa->height * cfa->width + x % cfa->width];
}

hp_sight hp_sight_take(const hp_plane *plane, const hp_photo_info *info, const hp_ring *ring, uint32_t x, uint32_t y,
                       uint32_t spared)
{
    int e, q, black = black_at(plane, &info->cfa, x, y);
    int residual = look(plane, ring, x, y, &e, &q);
    float range = (float)((1 << info->camera.bits) - 1 - black);
    range = range < 1 ? 1 : range; /* a black level that cannot be */
    float noise = noise_around(plane, info, ring, x, y, spared) + SPREAD_SHARE * (float)q;
    float least = (float)hp_noise_floor(info);
    return (hp_sight){
        .residual = (float)residual / range,
        .level = (float)(e - black) / range,
        .noise = (noise > least ? noise : least) / range,
        .gain = info->gain > 0 ? (float)info->gain : 1,
        .exposure_s = info->exposure_s > 0 ? (float)info->exposure_s : USUAL_EXPOSURE_S,
        .range = range,
        .black = (float)black,
    };
}

int hp_trace_create(size_t count, hp_trace *trace, hp_error *err)
{
    *trace = (hp_trace){.count = count};
    float *values = trace->memory = hp_calloc(count, ARRAYS * sizeof *values, err);
    if (!values)
        return HP_E_MEMORY;
    float **arrays[ARRAYS] = {&trace->residual, &trace->level, &trace->light,
                              &trace->noise,    &trace->gain,  &trace->exposure_s};
    for (size_t i = 0; i < ARRAYS; i++)
        *arrays[i] = values + i * count;
    return HP_OK;
}

void hp_trace_free(hp_trace *trace)
{
    free(trace->memory);
    *trace = (hp_trace){0};
}

/* IEC 61966-2-1; hp_tone_of goes the other way. */
static float light_of(float tone)
{
    if (!(tone > 0))
        return 0;
    if (tone >= 1)
        return 1;
    return tone <= 0.04045F ? tone / 12.92F : powf((tone + 0.055F) / 1.055F, 2.4F);
}

void hp_trace_fill(hp_trace *trace, const hp_sight *sights, bool developed)
{
    trace->developed = developed;
    for (size_t i = 0; i < trace->count; i++) {
        const hp_sight *s = &sights[i];
        trace->residual[i] = s->residual;
        trace->level[i] = s->level;
        trace->light[i] = developed ? light_of(s->level) : s->level;
        trace->noise[i] = s->noise;
        trace->gain[i] = s->gain;
        trace->exposure_s[i] = s->exposure_s;
    }
}

/* IEC 61966-2-1 */
float hp_tone_of(float light)
{
    if (!(light > 0))
        return 0;
    if (light >= 1)
        return 1;
    return light <= 0.0031308F ? 12.92F * light : 1.055F * powf(light, 1 / 2.4F) - 0.055F;
}
