#include "write_dng.h"

#include "dates.h"
#include "dng_tags.h"
#include "frame.h"
#include "repair/ljpeg.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <tiffio.h>

enum { STRIP_ROWS = 64, TILE_MAX = 512, TILE_STEP = 16 };

static TIFFCodec *codec; /* set before and cleared after all threads */

static int leave_alone(TIFF *tiff, int scheme)
{
    (void)tiff;
    return scheme == COMPRESSION_JPEG;
}

/* libtiff's own JPEG codec would add baseline tables to our ready-made lossless tiles. */
int cs_dng_start(cs_error *err)
{
    codec = TIFFRegisterCODEC(COMPRESSION_JPEG, "ready-made JPEG", leave_alone);
    return codec ? 0 : cs_fail(err, "no memory for a codec");
}

void cs_dng_end(void)
{
    if (codec)
        TIFFUnRegisterCODEC(codec);
    codec = NULL;
}

static int keep_error(TIFF *tiff, void *user, const char *module, const char *format, va_list args)
{
    cs_error *err = user;
    (void)tiff;
    (void)module;
    vsnprintf(err->text, sizeof err->text, format, args);
    return 1;
}

static int keep_quiet(TIFF *tiff, void *user, const char *module, const char *format, va_list args)
{
    (void)tiff;
    (void)user;
    (void)module;
    (void)format;
    (void)args;
    return 1;
}

static TIFF *open_tiff(const char *path, cs_error *err)
{
    TIFFOpenOptions *options = TIFFOpenOptionsAlloc();
    if (!options)
        return NULL;
    TIFFOpenOptionsSetErrorHandlerExtR(options, keep_error, err);
    TIFFOpenOptionsSetWarningHandlerExtR(options, keep_quiet, NULL);
    TIFF *tiff = TIFFOpenExt(path, "wl", options);
    TIFFOpenOptionsFree(options);
    return tiff;
}

static int write_strips(TIFF *tiff, const cs_frame *frame, int bits, uint8_t *buffer)
{
    for (int y = 0; y < frame->height; y += STRIP_ROWS) {
        size_t size = 0;
        for (int row = y; row < y + STRIP_ROWS && row < frame->height; row++) {
            const uint16_t *value = frame->value + (size_t)row * (size_t)frame->width;
            if (bits == 16) {
                for (int x = 0; x < frame->width; x++) { /* little-endian, as the file is */
                    buffer[size++] = (uint8_t)(value[x] & 0xff);
                    buffer[size++] = (uint8_t)(value[x] >> 8);
                }
            } else
                size += cs_pack_bits(value, frame->width, bits, buffer + size);
        }
        if (TIFFWriteRawStrip(tiff, (uint32_t)(y / STRIP_ROWS), buffer, (tmsize_t)size) < 0)
            return -1;
    }
    return 0;
}

/* No wider than the picture: dcraw breaks the rows of such a tile at the width of the picture. */
static int tile_side(int width)
{
    return width >= TILE_MAX ? TILE_MAX : width / TILE_STEP * TILE_STEP;
}

/* A tile that reaches over the border goes on with the last value. */
static void copy_tile(const cs_frame *frame, int left, int top, int side, uint16_t *tile)
{
    for (int y = 0; y < side; y++, tile += side) {
        int row = top + y < frame->height ? top + y : frame->height - 1;
        int inside = frame->width - left < side ? frame->width - left : side;
        const uint16_t *value = frame->value + (size_t)row * (size_t)frame->width + left;
        memcpy(tile, value, (size_t)inside * sizeof *tile);
        for (int x = inside; x < side; x++)
            tile[x] = value[inside - 1];
    }
}

static int write_tiles(TIFF *tiff, const cs_frame *frame, const cs_camera *camera, int side, uint8_t *buffer)
{
    int components = camera->cfa->period == 1 ? 1 : 2; /* two columns: the left neighbour of the same colour */
    uint16_t *tile = malloc((size_t)side * (size_t)side * sizeof *tile);
    const hp_ljpeg_kind kind = {
        .width = side / components, .height = side, .components = components, .bits = camera->bits};
    uint32_t number = 0;
    int result = tile ? 0 : -1;
    for (int top = 0; top < frame->height && result == 0; top += side)
        for (int left = 0; left < frame->width && result == 0; left += side) {
            copy_tile(frame, left, top, side, tile);
            size_t size = hp_ljpeg_encode(tile, &kind, buffer);
            result = TIFFWriteRawTile(tiff, number++, buffer, (tmsize_t)size) < 0 ? -1 : 0;
        }
    free(tile);
    return result;
}

static int write_tiff(TIFF *tiff, const cs_dng_options *options, const cs_camera *camera, const cs_shot *shot,
                      const cs_frame *frame)
{
    size_t strip_size = (size_t)frame->width * 2 * STRIP_ROWS;
    int side = tile_side(frame->width);
    uint8_t *buffer = malloc(options->is_compressed ? hp_ljpeg_bound((size_t)side * (size_t)side) : strip_size);
    int result = -1;
    cs_dng_layout layout = {
        .width = frame->width,
        .height = frame->height,
        .strip_rows = options->is_compressed ? 0 : STRIP_ROWS,
        .tile_side = options->is_compressed ? side : 0,
        .active = {options->top, options->left, options->top + camera->height, options->left + camera->width}};
    if (!buffer || cs_dng_set_tags(tiff, &layout, camera, shot, options->has_exif))
        goto done;
    if (options->is_compressed ? write_tiles(tiff, frame, camera, side, buffer)
                               : write_strips(tiff, frame, camera->bits, buffer))
        goto done;
    result = TIFFWriteDirectory(tiff) == 1 ? 0 : -1;
done:
    free(buffer);
    return result;
}

int cs_write_dng(const char *path, const cs_dng_options *options, const cs_camera *camera, const cs_shot *shot,
                 const cs_raw *raw, cs_error *err)
{
    cs_frame frame = {0};
    cs_error why = {"cannot be written"};
    TIFF *tiff = NULL;
    int result = -1;
    if (cs_frame_fill(&frame, camera, shot, raw, options->left, options->top, options->right, options->bottom, err))
        goto done;
    tiff = open_tiff(path, &why);
    if (tiff)
        result = write_tiff(tiff, options, camera, shot, &frame);
    if (tiff)
        TIFFClose(tiff);
    if (result)
        cs_fail(err, "%s: %s", path, why.text);
done:
    cs_frame_free(&frame);
    return result;
}
