#include "photo/tiff_pixels.h"

#include "base/error.h"
#include "base/memory.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

enum {
    MOST_BLOCK_BYTES = 1 << 30,
    MOST_RATIO = 8192,     /* of pixels to file, bytes: LZW, the best of the usual ones on nothing, reaches 2730 */
    LEAST_BLOCK_BYTES = 2, /* that the place of a strip or tile takes in the file */
    LINEAR_RAW = 34892,    /* photometric interpretation of a DNG without colours */
};

static int find_type(const hp_tiff_layout *l, unsigned format, hp_stored_type *type, hp_error *err)
{
    bool is_signed = format == SAMPLEFORMAT_INT;
    if (format == SAMPLEFORMAT_IEEEFP && (l->bits == 32 || l->bits == 64))
        *type = l->bits == 32 ? HP_STORED_F32 : HP_STORED_F64;
    else if (format != SAMPLEFORMAT_UINT && !is_signed && format != SAMPLEFORMAT_VOID)
        return hp_fail(err, HP_E_UNSUPPORTED, "is a TIFF of %u bit samples of format %u, which is not read", l->bits,
                       format);
    else if (l->bits == 8)
        *type = is_signed ? HP_STORED_I8 : HP_STORED_U8;
    else if (l->bits == 16 || (l->bits > 8 && l->bits < 16 && !is_signed && !l->separate))
        *type = is_signed ? HP_STORED_I16 : HP_STORED_U16;
    else if (l->bits == 32)
        *type = is_signed ? HP_STORED_I32 : HP_STORED_U32;
    else
        return hp_fail(err, HP_E_UNSUPPORTED, "is a TIFF of %u bits a sample, which is not read", l->bits);
    return HP_OK;
}

/* JPEG inside TIFF is converted by libjpeg: to RGB, as its own colours are subsampled. */
static int read_photometric(TIFF *tiff, hp_tiff_layout *l, hp_error *err)
{
    uint16_t photometric = PHOTOMETRIC_MINISBLACK, compression = COMPRESSION_NONE;
    TIFFGetField(tiff, TIFFTAG_PHOTOMETRIC, &photometric);
    TIFFGetFieldDefaulted(tiff, TIFFTAG_COMPRESSION, &compression);
    bool is_jpeg = photometric == PHOTOMETRIC_YCBCR && compression == COMPRESSION_JPEG;
    if (is_jpeg)
        TIFFSetField(tiff, TIFFTAG_JPEGCOLORMODE, JPEGCOLORMODE_RGB);
    bool rgb = photometric == PHOTOMETRIC_RGB || is_jpeg;
    bool grey = photometric == PHOTOMETRIC_MINISBLACK || photometric == PHOTOMETRIC_MINISWHITE ||
                photometric == PHOTOMETRIC_CFA || (photometric == LINEAR_RAW && l->samples == 1);
    l->channels = rgb ? 3 : 1;
    l->inverted = photometric == PHOTOMETRIC_MINISWHITE;
    if ((!rgb && !grey) || l->samples < l->channels)
        return hp_fail(err, HP_E_UNSUPPORTED,
                       "is a TIFF of %u samples a pixel, photometric interpretation %u, which is not read", l->samples,
                       photometric);
    if (!TIFFIsCODECConfigured(compression))
        return hp_fail(err, HP_E_UNSUPPORTED, "is a TIFF of compression %u, which is not read", compression);
    return HP_OK;
}

static void read_blocks(TIFF *tiff, hp_tiff_layout *l)
{
    l->tiled = TIFFIsTiled(tiff);
    l->block_width = l->width;
    l->block_height = l->height;
    if (l->tiled) {
        TIFFGetField(tiff, TIFFTAG_TILEWIDTH, &l->block_width);
        TIFFGetField(tiff, TIFFTAG_TILELENGTH, &l->block_height);
    } else {
        uint32_t rows = 0;
        TIFFGetFieldDefaulted(tiff, TIFFTAG_ROWSPERSTRIP, &rows);
        l->block_height = rows < l->height ? rows : l->height;
    }
    uint64_t row_bytes = l->tiled ? TIFFTileRowSize64(tiff) : TIFFScanlineSize64(tiff);
    l->row_bytes = row_bytes < MOST_BLOCK_BYTES ? (size_t)row_bytes : 0;
}

static uint32_t divide_up(uint32_t a, uint32_t b)
{
    return a / b + (a % b != 0);
}

/* Every number is held against the file's length before anything is allocated by it. */
static int check_blocks(hp_tiff_layout *l, uint64_t file_size, hp_error *err)
{
    uint64_t samples = l->separate ? 1 : l->samples;
    if (l->block_width == 0 || l->block_height == 0 ||
        l->row_bytes < ((uint64_t)l->block_width * samples * l->bits + 7) / 8)
        return hp_fail(err, HP_E_INPUT, "is a damaged TIFF: its strips or tiles have an impossible size");
    if (!hp_multiply(l->row_bytes, l->block_height, l->separate ? l->channels : 1, &l->block_bytes) ||
        l->block_bytes > MOST_BLOCK_BYTES)
        return hp_fail(err, HP_E_UNSUPPORTED, "is a TIFF of strips or tiles above 1 GB");
    l->block_bytes /= l->separate ? l->channels : 1;
    l->across = divide_up(l->width, l->block_width);
    uint64_t blocks = (uint64_t)l->across * divide_up(l->height, l->block_height);
    if (blocks > file_size / LEAST_BLOCK_BYTES)
        return hp_fail(err, HP_E_INPUT, "is a damaged TIFF: %llu strips or tiles cannot be in %llu bytes",
                       (unsigned long long)blocks, (unsigned long long)file_size);
    l->blocks = (uint32_t)blocks;
    uint64_t pixels = (uint64_t)l->width * l->height;
    if (pixels / MOST_RATIO * l->samples * l->bits / 8 > file_size)
        return hp_fail(err, HP_E_INPUT, "is a damaged TIFF: %u x %u px cannot be in %llu bytes", l->width, l->height,
                       (unsigned long long)file_size);
    return HP_OK;
}

