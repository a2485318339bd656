/* TIFF and BigTIFF, through libtiff: grey, RGB and mosaics of 8 to 16 bits, 32 bits and floating point. */
#include "base/error.h"
#include "base/text.h"
#include "photo/format.h"
#include "photo/ifd.h"
#include "photo/metadata.h"
#include "photo/store.h"
#include "photo/tiff_pixels.h"

#include <string.h>

enum {
    SURVEYED_BLOCKS = 16,      /* strips or tiles of a photo that its scale is chosen by, spread over it */
    SURVEYED_PIXELS = 1 << 18, /* in all */
};

static bool is_marked(hp_bytes file)
{
    return hp_ifds_begin(file);
}

/* ---- metadata ---- */

static void read_text(TIFF *tiff, uint32_t tag, char *out, size_t size)
{
    const char *text = NULL;
    if (!out[0] && TIFFGetField(tiff, tag, &text) && text)
        hp_copy_trimmed(out, size, text, strlen(text));
}

/* libtiff hands some rationals out as float and others as double, and has changed its mind between versions. */
static double read_rational(TIFF *tiff, uint32_t tag)
{
    const TIFFField *field = TIFFFieldWithTag(tiff, tag);
    float narrow = 0;
    double wide = 0;
    if (!field)
        return 0;
    if (TIFFFieldSetGetSize(field) == sizeof narrow)
        return TIFFGetField(tiff, tag, &narrow) ? (double)narrow : 0;
    return TIFFGetField(tiff, tag, &wide) ? wide : 0;
}

static void read_exif(TIFF *tiff, hp_photo_info *info, char date[32])
{
    uint64_t offset = 0;
    if (!TIFFGetField(tiff, TIFFTAG_EXIFIFD, &offset) || !TIFFReadEXIFDirectory(tiff, offset))
        return;
    uint16_t count = 0, *iso = NULL;
    hp_metadata_set_exposure(info, read_rational(tiff, EXIFTAG_EXPOSURETIME));
    if (TIFFGetField(tiff, EXIFTAG_ISOSPEEDRATINGS, &count, &iso) && count > 0 && iso)
        hp_metadata_set_iso(info, iso[0]);
    read_text(tiff, EXIFTAG_BODYSERIALNUMBER, info->camera.serial, sizeof info->camera.serial);
    read_text(tiff, EXIFTAG_DATETIMEORIGINAL, date, 32);
}

/* Leaves another directory than the picture's current. */
static void read_metadata(TIFF *tiff, hp_photo_info *info)
{
    hp_camera *camera = &info->camera;
    char date[32] = "", changed[32] = "";
    read_text(tiff, TIFFTAG_MAKE, camera->make, sizeof camera->make);
    read_text(tiff, TIFFTAG_MODEL, camera->model, sizeof camera->model);
    read_text(tiff, TIFFTAG_CAMERASERIALNUMBER, camera->serial, sizeof camera->serial);
    read_text(tiff, TIFFTAG_DATETIME, changed, sizeof changed);
    read_exif(tiff, info, date);
    info->taken_s = hp_metadata_parse_date(date[0] ? date : changed);
}

/* TIFF/EP: the pattern as numbers, 0 red to 2 blue; 3 to 6 are cyan, magenta, yellow, white. */
static int read_cfa(TIFF *tiff, hp_cfa *cfa, hp_error *err)
{
    *cfa = (hp_cfa){.width = 1, .height = 1};
    uint16_t photometric = 0, *dimensions = NULL, count = 0;
    const uint8_t *pattern = NULL;
    TIFFGetField(tiff, TIFFTAG_PHOTOMETRIC, &photometric);
    if (photometric != PHOTOMETRIC_CFA)
        return HP_OK;
    if (!TIFFGetField(tiff, TIFFTAG_CFAREPEATPATTERNDIM, &dimensions) ||
        !TIFFGetField(tiff, TIFFTAG_CFAPATTERN, &count, &pattern))
        return hp_fail(err, HP_E_INPUT, "is a TIFF of a mosaic without its pattern");
    uint16_t height = dimensions[0], width = dimensions[1];
    const hp_cfa period = {.width = (uint8_t)(width < UINT8_MAX ? width : 0),
                           .height = (uint8_t)(height < UINT8_MAX ? height : 0)};
    if (!hp_cfa_has_period(&period) || count != width * height)
        return hp_fail(err, HP_E_UNSUPPORTED, "is a TIFF of a mosaic of %u x %u px, which is not read", width, height);
    *cfa = period;
    for (unsigned i = 0; i < count; i++)
        cfa->colour[i] = pattern[i] < 7 ? (uint8_t) "RGBCMYW"[pattern[i]] : (uint8_t)'?';
    return HP_OK;
}

/* BlackLevel of DNG, which other TIFFs carry too, by site of the CFA; in stored values, so that it is scaled too. */
static void read_black(TIFF *tiff, const hp_photo_info *info, hp_plane *plane)
{
    uint16_t *repeat = NULL, count = 0, one[2] = {1, 1};
    const float *levels = NULL;
    if (!TIFFGetField(tiff, TIFFTAG_BLACKLEVEL, &count, &levels) || !levels || info->scale.high > 0)
        return;
    if (!TIFFGetField(tiff, TIFFTAG_BLACKLEVELREPEATDIM, &repeat) || !repeat)
        repeat = one;
    if (repeat[0] < 1 || repeat[1] < 1 || (uint32_t)repeat[0] * repeat[1] > count)
        return;
    for (unsigned site = 0; site < (unsigned)info->cfa.width * info->cfa.height; site++) {
        float level = levels[site / info->cfa.width % repeat[0] * repeat[1] + site % info->cfa.width % repeat[1]];
        if (level >= 0 && level <= UINT16_MAX)
            plane->black[site] = (uint16_t)((uint32_t)level >> info->scale.shift);
    }
}

