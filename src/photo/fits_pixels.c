#include "photo/fits_pixels.h"

#include "base/error.h"
#include "base/memory.h"

#include <math.h>
#include <stdlib.h>

enum { PIXELS_AT_ONCE = 1 << 18 }; /* read, rounded to whole rows of tiles */

/* What fits no type of 16 bits is read as double, which holds all integers of 32. */
static const struct {
    int bitpix, type;
    hp_stored_type stored;
} types[] = {
    {BYTE_IMG, TBYTE, HP_STORED_U8},    {USHORT_IMG, TUSHORT, HP_STORED_U16}, {SHORT_IMG, TSHORT, HP_STORED_I16},
    {FLOAT_IMG, TFLOAT, HP_STORED_F32}, {DOUBLE_IMG, TDOUBLE, HP_STORED_F64}, /* the last: for all others */
};

enum { TYPES = sizeof types / sizeof *types };

static size_t type_of(const hp_fits_file *file)
{
    size_t i = 0;
    while (i < TYPES - 1 && (file->has_blank || types[i].bitpix != file->bitpix))
        i++;
    return i;
}

hp_stored_type hp_fits_stored_type(const hp_fits_file *file)
{
    return types[type_of(file)].stored;
}

/* Whole rows of tiles, so that none is decompressed twice. */
int hp_fits_band_create(const hp_fits_file *file, hp_fits_band *b, hp_error *err)
{
    *b = (hp_fits_band){.stored = {.channels = (unsigned)file->planes, .step = 1}};
    b->type = types[type_of(file)].type;
    b->stored.type = types[type_of(file)].stored;
    LONGLONG tile = 1, rows = PIXELS_AT_ONCE / file->width + 1;
    int status = 0;
    if (file->compressed && fits_read_key(file->fits, TLONGLONG, "ZTILE2", &tile, NULL, &status))
        tile = 1;
    tile = tile < 1 ? 1 : tile > file->height ? file->height : tile;
    rows = (rows + tile - 1) / tile * tile;
    b->rows = (uint32_t)(rows < file->height ? rows : file->height);
    if (!hp_multiply(hp_stored_bytes(b->stored.type), (size_t)file->width, b->rows, &b->plane_bytes))
        return hp_fail(err, HP_E_MEMORY, "no memory for %u rows", b->rows);
    b->data = hp_calloc(b->stored.channels, b->plane_bytes, err);
    return b->data ? HP_OK : HP_E_MEMORY;
}

/* Rows y to y + rows - 1 of all channels. What has no value becomes NaN where the type has it. */
int hp_fits_band_read(const hp_fits_file *file, hp_fits_band *b, uint32_t y, uint32_t rows, hp_error *err)
{
    int status = 0, any = 0;
    float nan_f = NAN;
    double nan_d = (double)NAN;
    void *none = b->type == TFLOAT ? (void *)&nan_f : b->type == TDOUBLE ? (void *)&nan_d : NULL;
    for (unsigned channel = 0; channel < b->stored.channels && !status; channel++) {
        LONGLONG first = 1 + ((LONGLONG)channel * file->height + y) * file->width;
        fits_read_img(file->fits, b->type, first, file->width * rows, none, b->data + channel * b->plane_bytes, &any,
                      &status);
    }
    return status ? hp_fits_fail(status, err) : HP_OK;
}

hp_stored hp_fits_band_row(const hp_fits_file *file, const hp_fits_band *b, uint32_t row)
{
    hp_stored pixels = b->stored;
    size_t offset = (size_t)row * (size_t)file->width * hp_stored_bytes(b->stored.type);
    for (unsigned channel = 0; channel < pixels.channels; channel++)
        pixels.channel[channel] = b->data + channel * b->plane_bytes + offset;
    return pixels;
}

void hp_fits_band_free(hp_fits_band *b)
{
    free(b->data);
    *b = (hp_fits_band){0};
}
