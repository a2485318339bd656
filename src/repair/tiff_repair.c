/*
 * TIFF, and DNG whose raw samples libtiff can write again. The copy begins as the file itself, byte for byte; then the
 * strips or tiles with a bad pixel are coded again in it, so that all else stays: in their places, or at the end where
 * they became longer.
 */
#include "base/error.h"
#include "base/memory.h"
#include "photo/tiff_pixels.h"
#include "repair/raw_repair.h"
#include "repair/samples.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { MOST_DIRECTORIES = 16 };

typedef struct picture {
    hp_tiff_file file; /* of which only what libtiff says counts */
    int fd;
    off_t position;
    hp_tiff_layout layout;
    uint8_t *data; /* all blocks, those of each channel where they are separate */
    bool *changed;
    uint32_t left, top; /* of the frame in the stored picture, px */
} picture;

/* ---- the copy, as libtiff sees it ---- */

static tmsize_t read_bytes(thandle_t handle, void *out, tmsize_t size)
{
    picture *p = handle;
    ssize_t got = pread(p->fd, out, (size_t)size, p->position);
    p->position += got > 0 ? got : 0;
    return got;
}

static tmsize_t write_bytes(thandle_t handle, void *in, tmsize_t size)
{
    picture *p = handle;
    ssize_t put = pwrite(p->fd, in, (size_t)size, p->position);
    p->position += put > 0 ? put : 0;
    return put;
}

static toff_t size_of(thandle_t handle)
{
    struct stat status;
    return fstat(((picture *)handle)->fd, &status) ? 0 : (toff_t)status.st_size;
}

static toff_t seek_to(thandle_t handle, toff_t offset, int whence)
{
    picture *p = handle;
    off_t from = whence == SEEK_CUR ? p->position : whence == SEEK_END ? (off_t)size_of(handle) : 0;
    p->position = from + (off_t)offset;
    return (toff_t)p->position;
}

static int close_nothing(thandle_t handle)
{
    (void)handle;
    return 0;
}

/* Returning 1 keeps libtiff from calling its global handlers, which print. */
static int on_error(TIFF *tiff, void *context, const char *module, const char *format, va_list arguments)
{
    (void)tiff;
    (void)module;
    picture *p = context;
    if (!p->file.message[0])
        vsnprintf(p->file.message, sizeof p->file.message, format, arguments);
    return 1;
}

static int on_warning(TIFF *tiff, void *context, const char *module, const char *format, va_list arguments)
{
    (void)tiff;
    (void)context;
    (void)module;
    (void)format;
    (void)arguments;
    return 1;
}

static int open_copy(picture *p, hp_error *err)
{
    TIFFOpenOptions *options = TIFFOpenOptionsAlloc();
    if (!options)
        return hp_fail(err, HP_E_MEMORY, "no memory to open it");
    TIFFOpenOptionsSetErrorHandlerExtR(options, on_error, p);
    TIFFOpenOptionsSetWarningHandlerExtR(options, on_warning, p);
    p->file.tiff =
        TIFFClientOpenExt("", "r+m", p, read_bytes, write_bytes, seek_to, close_nothing, size_of, NULL, NULL, options);
    TIFFOpenOptionsFree(options);
    return p->file.tiff ? HP_OK : hp_tiff_fail(&p->file, err);
}

/* The first one that is no thumbnail, as photos are read. */
static int find_picture(picture *p, hp_error *err)
{
    for (int i = 0; i < MOST_DIRECTORIES; i++) {
        uint32_t kind = 0;
        TIFFGetFieldDefaulted(p->file.tiff, TIFFTAG_SUBFILETYPE, &kind);
        if (!(kind & (FILETYPE_REDUCEDIMAGE | FILETYPE_MASK)))
            return HP_OK;
        if (!TIFFReadDirectory(p->file.tiff))
            break;
    }
    return hp_fail(err, HP_E_UNSUPPORTED, "is a TIFF that holds only a thumbnail");
}

