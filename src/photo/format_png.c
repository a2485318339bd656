/* PNG, through libspng: grey and colour of 8 and 16 bits, with or without alpha, interlaced or not. */
#include "base/error.h"
#include "base/memory.h"
#include "photo/format.h"
#include "photo/metadata.h"
#include "photo/store.h"

#include <spng.h>
#include <stdlib.h>
#include <string.h>

enum {
    MOST_SIDE = 1 << 20,        /* px */
    MOST_CHUNK_BYTES = 1 << 26, /* of text, profile and the like; such chunks may be compressed */
    MOST_RATIO = 1100,          /* of pixels to file, bytes: deflate reaches 1032 */
    SURVEYED_PIXELS = 1 << 18,  /* from the top that a photo's scale is chosen by */
    LEAST_PIXELS = 1 << 14,     /* that are enough when only the beginning of the file is at hand */
    SIGNATURE = 8,
    CHUNK_HEAD = 8,
    CHUNK_TAIL = 4, /* bytes: length and kind before a chunk, its checksum behind */
};

/* An open PNG and how its samples lie. */
typedef struct reader {
    spng_ctx *png;
    struct spng_ihdr head;
    unsigned samples; /* a pixel, alpha included */
    size_t row_bytes;
    hp_stored stored; /* type, channels, step */
} reader;

static bool is_marked(hp_bytes file)
{
    return file.size >= 24 && memcmp(file.data, "\x89PNG\r\n\x1a\n", 8) == 0;
}

static int fail_for(int code, hp_error *err)
{
    if (code == SPNG_EMEM)
        return hp_fail(err, HP_E_MEMORY, "no memory to decode it");
    return hp_fail(err, HP_E_INPUT, "is a damaged PNG: %s",
                   code == SPNG_IO_EOF ? "it ends too early" : spng_strerror(code));
}

/* A mask of hotpix itself may lie among the photos that it was made from. Its mark stands before the samples. */
static bool is_own(hp_bytes file)
{
    static const char own[] = "\0\0\0\x0ftEXtSoftware\0hotpix";
    for (uint64_t at = SIGNATURE; at + sizeof own - 1 <= file.size;) {
        const uint8_t *d = file.data + at;
        if (memcmp(d, own, sizeof own - 1) == 0)
            return true;
        if (memcmp(d + 4, "IDAT", 4) == 0)
            return false;
        uint32_t length = (uint32_t)d[0] << 24 | (uint32_t)d[1] << 16 | (uint32_t)d[2] << 8 | d[3];
        at += CHUNK_HEAD + (uint64_t)length + CHUNK_TAIL;
    }
    return false;
}

/* No camera writes palettes or fewer than 8 bits. What no PNG can have is not judged here, but damage. */
static int admit(hp_bytes file, hp_error *err)
{
    if (file.size <= SIGNATURE + CHUNK_HEAD + 9 || memcmp(file.data + SIGNATURE + 4, "IHDR", 4) != 0)
        return HP_OK;
    unsigned bits = file.data[SIGNATURE + CHUNK_HEAD + 8], type = file.data[SIGNATURE + CHUNK_HEAD + 9];
    bool palette = type == SPNG_COLOR_TYPE_INDEXED;
    if (palette || (type == SPNG_COLOR_TYPE_GRAYSCALE && (bits == 1 || bits == 2 || bits == 4)))
        return hp_fail(err, HP_E_NO_PHOTO, "is a PNG of %u bits%s, no photo", bits, palette ? " with a palette" : "");
    return is_own(file) ? hp_fail(err, HP_E_NO_PHOTO, "is a mask of hotpix, no photo") : HP_OK;
}

static int read_layout(reader *r, hp_error *err)
{
    static const uint8_t samples[] = {1, 0, 3, 0, 2, 0, 4};
    r->samples = r->head.color_type < sizeof samples ? samples[r->head.color_type] : 0;
    if (r->samples == 0 || (r->head.bit_depth != 8 && r->head.bit_depth != 16))
        return hp_fail(err, HP_E_UNSUPPORTED, "is a PNG with a palette, or of fewer than 8 bits");
    r->stored.type = r->head.bit_depth == 8 ? HP_STORED_U8 : HP_STORED_U16;
    r->stored.channels = r->samples >= 3 ? 3 : 1;
    r->stored.step = r->samples;
    r->row_bytes = (size_t)r->head.width * r->samples * hp_stored_bytes(r->stored.type);
    return HP_OK;
}

static int open_png(hp_bytes file, uint64_t file_size, reader *r, hp_error *err)
{
    *r = (reader){.png = spng_ctx_new(0)};
    if (!r->png)
        return hp_fail(err, HP_E_MEMORY, "no memory to decode it");
    int code = spng_set_image_limits(r->png, MOST_SIDE, MOST_SIDE);
    code = code ? code : spng_set_chunk_limits(r->png, MOST_CHUNK_BYTES, MOST_CHUNK_BYTES);
    code = code ? code : spng_set_png_buffer(r->png, file.data, file.size);
    code = code ? code : spng_get_ihdr(r->png, &r->head);
    if (code)
        return fail_for(code, err);
    int kind = read_layout(r, err);
    if (!kind && r->row_bytes * (uint64_t)r->head.height / MOST_RATIO > file_size)
        return hp_fail(err, HP_E_INPUT, "is a damaged PNG: %u x %u px cannot be in %llu bytes", r->head.width,
                       r->head.height, (unsigned long long)file_size);
    return kind;
}

