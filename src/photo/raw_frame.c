#include "photo/raw_frame.h"

#include "base/error.h"

enum { WHOLE_PERIODS = 24 }; /* px: a multiple of every period LibRaw knows */

/*
 * LibRaw lets its frame begin at a whole period of the CFA and drops rows and columns before it, which a DNG says are
 * visible and which other programs keep.
 */
hp_raw_frame hp_raw_frame_of(const libraw_data_t *raw, const hp_ifds *ifds)
{
    const libraw_image_sizes_t *s = &raw->sizes;
    hp_raw_frame f = {s->left_margin, s->top_margin, s->width, s->height, 0, 0};
    if (!raw->idata.dng_version || !ifds->has_area)
        return f;
    if (ifds->area_left < f.left && f.left - ifds->area_left < HP_CFA_MOST)
        f.ahead_x = (int)(f.left - ifds->area_left);
    if (ifds->area_top < f.top && f.top - ifds->area_top < HP_CFA_MOST)
        f.ahead_y = (int)(f.top - ifds->area_top);
    f.left -= (uint32_t)f.ahead_x;
    f.width += (uint32_t)f.ahead_x;
    f.top -= (uint32_t)f.ahead_y;
    f.height += (uint32_t)f.ahead_y;
    return f;
}

int hp_raw_check_area(const libraw_data_t *raw, const hp_ifds *ifds, hp_error *err)
{
    const libraw_image_sizes_t *s = &raw->sizes;
    if (raw->idata.dng_version && ifds->has_area &&
        (ifds->area_right > s->raw_width || ifds->area_bottom > s->raw_height))
        return hp_fail(err, HP_E_INPUT, "is a damaged DNG: its active area ends at %u, %u, its samples at %u, %u",
                       ifds->area_right, ifds->area_bottom, s->raw_width, s->raw_height);
    return HP_OK;
}

/* LibRaw's number of a colour; its patterns repeat after 2, 6 or 8 px, so 24 px later is the same. */
static int colour_number(libraw_data_t *raw, const hp_raw_frame *f, int x, int y)
{
    return libraw_COLOR(raw, y - f->ahead_y + WHOLE_PERIODS, x - f->ahead_x + WHOLE_PERIODS);
}

/* The same as a letter: both greens of a Bayer CFA are G. */
static uint8_t colour_at(libraw_data_t *raw, const hp_raw_frame *f, int x, int y)
{
    int colour = colour_number(raw, f, x, y);
    return (uint8_t)(colour >= 0 && colour < 4 ? raw->idata.cdesc[colour] : 0);
}

static bool repeats(libraw_data_t *raw, const hp_raw_frame *f, int width, int height)
{
    for (int y = 0; y < WHOLE_PERIODS; y++)
        for (int x = 0; x < WHOLE_PERIODS; x++)
            if (colour_at(raw, f, x, y) != colour_at(raw, f, x % width, y % height))
                return false;
    return true;
}

int hp_raw_cfa(libraw_data_t *raw, const hp_raw_frame *f, hp_cfa *cfa, hp_error *err)
{
    *cfa = (hp_cfa){.width = 1, .height = 1};
    if (raw->idata.filters == 0)
        return HP_OK;
    for (int height = 1; height <= HP_CFA_MOST; height++)
        for (int width = 1; width <= HP_CFA_MOST; width++) {
            if (!repeats(raw, f, width, height))
                continue;
            *cfa = (hp_cfa){.width = (uint8_t)width, .height = (uint8_t)height};
            for (int i = 0; i < width * height; i++)
                cfa->colour[i] = colour_at(raw, f, i % width, i / width);
            return HP_OK;
        }
    return hp_fail(err, HP_E_UNSUPPORTED, "has a CFA that does not repeat within %d px", HP_CFA_MOST);
}

void hp_raw_black(libraw_data_t *raw, const hp_raw_frame *f, const hp_cfa *cfa, uint16_t *black)
{
    const libraw_colordata_t *c = &raw->color;
    unsigned rows = c->cblack[4], columns = c->cblack[5];
    bool has_pattern = rows && columns && (uint64_t)rows * columns <= LIBRAW_CBLACK_SIZE - 6;
    for (unsigned i = 0; i < (unsigned)cfa->width * cfa->height; i++) {
        unsigned x = i % cfa->width, y = i / cfa->width;
        int colour = colour_number(raw, f, (int)x, (int)y);
        uint64_t level = (uint64_t)c->black + c->cblack[colour >= 0 && colour < 4 ? colour : 0];
        if (has_pattern)
            level += c->cblack[6 + y % rows * columns + x % columns];
        black[i] = (uint16_t)(level < UINT16_MAX ? level : UINT16_MAX);
    }
}