static bool is_lossless(TIFF *tiff)
{
    static const uint16_t kinds[] = {COMPRESSION_NONE,    COMPRESSION_LZW,  COMPRESSION_ADOBE_DEFLATE,
                                     COMPRESSION_DEFLATE, COMPRESSION_ZSTD, COMPRESSION_PACKBITS,
                                     COMPRESSION_LZMA};
    uint16_t compression = COMPRESSION_NONE;
    TIFFGetFieldDefaulted(tiff, TIFFTAG_COMPRESSION, &compression);
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (compression == kinds[i])
            return true;
    return false;
}

/* ---- blocks ---- */

static uint32_t planes_of(const hp_tiff_layout *l)
{
    return l->separate ? l->channels : 1;
}

static tmsize_t bytes_of(const hp_tiff_layout *l, uint32_t block)
{
    uint32_t y = block % l->blocks / l->across * l->block_height;
    uint32_t rows = l->tiled || l->height - y > l->block_height ? l->block_height : l->height - y;
    return (tmsize_t)(rows * l->row_bytes);
}

static int read_blocks(picture *p, hp_error *err)
{
    const hp_tiff_layout *l = &p->layout;
    uint32_t count = l->blocks * planes_of(l);
    p->data = hp_calloc(count, l->block_bytes, err);
    p->changed = hp_calloc(count, sizeof *p->changed, err);
    if (!p->data || !p->changed)
        return HP_E_MEMORY;
    for (uint32_t i = 0; i < count; i++) {
        uint8_t *out = p->data + i * l->block_bytes;
        tmsize_t wanted = bytes_of(l, i), got = l->tiled ? TIFFReadEncodedTile(p->file.tiff, i, out, wanted)
                                                         : TIFFReadEncodedStrip(p->file.tiff, i, out, wanted);
        if (got != wanted)
            return hp_tiff_fail(&p->file, err);
    }
    return HP_OK;
}

static int write_blocks(picture *p, hp_error *err)
{
    const hp_tiff_layout *l = &p->layout;
    for (uint32_t i = 0; i < l->blocks * planes_of(l); i++) {
        uint8_t *in = p->data + i * l->block_bytes;
        if (p->changed[i] && (l->tiled ? TIFFWriteEncodedTile(p->file.tiff, i, in, bytes_of(l, i))
                                       : TIFFWriteEncodedStrip(p->file.tiff, i, in, bytes_of(l, i))) < 0)
            return hp_tiff_fail(&p->file, err);
    }
    return TIFFFlush(p->file.tiff) ? HP_OK : hp_tiff_fail(&p->file, err);
}

/* ---- samples ---- */

/* Where a sample lies: its row in the block, and which one of that row it is. */
static uint8_t *row_of(const picture *p, uint32_t x, uint32_t y, unsigned channel, uint32_t *block, size_t *index)
{
    const hp_tiff_layout *l = &p->layout;
    x += p->left;
    y += p->top;
    *block = y / l->block_height * l->across + x / l->block_width + (l->separate ? channel * l->blocks : 0);
    *index = (size_t)(x % l->block_width) * (l->separate ? 1 : l->samples) + (l->separate ? 0 : channel);
    return p->data + *block * l->block_bytes + y % l->block_height * l->row_bytes;
}

static bool is_packed(const hp_tiff_layout *l)
{
    return l->bits > 8 && l->bits < 16;
}

/* Bit by bit, the high one first: TIFF 6.0, FillOrder 1. */
static double get(const void *context, uint32_t x, uint32_t y, unsigned channel)
{
    const picture *p = context;
    const hp_tiff_layout *l = &p->layout;
    uint32_t block, value = 0;
    size_t index;
    const uint8_t *row = row_of(p, x, y, channel, &block, &index);
    if (!is_packed(l)) {
        const hp_stored one = {.type = l->type, .channels = 1, .channel = {row}, .step = 1};
        return hp_stored_value(&one, 0, index);
    }
    for (size_t bit = index * l->bits; bit < (index + 1) * l->bits; bit++)
        value = value << 1 | (row[bit / 8] >> (7 - bit % 8) & 1u);
    return value;
}

