#include "report/shades.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum {
    CROP_PIXELS = HP_CROP_SIDE * HP_CROP_SIDE,
    SIGNED_STEPS = 127, /* shades of one sign of a residual; 0 is the one in the middle */
    OUTSIDE = 255,      /* colour of what lies outside the frame */
    STRONG_STEPS = 8,   /* shades of what is brighter in the score image */
    WEAK_STEPS = 7,     /* and of what is darker */
    CFA_SIDES_MOST = 6,
};

#define LEAST_MEAN_RANGE 8.0     /* DN of 8 bits that the shades of a mean crop span at least: noise stays flat */
#define LEAST_RESIDUAL_RANGE 4.0 /* the same of a residual, to one side */
#define SCORE_FLOOR 0.4          /* |S| below is the ground */

static const hp_rgb ground = {14, 18, 24}, warm[] = {{74, 40, 22}, {214, 108, 30}, {255, 214, 130}, {255, 255, 255}},
                    cold[] = {{18, 46, 78}, {40, 116, 196}, {136, 204, 255}, {240, 250, 255}};

hp_rgb hp_shade_of_kind(hp_kind kind)
{
    static const hp_rgb colours[] = {[HP_HOT] = {255, 190, 92},
                                     [HP_STUCK] = {255, 118, 118},
                                     [HP_DEAD] = {205, 170, 255},
                                     [HP_WEAK] = {106, 208, 255}};
    return colours[kind];
}

static uint8_t between(uint8_t a, uint8_t b, double share)
{
    return (uint8_t)lround(a + (b - a) * share);
}

/* From the ground over the colours of a ramp of four; share 0..1. */
static hp_rgb on_ramp(const hp_rgb ramp[4], double share)
{
    double at = share * 4;
    int below = at >= 4 ? 3 : (int)at;
    hp_rgb from = below == 0 ? ground : ramp[below - 1], to = ramp[below];
    return (hp_rgb){between(from.red, to.red, at - below), between(from.green, to.green, at - below),
                    between(from.blue, to.blue, at - below)};
}

/* ---- the score image ---- */

static uint8_t score_shade(double score)
{
    double share = (fabs(score) - SCORE_FLOOR) / (1 - SCORE_FLOOR);
    int steps = score < 0 ? WEAK_STEPS : STRONG_STEPS;
    if (!(share > 0))
        return 0;
    int step = 1 + (int)(fmin(share, 1) * (steps - 1));
    return (uint8_t)(score < 0 ? STRONG_STEPS + step : step);
}

int hp_shade_scores(const hp_evidence *evidence, hp_picture *picture, hp_error *err)
{
    size_t count = (size_t)evidence->score_width * evidence->score_height;
    int code =
        hp_picture_create(picture, evidence->score_width, evidence->score_height, 1 + STRONG_STEPS + WEAK_STEPS, err);
    if (code)
        return code;
    picture->palette[0] = ground;
    for (int i = 1; i <= STRONG_STEPS; i++)
        picture->palette[i] = on_ramp(warm, (double)i / STRONG_STEPS);
    for (int i = 1; i <= WEAK_STEPS; i++)
        picture->palette[STRONG_STEPS + i] = on_ramp(cold, (double)i / WEAK_STEPS);
    for (size_t i = 0; i < count; i++)
        picture->index[i] = score_shade((double)evidence->score[i]);
    return HP_OK;
}

/* ---- crops ---- */

/* Period of a CFA that is named by its colours, row by row; 1 where there is none. */
static unsigned cfa_side(const hp_camera *camera)
{
    size_t length = strlen(camera->cfa);
    for (unsigned side = 2; side <= CFA_SIDES_MOST; side++)
        if (side * side == length)
            return side;
    return 1;
}

static int compare(const void *a, const void *b)
{
    float x = *(const float *)a, y = *(const float *)b;
    return (x > y) - (x < y);
}

/* The median of those at one site of the CFA; of site -1: of all. NaN where there is none. */
static double median_at(const float *values, unsigned side, int site)
{
    float some[CROP_PIXELS];
    size_t count = 0;
    for (unsigned i = 0; i < CROP_PIXELS; i++) {
        unsigned at = i / HP_CROP_SIDE % side * side + i % HP_CROP_SIDE % side;
        if (isfinite(values[i]) && (site < 0 || at == (unsigned)site))
            some[count++] = values[i];
    }
    qsort(some, count, sizeof *some, compare);
    return count ? (double)some[count / 2] : NAN;
}