static hp_stored pixels_of(const reader *r, const uint8_t *row)
{
    hp_stored pixels = r->stored;
    for (unsigned channel = 0; channel < pixels.channels; channel++)
        pixels.channel[channel] = row + channel * hp_stored_bytes(pixels.type);
    return pixels;
}

static int start_rows(const reader *r)
{
    return spng_decode_image(r->png, NULL, 0, SPNG_FMT_PNG, SPNG_DECODE_PROGRESSIVE);
}

/* Of an interlaced file the first rows are those of the first pass: as good as any for its scale. */
static int choose_scale(const reader *r, bool whole, hp_scale *scale, hp_error *err)
{
    *scale = (hp_scale){0};
    if (r->stored.type == HP_STORED_U8)
        return HP_OK;
    uint8_t *row = hp_calloc(r->row_bytes, 1, err);
    if (!row)
        return HP_E_MEMORY;
    hp_survey survey = {0};
    uint64_t seen = 0;
    int code = start_rows(r);
    while (!code && seen < SURVEYED_PIXELS) {
        code = spng_decode_row(r->png, row, r->row_bytes);
        if (code && code != SPNG_EOI)
            break;
        hp_stored pixels = pixels_of(r, row);
        hp_survey_add(&survey, &pixels, r->head.width);
        seen += r->head.width;
    }
    free(row);
    *scale = hp_survey_scale(&survey, r->stored.type);
    bool enough = code == HP_OK || code == SPNG_EOI || (!whole && seen >= LEAST_PIXELS);
    return enough ? HP_OK : fail_for(code, err);
}

/* The chunks before the samples are read on the way. */
static int read_metadata(const reader *r, hp_photo_info *info, hp_error *err)
{
    struct spng_exif exif;
    int code = spng_get_exif(r->png, &exif);
    if (!code)
        hp_metadata_read_bare_exif((hp_bytes){(const uint8_t *)exif.data, exif.length}, info);
    return code && code != SPNG_ECHUNKAVAIL ? fail_for(code, err) : HP_OK;
}

static int read_info(hp_bytes file, uint64_t file_size, hp_photo_info *info, hp_error *err)
{
    reader r;
    int code = open_png(file, file_size, &r, err);
    if (!code) {
        info->camera.source = HP_SOURCE_PNG;
        info->camera.width = r.head.width;
        info->camera.height = r.head.height;
        info->camera.bits = r.head.bit_depth;
        info->channels = r.stored.channels;
        info->cfa = (hp_cfa){.width = 1, .height = 1};
        code = hp_format_check_size(info, err);
    }
    if (!code)
        code = read_metadata(&r, info, err);
    if (!code)
        code = choose_scale(&r, file.size == file_size, &info->scale, err);
    spng_ctx_free(r.png);
    return code;
}

/* Rows come in order, or, interlaced, several times each: then the picture is put together in memory. */
static int decode_rows(const reader *r, const hp_photo_info *info, hp_plane *plane, hp_error *err)
{
    bool interlaced = r->head.interlace_method != SPNG_INTERLACE_NONE;
    uint8_t *picture = hp_calloc(interlaced ? r->head.height : 1, r->row_bytes, err);
    if (!picture)
        return HP_E_MEMORY;
    hp_holes none = {0};
    int failed = HP_OK, code = start_rows(r);
    while (!code && !failed) {
        struct spng_row_info at;
        code = spng_get_row_info(r->png, &at);
        uint8_t *row = picture + (interlaced ? at.row_num * r->row_bytes : 0);
        code = code ? code : spng_decode_row(r->png, row, r->row_bytes);
        hp_stored pixels = pixels_of(r, row);
        if ((!code || code == SPNG_EOI) && !interlaced)
            failed = hp_store(&pixels, info, plane, 0, at.row_num, plane->width, &none, err);
    }
    for (uint32_t y = 0; interlaced && code == SPNG_EOI && !failed && y < plane->height; y++) {
        hp_stored pixels = pixels_of(r, picture + y * r->row_bytes);
        failed = hp_store(&pixels, info, plane, 0, y, plane->width, &none, err);
    }
    free(picture);
    if (failed)
        return failed;
    code = code == SPNG_EOI ? spng_decode_chunks(r->png) : code; /* on to the end mark: a file without it is damaged */
    return code ? fail_for(code, err) : HP_OK;
}

static int decode(hp_bytes file, const hp_photo_info *info, hp_view view, hp_plane *plane, hp_error *err)
{
    (void)view;
    reader r;
    int code = open_png(file, file.size, &r, err);
    if (!code &&
        (r.head.width != plane->width || r.head.height != plane->height || r.stored.channels != info->channels))
        code = hp_fail(err, HP_E_INPUT, "changed while it was read");
    if (!code)
        code = decode_rows(&r, info, plane, err);
    spng_ctx_free(r.png);
    return code;
}

const hp_format hp_format_png = {.name = "PNG",
                                 .endings = "png ",
                                 .marked = is_marked,
                                 .admit = admit,
                                 .probe = is_marked,
                                 .read_info = read_info,
                                 .decode = decode};