static void put_typed(uint8_t *at, hp_stored_type type, double value)
{
    const int64_t whole = type == HP_STORED_F32 || type == HP_STORED_F64 ? 0 : (int64_t)value;
    const float narrow = (float)value;
    const uint8_t byte = (uint8_t)whole;
    const uint16_t two = (uint16_t)whole;
    const uint32_t four = (uint32_t)whole;
    switch (hp_stored_bytes(type)) {
    case 1:
        *at = byte;
        break;
    case 2:
        memcpy(at, &two, sizeof two);
        break;
    case 4:
        memcpy(at, type == HP_STORED_F32 ? (const void *)&narrow : (const void *)&four, sizeof four);
        break;
    default:
        memcpy(at, &value, sizeof value);
    }
}

static void set(void *context, uint32_t x, uint32_t y, unsigned channel, double value)
{
    picture *p = context;
    const hp_tiff_layout *l = &p->layout;
    uint32_t block;
    size_t index;
    uint8_t *row = row_of(p, x, y, channel, &block, &index);
    p->changed[block] = true;
    if (!is_packed(l)) {
        put_typed(row + index * hp_stored_bytes(l->type), l->type, value);
        return;
    }
    for (unsigned k = 0; k < l->bits; k++) {
        size_t bit = index * l->bits + k;
        unsigned mask = 1u << (7 - bit % 8), on = (uint32_t)value >> (l->bits - 1 - k) & 1u;
        row[bit / 8] = (uint8_t)((row[bit / 8] & ~mask) | (on ? mask : 0));
    }
}

static hp_samples samples_of(picture *p)
{
    const hp_tiff_layout *l = &p->layout;
    hp_samples s = {.channels = l->channels, .get = get, .set = set, .context = p};
    bool is_float = l->type == HP_STORED_F32 || l->type == HP_STORED_F64;
    bool is_signed = l->type == HP_STORED_I8 || l->type == HP_STORED_I16 || l->type == HP_STORED_I32;
    s.whole = !is_float;
    s.low = is_float ? -HUGE_VAL : is_signed ? -ldexp(1, (int)l->bits - 1) : 0;
    s.high = is_float ? HUGE_VAL : ldexp(1, (int)l->bits - is_signed) - 1;
    return s;
}

/* ---- repair ---- */

static int repair_picture(picture *p, hp_repair *repair, hp_error *err)
{
    const hp_camera *frame = &repair->info->camera;
    if (!is_lossless(p->file.tiff))
        return hp_fail(err, HP_E_UNSUPPORTED, "is a TIFF whose compression loses: its samples would not stay");
    int code = hp_tiff_layout_read(&p->file, repair->file.size, &p->layout, err);
    if (code)
        return code;
    if (p->left + frame->width > p->layout.width || p->top + frame->height > p->layout.height)
        return hp_fail(err, HP_E_INPUT, "changed while it was read");
    code = read_blocks(p, err);
    const hp_samples samples = samples_of(p);
    if (!code)
        code = hp_samples_repair(&samples, repair, err);
    if (!code && repair->repaired)
        code = write_blocks(p, err);
    return code;
}

/* raw: the directory of a DNG's raw picture; NULL: a TIFF. */
static int repair_copy(hp_repair *repair, const hp_dng *raw, FILE *stream, hp_error *err)
{
    if (repair->list->defect_count == 0)
        return HP_OK;
    picture p = {.fd = fileno(stream), .left = raw ? raw->left : 0, .top = raw ? raw->top : 0};
    if (fwrite(repair->file.data, 1, repair->file.size, stream) != repair->file.size || fflush(stream))
        return hp_fail(err, HP_E_IO, "its copy cannot be written");
    int code = open_copy(&p, err);
    if (!code && raw && !TIFFSetSubDirectory(p.file.tiff, raw->directory))
        code = hp_tiff_fail(&p.file, err);
    if (!code && !raw)
        code = find_picture(&p, err);
    if (!code)
        code = repair_picture(&p, repair, err);
    if (p.file.tiff)
        TIFFClose(p.file.tiff);
    free(p.data);
    free(p.changed);
    if (code == HP_OK && repair->repaired == 0)
        code = hp_repair_take_back(stream, err);
    return code;
}

int hp_repair_tiff(hp_repair *repair, FILE *stream, hp_error *err)
{
    return repair_copy(repair, NULL, stream, err);
}

int hp_repair_plain_dng(hp_repair *repair, const hp_dng *dng, FILE *stream, hp_error *err)
{
    return repair_copy(repair, dng, stream, err);
}