/* ---- scale ---- */

static int survey_block(hp_tiff_file *file, hp_tiff_block *block, uint32_t index, uint32_t pixels, hp_survey *survey,
                        hp_error *err)
{
    int code = hp_tiff_block_read(file, block, index, err);
    if (code)
        return code;
    uint32_t rows = pixels / block->width + 1, every = block->height / rows + 1;
    for (uint32_t row = 0; row < block->height; row += every) {
        hp_stored pixels_of_row = hp_tiff_block_row(block, row);
        hp_survey_add(survey, &pixels_of_row, block->width);
    }
    return HP_OK;
}

/* 8 bit samples and packed ones are what they are. */
static int choose_scale(hp_tiff_file *file, const hp_tiff_layout *layout, hp_scale *scale, hp_error *err)
{
    *scale = (hp_scale){0};
    if (layout->type == HP_STORED_U8 || (layout->type == HP_STORED_U16 && layout->bits < 16))
        return HP_OK;
    hp_tiff_block block;
    int code = hp_tiff_block_create(layout, &block, err);
    if (code)
        return code;
    hp_survey survey = {0};
    uint32_t count = layout->blocks < SURVEYED_BLOCKS ? layout->blocks : SURVEYED_BLOCKS;
    for (uint32_t i = 0; !code && i < count; i++)
        code = survey_block(file, &block, (uint32_t)((uint64_t)i * layout->blocks / count), SURVEYED_PIXELS / count,
                            &survey, err);
    *scale = hp_survey_scale(&survey, layout->type);
    hp_tiff_block_free(&block);
    return code;
}

/* ---- the format ---- */

static int describe(hp_tiff_file *file, uint64_t file_size, hp_photo_info *info, hp_error *err)
{
    hp_tiff_layout layout;
    int code = hp_tiff_layout_read(file, file_size, &layout, err);
    if (!code)
        code = read_cfa(file->tiff, &info->cfa, err);
    if (code)
        return code;
    info->camera.source = HP_SOURCE_TIFF;
    info->camera.width = layout.width;
    info->camera.height = layout.height;
    info->camera.bits = layout.type == HP_STORED_U8 ? 8 : layout.type == HP_STORED_U16 ? layout.bits : 16;
    info->channels = layout.channels;
    hp_cfa_name(&info->cfa, info->camera.cfa, sizeof info->camera.cfa);
    code = hp_format_check_size(info, err);
    if (!code)
        code = choose_scale(file, &layout, &info->scale, err);
    if (!code)
        read_metadata(file->tiff, info);
    return code;
}

static int read_info(hp_bytes bytes, uint64_t file_size, hp_photo_info *info, hp_error *err)
{
    hp_ifds ifds;
    hp_ifds_read(bytes, &ifds);
    if (!ifds.complete && bytes.size < file_size)
        return hp_fail(err, HP_E_INPUT, "has metadata further inside");
    if (ifds.data_end > file_size)
        return hp_fail(err, HP_E_INPUT, "is a damaged TIFF: it ends at byte %llu of %llu",
                       (unsigned long long)file_size, (unsigned long long)ifds.data_end);
    hp_tiff_file file;
    int code = hp_tiff_open(bytes, &file, err);
    if (!code)
        code = describe(&file, file_size, info, err);
    hp_tiff_close(&file);
    return code;
}

static int store_block(hp_tiff_block *block, const hp_photo_info *info, hp_plane *plane, hp_holes *holes, hp_error *err)
{
    int code = HP_OK;
    for (uint32_t row = 0; !code && row < block->height; row++) {
        hp_stored pixels = hp_tiff_block_row(block, row);
        code = hp_store(&pixels, info, plane, block->x, block->y + row, block->width, holes, err);
    }
    return code;
}

static int store_all(hp_tiff_file *file, const hp_tiff_layout *layout, const hp_photo_info *info, hp_plane *plane,
                     hp_error *err)
{
    hp_holes holes = {0};
    hp_tiff_block block;
    int code = hp_tiff_block_create(layout, &block, err);
    for (uint32_t i = 0; !code && i < layout->blocks; i++) {
        code = hp_tiff_block_read(file, &block, i, err);
        if (!code)
            code = store_block(&block, info, plane, &holes, err);
    }
    if (!code)
        code = hp_holes_fill(&holes, &info->cfa, plane, err);
    hp_tiff_block_free(&block);
    hp_holes_free(&holes);
    return code;
}

static int decode(hp_bytes bytes, const hp_photo_info *info, hp_view view, hp_plane *plane, hp_error *err)
{
    (void)view;
    hp_tiff_file file;
    hp_tiff_layout layout;
    int code = hp_tiff_open(bytes, &file, err);
    if (!code)
        code = hp_tiff_layout_read(&file, bytes.size, &layout, err);
    if (!code && (layout.width != plane->width || layout.height != plane->height || layout.channels != info->channels))
        code = hp_fail(err, HP_E_INPUT, "changed while it was read");
    if (!code)
        code = store_all(&file, &layout, info, plane, err);
    if (!code)
        read_black(file.tiff, info, plane);
    hp_tiff_close(&file);
    return code;
}

const hp_format hp_format_tiff = {.name = "TIFF",
                                  .endings = "tif tiff ",
                                  .marked = is_marked,
                                  .probe = is_marked,
                                  .read_info = read_info,
                                  .decode = decode};
