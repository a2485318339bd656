#include "stats/calibration.h"

#include <stdlib.h>

enum {
    RARE_CELLS = 5, /* of the 504 that may be darker, and brighter: hot pixels, the glow of an amplifier */
    FLAT_MOST = 5,  /* difference of the thumbnail's cells, in 1/256 of a factor 2: 1.4 % */
    /* One part in so many of the range of samples: nowhere brighter than that is dark. */
    DARK_SHARE = 128,          /* of a sensor's, above black */
    DARK_DEVELOPED_SHARE = 32, /* of a developed picture's: 8 of 256 */
};

static uint32_t black_of(const hp_shot *shot)
{
    const hp_cfa *cfa = &shot->photo->info.cfa;
    uint32_t sites = (uint32_t)cfa->width * cfa->height, sum = 0;
    for (uint32_t site = 0; site < sites; site++)
        sum += shot->plane.black[site];
    return sites ? sum / sites : 0;
}

/* The value of a thumbnail's cell of this mean, DN. */
static uint32_t cell_of(uint32_t mean)
{
    return hp_log2_256(((uint64_t)mean + 1) << 16);
}

static bool is_dark(const hp_shot *shot, uint16_t brightest)
{
    const hp_photo_info *info = &shot->photo->info;
    uint32_t black = black_of(shot), range = 1u << info->camera.bits;
    if (hp_photo_is_developed(info))
        return hp_photo_tells_depth(info) && brightest < cell_of(range / DARK_DEVELOPED_SHARE);
    return black > 0 && brightest < cell_of(black + range / DARK_SHARE);
}

static int compare(const void *a, const void *b)
{
    return *(const uint16_t *)a - *(const uint16_t *)b;
}

hp_frame_kind hp_shot_frame(const hp_shot *shot)
{
    if (shot->photo->info.frame != HP_FRAME_LIGHT)
        return shot->photo->info.frame;
    hp_thumbnail sorted = shot->thumbnail;
    qsort(sorted.cell, HP_THUMBNAIL_CELLS, sizeof *sorted.cell, compare);
    uint16_t least = sorted.cell[RARE_CELLS], most = sorted.cell[HP_THUMBNAIL_CELLS - 1 - RARE_CELLS];
    if (is_dark(shot, most))
        return HP_FRAME_DARK;
    return most - least <= FLAT_MOST ? HP_FRAME_FLAT : HP_FRAME_LIGHT;
}