int hp_tiff_layout_read(hp_tiff_file *file, uint64_t file_size, hp_tiff_layout *l, hp_error *err)
{
    *l = (hp_tiff_layout){0};
    uint16_t bits = 1, samples = 1, format = SAMPLEFORMAT_UINT, planar = PLANARCONFIG_CONTIG;
    if (!TIFFGetField(file->tiff, TIFFTAG_IMAGEWIDTH, &l->width) ||
        !TIFFGetField(file->tiff, TIFFTAG_IMAGELENGTH, &l->height))
        return hp_tiff_fail(file, err);
    TIFFGetFieldDefaulted(file->tiff, TIFFTAG_BITSPERSAMPLE, &bits);
    TIFFGetFieldDefaulted(file->tiff, TIFFTAG_SAMPLESPERPIXEL, &samples);
    TIFFGetFieldDefaulted(file->tiff, TIFFTAG_SAMPLEFORMAT, &format);
    TIFFGetFieldDefaulted(file->tiff, TIFFTAG_PLANARCONFIG, &planar);
    l->bits = bits;
    l->samples = samples;
    l->separate = planar == PLANARCONFIG_SEPARATE && samples > 1;
    int code = read_photometric(file->tiff, l, err);
    if (!code)
        code = find_type(l, format, &l->type, err);
    if (code)
        return code;
    read_blocks(file->tiff, l);
    return check_blocks(l, file_size, err);
}

/* ---- blocks ---- */

static bool is_packed(const hp_tiff_layout *l)
{
    return l->type == HP_STORED_U16 && l->bits < 16;
}

int hp_tiff_block_create(const hp_tiff_layout *layout, hp_tiff_block *block, hp_error *err)
{
    *block = (hp_tiff_block){.layout = layout};
    block->data = hp_calloc(layout->separate ? layout->channels : 1, layout->block_bytes, err);
    if (block->data && is_packed(layout))
        block->wide = hp_calloc((size_t)layout->block_width * layout->samples, sizeof *block->wide, err);
    if (block->data && (block->wide || !is_packed(layout)))
        return HP_OK;
    hp_tiff_block_free(block);
    return HP_E_MEMORY;
}

void hp_tiff_block_free(hp_tiff_block *block)
{
    free(block->data);
    free(block->wide);
    *block = (hp_tiff_block){0};
}

static int read_one(hp_tiff_file *file, const hp_tiff_block *block, uint32_t index, uint8_t *out, hp_error *err)
{
    const hp_tiff_layout *l = block->layout;
    size_t wanted = l->row_bytes * (l->tiled ? l->block_height : block->height);
    tmsize_t got = l->tiled ? TIFFReadEncodedTile(file->tiff, index, out, (tmsize_t)wanted)
                            : TIFFReadEncodedStrip(file->tiff, index, out, (tmsize_t)wanted);
    bool whole = got >= 0 && (size_t)got == wanted && !file->message[0];
    return whole ? HP_OK : hp_tiff_fail(file, err);
}

/* A warning while decoding is damage that a decoder papers over: of a JPEG above all. */
int hp_tiff_block_read(hp_tiff_file *file, hp_tiff_block *block, uint32_t index, hp_error *err)
{
    const hp_tiff_layout *l = block->layout;
    block->x = index % l->across * l->block_width;
    block->y = index / l->across * l->block_height;
    block->width = l->width - block->x < l->block_width ? l->width - block->x : l->block_width;
    block->height = l->height - block->y < l->block_height ? l->height - block->y : l->block_height;
    int code = HP_OK;
    for (unsigned channel = 0; !code && channel < (l->separate ? l->channels : 1); channel++)
        code = read_one(file, block, index + channel * l->blocks, block->data + channel * l->block_bytes, err);
    return code || !file->warnings ? code : hp_tiff_fail(file, err);
}

/* Samples of 9 to 15 bits follow each other without gaps, the high bit first: TIFF 6.0, FillOrder 1. */
static void unpack(const uint8_t *in, unsigned bits, size_t count, uint16_t *out)
{
    assert(in);
    uint32_t held = 0;
    unsigned filled = 0;
    for (size_t i = 0; i < count; i++) {
        while (filled < bits) {
            held = held << 8 | *in++;
            filled += 8;
        }
        filled -= bits;
        out[i] = (uint16_t)(held >> filled & ((1u << bits) - 1));
    }
}

hp_stored hp_tiff_block_row(hp_tiff_block *block, uint32_t row)
{
    const hp_tiff_layout *l = block->layout;
    unsigned step = l->separate ? 1 : l->samples;
    hp_stored pixels = {.type = l->type, .channels = l->channels, .step = step, .inverted = l->inverted};
    for (unsigned channel = 0; channel < l->channels; channel++) {
        const uint8_t *data = block->data + (l->separate ? channel * l->block_bytes : 0) + row * l->row_bytes;
        pixels.channel[channel] = data + (l->separate ? 0 : channel * hp_stored_bytes(l->type));
    }
    if (block->wide) {
        unpack(pixels.channel[0], l->bits, (size_t)block->width * step, block->wide);
        for (unsigned channel = 0; channel < l->channels; channel++)
            pixels.channel[channel] = block->wide + channel;
    }
    return pixels;
}
