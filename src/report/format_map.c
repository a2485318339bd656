/* The sensor map alone, as a picture: the score image, enlarged where the frame is small, and the defects on it. */
#include "report/formats.h"
#include "report/map.h"
#include "report/shades.h"

#include <math.h>
#include <stdlib.h>

enum {
    LEAST_SIDE = 1000, /* px that the longer side has at least */
    SIGN_SIDE = 8,     /* px from the middle of a sign to its line */
    SCORE_COLOURS = 16,
    EDGE_COLOUR = SCORE_COLOURS,
    FIRST_KIND_COLOUR = EDGE_COLOUR + 1
};

#define SQUARE_SIDE 0.9 /* of SIGN_SIDE, as map.c has them */
#define CROSS_REACH 0.85
#define LINE_HALF 1.1 /* px */
#define EDGE_HALF 2.4

/* How far a place is from the line of a sign, in units of SIGN_SIDE. */
static double distance(hp_kind kind, double x, double y)
{
    switch (kind) {
    case HP_HOT:
        return fabs(hypot(x, y) - 1);
    case HP_STUCK:
        return fabs(fmax(fabs(x), fabs(y)) - SQUARE_SIDE);
    case HP_DEAD:
        if (fmax(fabs(x), fabs(y)) > CROSS_REACH)
            return hypot(fmax(fabs(x) - CROSS_REACH, 0), fmax(fabs(y) - CROSS_REACH, 0)) + fabs(fabs(x) - fabs(y)) / 2;
        return fabs(fabs(x) - fabs(y)) * sqrt(0.5);
    case HP_WEAK:
        return fabs(fmax(-0.8 - y, (1.8 * fabs(x) + y - 1) / hypot(1.8, 1)));
    }
    return INFINITY;
}

static void draw_sign(hp_picture *picture, hp_kind kind, long column, long row)
{
    const int reach = 2 * SIGN_SIDE;
    for (long y = row - reach; y <= row + reach; y++)
        for (long x = column - reach; x <= column + reach; x++) {
            if (x < 0 || y < 0 || x >= (long)picture->width || y >= (long)picture->height)
                continue;
            double px = SIGN_SIDE * distance(kind, (double)(x - column) / SIGN_SIDE, (double)(y - row) / SIGN_SIDE);
            uint8_t *index = &picture->index[(size_t)y * picture->width + (size_t)x];
            if (px <= LINE_HALF)
                *index = (uint8_t)(FIRST_KIND_COLOUR + kind);
            else if (px <= EDGE_HALF && *index < FIRST_KIND_COLOUR)
                *index = EDGE_COLOUR;
        }
}

/* A column or a row as the line that it is. */
static void draw_extent(hp_picture *picture, const hp_defect *d, double scale)
{
    if (d->shape != HP_SHAPE_COLUMN && d->shape != HP_SHAPE_ROW)
        return;
    double right = (d->box.x + d->box.width) * scale, bottom = (d->box.y + d->box.height) * scale;
    for (uint32_t y = (uint32_t)(d->box.y * scale); y < picture->height && y <= bottom; y++)
        for (uint32_t x = (uint32_t)(d->box.x * scale); x < picture->width && x <= right; x++)
            picture->index[(size_t)y * picture->width + x] = (uint8_t)(FIRST_KIND_COLOUR + d->kind);
}

static void add_colours(hp_picture *picture)
{
    picture->colours = FIRST_KIND_COLOUR + HP_KINDS;
    picture->palette[EDGE_COLOUR] = (hp_rgb){11, 14, 19};
    for (int kind = 0; kind < HP_KINDS; kind++)
        picture->palette[FIRST_KIND_COLOUR + kind] = hp_shade_of_kind((hp_kind)kind);
}

/* Enlarged by a whole number. */
static int enlarge(const hp_picture *small, uint32_t times, hp_picture *large, hp_error *err)
{
    int code = hp_picture_create(large, small->width * times, small->height * times, small->colours, err);
    if (code)
        return code;
    for (unsigned i = 0; i < small->colours; i++)
        large->palette[i] = small->palette[i];
    for (uint32_t y = 0; y < large->height; y++)
        for (uint32_t x = 0; x < large->width; x++)
            large->index[(size_t)y * large->width + x] = small->index[(size_t)(y / times) * small->width + x / times];
    return HP_OK;
}

/* A list that was read has no score image: the ground is empty then. */
static int make_ground(const hp_list *list, hp_picture *picture, double *scale, hp_error *err)
{
    uint32_t side = list->camera.width > list->camera.height ? list->camera.width : list->camera.height;
    uint32_t cell = list->evidence ? list->evidence->cell : (side + LEAST_SIDE - 1) / LEAST_SIDE;
    hp_evidence empty = {.cell = cell,
                         .score_width = (list->camera.width + cell - 1) / cell,
                         .score_height = (list->camera.height + cell - 1) / cell};
    uint32_t times = (LEAST_SIDE * cell + side - 1) / side;
    hp_picture small = {0};
    int code = list->evidence ? hp_shade_scores(list->evidence, &small, err)
                              : hp_picture_create(&small, empty.score_width, empty.score_height, SCORE_COLOURS, err);
    if (!code && !list->evidence)
        small.palette[0] = (hp_rgb){14, 18, 24};
    if (!code)
        code = enlarge(&small, times, picture, err);
    hp_picture_free(&small);
    *scale = (double)times / cell;
    return code;
}

static int write_map(const hp_writing *writing, hp_error *err)
{
    const hp_list *list = &writing->result->lists[0];
    hp_picture picture = {0};
    double scale = 1;
    bool *marked = hp_map_strongest(list, err);
    int code = marked ? make_ground(list, &picture, &scale, err) : HP_E_MEMORY;
    if (!code) {
        add_colours(&picture);
        for (size_t i = 0; i < list->defect_count; i++)
            draw_extent(&picture, &list->defects[i], scale);
        for (size_t i = 0; i < list->defect_count; i++)
            if (marked[i])
                draw_sign(&picture, list->defects[i].kind, lround((list->defects[i].x + 0.5) * scale),
                          lround((list->defects[i].y + 0.5) * scale));
        code = hp_picture_write(&picture, writing->stream, err);
    }
    hp_picture_free(&picture);
    free(marked);
    return code;
}

const hp_list_format hp_report_map = {.name = "map", .endings = {"map.png"}, .write = write_map};