/* A mosaic's colours are of different brightness: each is moved to that of all, so that the picture shows the scene. */
static void level_mosaic(const hp_camera *camera, float values[CROP_PIXELS])
{
    unsigned side = cfa_side(camera);
    double all = median_at(values, side, -1), own[CFA_SIDES_MOST * CFA_SIDES_MOST] = {0};
    if (side == 1)
        return;
    for (unsigned site = 0; site < side * side; site++)
        own[site] = median_at(values, side, (int)site);
    for (unsigned i = 0; i < CROP_PIXELS; i++)
        values[i] += (float)(all - own[i / HP_CROP_SIDE % side * side + i % HP_CROP_SIDE % side]);
}

static void values_of(const hp_list *list, const hp_crop *crop, hp_crop_kind kind, float values[CROP_PIXELS])
{
    memcpy(values, kind == HP_CROP_MEAN ? crop->mean : crop->residual, CROP_PIXELS * sizeof *values);
    if (kind == HP_CROP_MEAN)
        level_mosaic(&list->camera, values);
}

static hp_shade_range range_of(const hp_camera *camera, const float *values, hp_crop_kind kind)
{
    double low = INFINITY, high = -INFINITY, unit = camera->bits > 8 ? ldexp(1, (int)camera->bits - 8) : 1;
    for (size_t i = 0; i < CROP_PIXELS; i++)
        if (isfinite(values[i])) {
            low = fmin(low, (double)values[i]);
            high = fmax(high, (double)values[i]);
        }
    if (kind == HP_CROP_RESIDUAL) {
        high = fmax(LEAST_RESIDUAL_RANGE * unit, fmax(-low, high));
        return (hp_shade_range){-high, high};
    }
    double missing = LEAST_MEAN_RANGE * unit - (high - low);
    if (missing > 0) {
        low -= missing / 2;
        high += missing / 2;
    }
    return (hp_shade_range){low, high};
}

hp_shade_range hp_shade_crop_range(const hp_list *list, const hp_crop *crop, hp_crop_kind kind)
{
    float values[CROP_PIXELS];
    values_of(list, crop, kind, values);
    return range_of(&list->camera, values, kind);
}

static void fill_palette(hp_picture *sheet, hp_crop_kind kind)
{
    for (int i = 0; i < OUTSIDE && kind == HP_CROP_MEAN; i++)
        sheet->palette[i] = (hp_rgb){(uint8_t)i, (uint8_t)i, (uint8_t)i};
    for (int i = 0; i <= SIGNED_STEPS && kind == HP_CROP_RESIDUAL; i++) {
        sheet->palette[SIGNED_STEPS + i] = on_ramp(warm, (double)i / SIGNED_STEPS);
        sheet->palette[SIGNED_STEPS - i] = on_ramp(cold, (double)i / SIGNED_STEPS);
    }
    sheet->palette[OUTSIDE] = (hp_rgb){96, 100, 108};
}

/* Ranges are wider than nothing: both kinds have a least one. */
static void draw_crop(const hp_list *list, size_t number, hp_crop_kind kind, hp_picture *sheet)
{
    float values[CROP_PIXELS];
    values_of(list, &list->evidence->crops[number], kind, values);
    hp_shade_range range = range_of(&list->camera, values, kind);
    double steps = OUTSIDE - 1;
    uint8_t *corner =
        sheet->index + number / HP_CROPS_A_ROW * HP_CROP_SIDE * sheet->width + number % HP_CROPS_A_ROW * HP_CROP_SIDE;
    for (size_t i = 0; i < CROP_PIXELS; i++) {
        double share = ((double)values[i] - range.low) / (range.high - range.low);
        corner[i / HP_CROP_SIDE * sheet->width + i % HP_CROP_SIDE] =
            isfinite(share) ? (uint8_t)lround(fmin(fmax(share, 0), 1) * steps) : OUTSIDE;
    }
}

int hp_shade_crops(const hp_list *list, hp_crop_kind kind, hp_picture *sheet, hp_error *err)
{
    size_t count = list->evidence->crop_count;
    uint32_t rows = (uint32_t)((count + HP_CROPS_A_ROW - 1) / HP_CROPS_A_ROW);
    uint32_t columns = count < HP_CROPS_A_ROW ? (uint32_t)count : HP_CROPS_A_ROW;
    int code = hp_picture_create(sheet, columns * HP_CROP_SIDE, rows * HP_CROP_SIDE, OUTSIDE + 1, err);
    if (code)
        return code;
    fill_palette(sheet, kind);
    for (size_t i = 0; i < count; i++)
        draw_crop(list, i, kind, sheet);
    return HP_OK;
}
