#include "photo/holes.h"

#include "base/error.h"
#include "base/memory.h"

#include <stdlib.h>
#include <string.h>

int hp_holes_note(hp_holes *holes, const hp_plane *plane, uint32_t x, uint32_t y, const bool *missing, size_t count,
                  hp_error *err)
{
    for (size_t i = 0; i < count; i++) {
        if (!missing[i])
            continue;
        if (!holes->mask) {
            holes->mask = hp_calloc((size_t)plane->width * plane->height, 1, err);
            if (!holes->mask)
                return HP_E_MEMORY;
        }
        holes->mask[(size_t)y * plane->width + x + i] = 1;
        holes->count++;
    }
    return HP_OK;
}

static void copy_pixel(const hp_plane *plane, uint32_t x, uint32_t y, uint32_t from_x, uint32_t from_y)
{
    size_t pixel = (size_t)plane->channels * plane->sample_bytes;
    memcpy((char *)hp_plane_row(plane, y) + x * pixel, (char *)hp_plane_row(plane, from_y) + from_x * pixel, pixel);
}

/* One row, every `step`th column from `first` on. False when all of them are holes. */
static bool fill_along(uint8_t *mask, const hp_plane *plane, uint32_t y, uint32_t first, uint32_t step)
{
    uint8_t *row = mask + (size_t)y * plane->width;
    uint32_t valid = first;
    while (valid < plane->width && row[valid])
        valid += step;
    if (valid >= plane->width)
        return false;
    for (uint32_t x = first; x < plane->width; x += step) {
        if (!row[x])
            valid = x;
        else
            copy_pixel(plane, x, y, valid, y);
        row[x] = 0;
    }
    return true;
}

/* The columns of one site in a row without values, out of another row. */
static void copy_along(uint8_t *mask, const hp_plane *plane, uint32_t y, uint32_t from_y, uint32_t first, uint32_t step)
{
    for (uint32_t x = first; x < plane->width; x += step) {
        copy_pixel(plane, x, y, x, from_y);
        mask[(size_t)y * plane->width + x] = 0;
    }
}

/* All rows of one site: empty ones take those above, and what is left at the top those below. */
static void fill_site(uint8_t *mask, const hp_plane *plane, const hp_cfa *cfa, uint32_t top, uint32_t first)
{
    uint32_t filled = UINT32_MAX; /* first row that has values */
    for (uint32_t y = top; y < plane->height; y += cfa->height) {
        if (fill_along(mask, plane, y, first, cfa->width))
            filled = filled == UINT32_MAX ? y : filled;
        else if (filled != UINT32_MAX)
            copy_along(mask, plane, y, y - cfa->height, first, cfa->width);
    }
    for (uint32_t y = top; filled != UINT32_MAX && y < filled; y += cfa->height)
        copy_along(mask, plane, y, filled, first, cfa->width);
}

int hp_holes_fill(hp_holes *holes, const hp_cfa *cfa, const hp_plane *plane, hp_error *err)
{
    uint64_t pixels = (uint64_t)plane->width * plane->height;
    if (holes->count > pixels / 2)
        return hp_fail(err, HP_E_INPUT, "has no value in %llu of its %llu pixels", (unsigned long long)holes->count,
                       (unsigned long long)pixels);
    for (unsigned site = 0; holes->mask && site < (unsigned)cfa->width * cfa->height; site++)
        fill_site(holes->mask, plane, cfa, site / cfa->width, site % cfa->width);
    return HP_OK;
}

void hp_holes_free(hp_holes *holes)
{
    free(holes->mask);
    *holes = (hp_holes){0};
}
