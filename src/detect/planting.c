#include "detect/planting.h"

#include "detect/jpeg_block.h"
#include "photo/jpeg_steps.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum {
    REACH = 1, /* px that a developed defect spreads */
    SIDE = 2 * REACH + 1,
    HEAD_BYTES = 1 << 20, /* of a JPEG: its tables stand in them */
};

/*
 * What is left of one bad photosite in the luma of a developed picture, by demosaicing with gradients (Malvar, He,
 * Cutler 2004), the mean over red, green and blue ones: it has 0.75 of its own pixel's luma, and spreads so.
 */
#define OWN_SHARE 0.75
static const double footprint[SIDE][SIDE] = {{0.06, 0.2, 0.06}, {0.2, 1, 0.2}, {0.06, 0.2, 0.06}};

#define DISPLAY_GAMMA 2.2 /* developed samples are about light^(1/2.2) */

static double sample_at(const hp_plane *plane, uint32_t x, uint32_t y)
{
    const void *row = hp_plane_row(plane, y);
    return plane->sample_bytes == 1 ? ((const uint8_t *)row)[x] : ((const uint16_t *)row)[x];
}

static void set_sample(const hp_plane *plane, uint32_t x, uint32_t y, double value, double white)
{
    double kept = value < 0 ? 0 : value > white ? white : nearbyint(value);
    void *row = hp_plane_row(plane, y);
    if (plane->sample_bytes == 1)
        ((uint8_t *)row)[x] = (uint8_t)kept;
    else
        ((uint16_t *)row)[x] = (uint16_t)kept;
}

/* A place in a photo, DN: its sample, that without light, and what light gives. */
typedef struct place {
    double value, black, light;
} place;

/* What a defect adds to its own pixel, DN; gain: of the photo, by the mean of all. */
static double addition(const hp_plant *p, double gain, const place *at, double white, bool developed)
{
    double share = developed ? OWN_SHARE : 1, gamma = developed ? 1 / DISPLAY_GAMMA : 1;
    switch (p->kind) {
    case HP_HOT:
        return p->strength * gain;
    case HP_STUCK:
        return share * (at->black + p->strength * (white - at->black) - at->value);
    case HP_DEAD:
        return -share * at->light;
    case HP_WEAK:
        return share * at->light * (pow(p->strength, gamma) - 1);
    }
    return 0;
}

bool hp_planting_is_dark(const hp_photo_info *info)
{
    return info->frame == HP_FRAME_DARK || info->frame == HP_FRAME_BIAS;
}

/* A pedestal is no light. */
static place place_at(const hp_photo_info *info, const hp_plane *plane, const hp_levels *levels, const hp_plant *p)
{
    double black = plane->black[(size_t)(p->y % info->cfa.height) * info->cfa.width + p->x % info->cfa.width];
    place at = {.value = sample_at(plane, p->x, p->y), .black = black > 0 ? black : levels->dark};
    at.light = hp_planting_is_dark(info) ? 0 : at.value - at.black;
    return at;
}

static void plant_spread(const hp_plant *p, double added, const hp_plane *plane, double white)
{
    for (uint32_t j = 0; j < SIDE; j++)
        for (uint32_t i = 0; i < SIDE; i++) {
            uint32_t x = p->x + i - REACH, y = p->y + j - REACH; /* below 0 it is beyond the frame as well */
            if (x < plane->width && y < plane->height)
                set_sample(plane, x, y, sample_at(plane, x, y) + added * footprint[j][i], white);
        }
}

/* ---- JPEG: the blocks that it spreads into, rounded to the steps of the file ---- */

static void plant_in_block(const hp_plant *p, double added, const hp_plane *plane, uint32_t left, uint32_t top,
                           const uint16_t *steps)
{
    double before[HP_JPEG_COEFFICIENTS], extra[HP_JPEG_COEFFICIENTS];
    for (uint32_t j = 0; j < 8; j++)
        for (uint32_t i = 0; i < 8; i++) {
            uint32_t x = left + i, y = top + j, dx = x + REACH - p->x, dy = y + REACH - p->y;
            uint32_t inside_x = x < plane->width ? x : plane->width - 1,
                     inside_y = y < plane->height ? y : plane->height - 1;
            before[j * 8 + i] = sample_at(plane, inside_x, inside_y);
            extra[j * 8 + i] = dx < SIDE && dy < SIDE ? added * footprint[dy][dx] : 0;
        }
    uint64_t seed = ((uint64_t)top << 32 | left) * 0x9e3779b97f4a7c15u + p->x;
    hp_jpeg_block_add(before, extra, steps, seed);
    for (uint32_t j = 0; j < 8 && top + j < plane->height; j++)
        for (uint32_t i = 0; i < 8 && left + i < plane->width; i++)
            set_sample(plane, left + i, top + j, before[j * 8 + i], UINT8_MAX);
}

static void plant_compressed(const hp_plant *p, double added, const hp_plane *plane, const uint16_t *steps)
{
    uint32_t left = (p->x > REACH ? p->x - REACH : 0) / 8 * 8, top = (p->y > REACH ? p->y - REACH : 0) / 8 * 8;
    for (uint32_t y = top; y <= p->y + REACH && y < plane->height; y += 8)
        for (uint32_t x = left; x <= p->x + REACH && x < plane->width; x += 8)
            plant_in_block(p, added, plane, x, y, steps);
}

static bool read_steps(const hp_photo *photo, uint16_t *steps)
{
    hp_file_buffer buffer = {0};
    uint64_t size;
    bool known = photo->info.camera.source == HP_SOURCE_JPEG &&
                 hp_file_read(photo->path, HEAD_BYTES, &buffer, &size, NULL) == HP_OK &&
                 hp_jpeg_luma_steps((hp_bytes){buffer.data, buffer.size}, steps);
    hp_file_buffer_free(&buffer);
    return known;
}

double hp_planting_gain(const hp_photo *photo)
{
    return photo->info.gain > 0 ? photo->info.gain : 1;
}

void hp_planting_alter(const void *context, const hp_photo *photo, hp_plane *plane)
{
    const hp_planting *planting = context;
    const hp_photo_info *info = &photo->info;
    uint16_t steps[HP_JPEG_COEFFICIENTS];
    bool developed = hp_photo_is_developed(info), compressed = read_steps(photo, steps);
    double white = hp_levels_white(info);
    double gain = hp_planting_gain(photo) / planting->mean_gain;
    for (size_t i = 0; i < planting->count; i++) {
        const hp_plant *p = &planting->items[i];
        place at = place_at(info, plane, &planting->levels, p);
        double added = addition(p, gain, &at, planting->levels.white, developed);
        if (!developed)
            set_sample(plane, p->x, p->y, at.value + added, white);
        else if (compressed)
            plant_compressed(p, added, plane, steps);
        else
            plant_spread(p, added, plane, white);
    }
}
