/* JPEG, through libjpeg-turbo, whose errors come back to a setjmp. */
#include "base/error.h"
#include "photo/format.h"
#include "photo/jpeg_errors.h"
#include "photo/metadata.h"

#include <string.h>

#include <jerror.h>

enum {
    ROWS_AT_ONCE = 16, /* the tallest MCU */
    MOST_MARKER_BYTES = 0xffff,
    MOST_PIXELS_A_BYTE = 1024 /* a block of 64 takes more than half a bit even when empty and arithmetic coded */
};

typedef struct reader {
    struct jpeg_decompress_struct codec;
    hp_jpeg_errors errors;
} reader;

/* Everything before the first setjmp-protected call. */
static void start(reader *r)
{
    memset(r, 0, sizeof *r);
    r->codec.err = hp_jpeg_errors_begin(&r->errors);
}

static int fault_of(const reader *r, hp_error *err)
{
    if (r->errors.manager.msg_code == JERR_BAD_PRECISION)
        return hp_fail(err, HP_E_UNSUPPORTED, "is a JPEG of %d bits a sample, which is not read",
                       r->codec.data_precision);
    return hp_fail(err, HP_E_INPUT, "is a damaged JPEG: %s", r->errors.message);
}

static bool is_marked(hp_bytes file)
{
    return file.size >= 3 && file.data[0] == 0xff && file.data[1] == 0xd8 && file.data[2] == 0xff;
}

static int check_header(const struct jpeg_decompress_struct *codec, hp_photo_info *info, hp_error *err)
{
    if (codec->num_components != 1 && codec->num_components != 3)
        return hp_fail(err, HP_E_UNSUPPORTED, "is a JPEG with %d components (CMYK?), not grey or colour",
                       codec->num_components);
    info->camera.source = HP_SOURCE_JPEG;
    info->camera.width = codec->image_width;
    info->camera.height = codec->image_height;
    info->camera.bits = 8;
    info->channels = (unsigned)codec->num_components;
    info->cfa = (hp_cfa){.width = 1, .height = 1};
    return hp_format_check_size(info, err);
}

/* A header may claim any size: memory is only touched for one that the data can fill. */
static int check_plausible(uint64_t file_size, const hp_photo_info *info, hp_error *err)
{
    uint64_t pixels = (uint64_t)info->camera.width * info->camera.height;
    if (pixels / MOST_PIXELS_A_BYTE > file_size)
        return hp_fail(err, HP_E_INPUT, "is a damaged JPEG: %u x %u px cannot be in %llu bytes", info->camera.width,
                       info->camera.height, (unsigned long long)file_size);
    return HP_OK;
}

/* An APP1 marker holds EXIF or XMP; comments and other markers may stand before it. */
static void read_exif(const struct jpeg_decompress_struct *codec, hp_photo_info *info)
{
    for (jpeg_saved_marker_ptr marker = codec->marker_list; marker; marker = marker->next)
        if (marker->data_length > 6 && memcmp(marker->data, "Exif\0", 6) == 0) {
            hp_metadata_read_exif((hp_bytes){marker->data, marker->data_length}, info);
            return;
        }
}

static int read_info(hp_bytes file, uint64_t file_size, hp_photo_info *info, hp_error *err)
{
    reader r;
    start(&r);
    int code;
    if (setjmp(r.errors.back)) {
        code = fault_of(&r, err);
        goto done;
    }
    jpeg_create_decompress(&r.codec);
    jpeg_mem_src(&r.codec, file.data, (unsigned long)file.size);
    jpeg_save_markers(&r.codec, JPEG_APP0 + 1, MOST_MARKER_BYTES);
    jpeg_read_header(&r.codec, TRUE);
    code = check_header(&r.codec, info, err);
    if (!code)
        code = check_plausible(file_size, info, err);
    if (!code)
        read_exif(&r.codec, info);
done:
    jpeg_destroy_decompress(&r.codec);
    return code;
}

static void read_until(reader *r, const hp_plane *plane, uint32_t end)
{
    JSAMPROW rows[ROWS_AT_ONCE];
    while (r->codec.output_scanline < end) {
        uint32_t y = r->codec.output_scanline;
        JDIMENSION count = 0;
        for (; count < ROWS_AT_ONCE && y + count < end; count++)
            rows[count] = hp_plane_row(plane, y + count);
        jpeg_read_scanlines(&r->codec, rows, count);
    }
}

static void skip_until(reader *r, uint32_t row)
{
    if (row > r->codec.output_scanline)
        jpeg_skip_scanlines(&r->codec, row - r->codec.output_scanline);
}

/*
 * What is skipped is still entropy decoded, the chroma too, but not transformed. Whole rows of MCUs are skipped and
 * read: libjpeg-turbo 2.1.5 gives wrong rows after a skip that begins between two of one row group (4:2:0 from an odd
 * row on). Asked to skip to the end it stops reading at once, and damage there would go unseen: the last are read.
 */
static void read_some(reader *r, const hp_plane *plane, const hp_rows *rows, size_t count)
{
    uint32_t tall = DCTSIZE * (uint32_t)r->codec.max_v_samp_factor;
    for (size_t i = 0; i < count; i++) {
        uint32_t end = (rows[i].end + tall - 1) / tall * tall;
        skip_until(r, rows[i].first / tall * tall);
        read_until(r, plane, end < plane->height ? end : plane->height);
    }
    skip_until(r, (plane->height - 1) / tall * tall);
    read_until(r, plane, plane->height);
}

/*
 * JCS_GRAYSCALE gives the Y plane as coded, and skips the inverse DCT of the chroma. jpeg_finish_decompress reads on
 * to the end marker: a file that ends before it is damaged.
 */
static int decode_rows_of(hp_bytes file, const hp_photo_info *info, hp_view view, const hp_rows *rows, size_t count,
                          hp_plane *plane, hp_error *err)
{
    reader r;
    start(&r);
    int code = HP_OK;
    if (setjmp(r.errors.back)) {
        code = fault_of(&r, err);
        goto done;
    }
    jpeg_create_decompress(&r.codec);
    jpeg_mem_src(&r.codec, file.data, (unsigned long)file.size);
    jpeg_read_header(&r.codec, TRUE);
    r.codec.out_color_space = view == HP_VIEW_COLOUR && plane->channels == 3 ? JCS_RGB : JCS_GRAYSCALE;
    jpeg_start_decompress(&r.codec);
    if (r.codec.output_width != plane->width || r.codec.output_height != plane->height ||
        info->channels != (unsigned)r.codec.num_components) {
        code = hp_fail(err, HP_E_INPUT, "changed while it was read");
        goto done;
    }
    read_some(&r, plane, rows, count);
    jpeg_finish_decompress(&r.codec);
done:
    jpeg_destroy_decompress(&r.codec);
    return code;
}

static int decode(hp_bytes file, const hp_photo_info *info, hp_view view, hp_plane *plane, hp_error *err)
{
    const hp_rows all = {0, plane->height};
    return decode_rows_of(file, info, view, &all, 1, plane, err);
}

static int decode_rows(hp_bytes file, const hp_photo_info *info, const hp_rows *rows, size_t count, hp_plane *plane,
                       hp_error *err)
{
    return decode_rows_of(file, info, HP_VIEW_PLANE, rows, count, plane, err);
}

const hp_format hp_format_jpeg = {.name = "JPEG",
                                  .endings = "jpg jpeg jpe jfif ",
                                  .marked = is_marked,
                                  .probe = is_marked,
                                  .read_info = read_info,
                                  .decode = decode,
                                  .decode_rows = decode_rows};
