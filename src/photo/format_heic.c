/* HEIC and its kin, through libheif: what phones write. The decoder's own Y plane, as for JPEG. */
#include "base/error.h"
#include "photo/format.h"
#include "photo/metadata.h"

#include <libheif/heif.h>
#include <stdlib.h>
#include <string.h>

enum { MOST_SIDE = 1 << 15 }; /* px: bounds what libheif allocates by a header */

typedef struct reader {
    struct heif_context *context;
    struct heif_image_handle *handle; /* of the primary picture */
} reader;

/* CR3 and films are files of boxes too: their brands are not pictures' ones. */
static bool is_marked(hp_bytes file)
{
    static const char brands[][5] = {"heic", "heix", "heim", "heis", "mif1", "avif"};
    if (file.size < 16 || memcmp(file.data + 4, "ftyp", 4) != 0)
        return false;
    for (size_t i = 0; i < sizeof brands / sizeof *brands; i++)
        if (memcmp(file.data + 8, brands[i], 4) == 0)
            return true;
    return false;
}

static bool probe(hp_bytes file)
{
    return is_marked(file) || (file.size >= 16 && heif_check_filetype(file.data, 16) == heif_filetype_yes_supported);
}

static int fail_for(struct heif_error fault, hp_error *err)
{
    int code = fault.code == heif_error_Unsupported_feature || fault.code == heif_error_Unsupported_filetype
                   ? HP_E_UNSUPPORTED
                   : HP_E_INPUT;
    return hp_fail(err, code, code == HP_E_INPUT ? "is a damaged HEIC: %s" : "is a HEIC that libheif cannot decode: %s",
                   fault.message);
}

static int open_heic(hp_bytes file, reader *r, hp_error *err)
{
    *r = (reader){.context = heif_context_alloc()};
    if (!r->context)
        return hp_fail(err, HP_E_MEMORY, "no memory to decode it");
    heif_context_set_maximum_image_size_limit(r->context, MOST_SIDE);
    heif_context_set_max_decoding_threads(r->context, 0); /* the pool's threads are enough */
    struct heif_error fault = heif_context_read_from_memory_without_copy(r->context, file.data, file.size, NULL);
    if (!fault.code)
        fault = heif_context_get_primary_image_handle(r->context, &r->handle);
    return fault.code ? fail_for(fault, err) : HP_OK;
}

static void close_heic(reader *r)
{
    if (r->handle)
        heif_image_handle_release(r->handle);
    if (r->context)
        heif_context_free(r->context);
}

/* ISO/IEC 23008-12, A.2.1: four bytes that say how far on the TIFF header stands. */
static void read_metadata(const reader *r, hp_photo_info *info)
{
    heif_item_id id;
    if (heif_image_handle_get_list_of_metadata_block_IDs(r->handle, "Exif", &id, 1) != 1)
        return;
    size_t size = heif_image_handle_get_metadata_size(r->handle, id);
    uint8_t *data = size > 4 && size < (1 << 24) ? malloc(size) : NULL;
    if (data && !heif_image_handle_get_metadata(r->handle, id, data).code) {
        uint64_t skip = ((uint64_t)data[0] << 24 | (uint64_t)data[1] << 16 | (uint64_t)data[2] << 8 | data[3]) + 4;
        if (skip < size)
            hp_metadata_read_bare_exif((hp_bytes){data + skip, size - skip}, info);
    }
    free(data);
}

/* The size before any rotation: like the EXIF orientation that one is ignored. */
static int describe(const reader *r, hp_photo_info *info, hp_error *err)
{
    int width = heif_image_handle_get_ispe_width(r->handle), height = heif_image_handle_get_ispe_height(r->handle);
    int bits = heif_image_handle_get_luma_bits_per_pixel(r->handle);
    if (width <= 0 || height <= 0 || bits < 8 || bits > 16)
        return hp_fail(err, HP_E_INPUT, "is a damaged HEIC: a picture of %d x %d px of %d bits", width, height, bits);
    info->camera.source = HP_SOURCE_HEIC;
    info->camera.width = (uint32_t)width;
    info->camera.height = (uint32_t)height;
    info->camera.bits = (unsigned)bits;
    info->channels = bits == 8 ? 3 : 1;
    info->cfa = (hp_cfa){.width = 1, .height = 1};
    read_metadata(r, info);
    return hp_format_check_size(info, err);
}

static int read_info(hp_bytes file, uint64_t file_size, hp_photo_info *info, hp_error *err)
{
    (void)file_size;
    reader r;
    int code = open_heic(file, &r, err);
    if (!code)
        code = describe(&r, info, err);
    close_heic(&r);
    return code;
}

/*
 * Strict, and without a warning: libheif would go on with grey where data are missing. It has no word for "as coded"
 * (undefined becomes RGB); asked for 4:2:0 it leaves Y as it is, whatever the chroma was.
 */
static int decode_picture(const reader *r, bool colour, struct heif_image **image, hp_error *err)
{
    struct heif_decoding_options *options = heif_decoding_options_alloc();
    if (!options)
        return hp_fail(err, HP_E_MEMORY, "no memory to decode it");
    options->ignore_transformations = 1;
    options->strict_decoding = 1;
    struct heif_error fault = heif_decode_image(r->handle, image, colour ? heif_colorspace_RGB : heif_colorspace_YCbCr,
                                                colour ? heif_chroma_interleaved_RGB : heif_chroma_420, options);
    heif_decoding_options_free(options);
    if (!fault.code && *image && heif_image_get_decoding_warnings(*image, 0, &fault, 1) > 0)
        return hp_fail(err, HP_E_INPUT, "is a damaged HEIC: %s", fault.message);
    if (fault.code)
        return fail_for(fault, err);
    return *image ? HP_OK : hp_fail(err, HP_E_INPUT, "is a damaged HEIC: no picture came out of it");
}

static int copy_rows(const struct heif_image *image, enum heif_channel channel, hp_plane *plane, hp_error *err)
{
    int stride = 0;
    const uint8_t *samples = heif_image_get_plane_readonly(image, channel, &stride);
    size_t row = (size_t)plane->width * plane->channels * plane->sample_bytes;
    if (!samples)
        return hp_fail(err, HP_E_UNSUPPORTED, "is a HEIC without a Y plane");
    if (heif_image_get_width(image, channel) != (int)plane->width ||
        heif_image_get_height(image, channel) != (int)plane->height || stride < 0 || (size_t)stride < row)
        return hp_fail(err, HP_E_INPUT, "is a damaged HEIC: its picture has another size than its header says");
    for (uint32_t y = 0; y < plane->height; y++)
        memcpy(hp_plane_row(plane, y), samples + (size_t)y * (size_t)stride, row);
    return HP_OK;
}

static int decode(hp_bytes file, const hp_photo_info *info, hp_view view, hp_plane *plane, hp_error *err)
{
    (void)info;
    reader r;
    struct heif_image *image = NULL;
    bool colour = view == HP_VIEW_COLOUR && plane->channels == 3;
    int code = open_heic(file, &r, err);
    if (!code)
        code = decode_picture(&r, colour, &image, err);
    if (!code)
        code = copy_rows(image, colour ? heif_channel_interleaved : heif_channel_Y, plane, err);
    if (image)
        heif_image_release(image);
    close_heic(&r);
    return code;
}

const hp_format hp_format_heic = {.name = "HEIC",
                                  .endings = "heic heif hif avif ",
                                  .marked = is_marked,
                                  .probe = probe,
                                  .read_info = read_info,
                                  .decode = decode};
