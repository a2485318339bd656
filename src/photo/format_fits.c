/* FITS, through CFITSIO: images of any type in any HDU, tile-compressed ones too. */
#include "base/error.h"
#include "base/text.h"
#include "photo/fits_pixels.h"
#include "photo/format.h"
#include "photo/metadata.h"
#include "photo/store.h"

#include <string.h>

enum {
    SURVEYED_BANDS = 16, /* bands of rows that a photo's scale is chosen by, spread over it */
    SURVEYED_PIXELS = 1 << 18,
    HALF_OF_INT = 1 << 30,
    CARD = 80, /* bytes */
    FIRST_CARDS = 36,
};

static bool is_marked(hp_bytes file)
{
    return file.size >= 30 && memcmp(file.data, "SIMPLE  =", 9) == 0;
}

/* ---- metadata ---- */

static void read_text(fitsfile *fits, const char *key, char *out, size_t size)
{
    int status = 0;
    char value[FLEN_VALUE] = "";
    if (!out[0] && fits_read_key(fits, TSTRING, key, value, NULL, &status) == 0)
        hp_copy_trimmed(out, size, value, sizeof value);
}

static double read_number(fitsfile *fits, const char *key)
{
    int status = 0;
    double value = 0;
    return fits_read_key(fits, TDOUBLE, key, &value, NULL, &status) == 0 ? value : 0;
}

static double first_number(fitsfile *fits, const char *const *keys)
{
    for (; *keys; keys++) {
        double value = read_number(fits, *keys);
        if (value > 0)
            return value;
    }
    return 0;
}

static bool holds_word(const char *text, const char *word)
{
    for (; *text; text++)
        if (hp_text_alike(text, word, strlen(word)))
            return true;
    return false;
}

/* What the frame was taken for, in words of many programs: "Dark Frame", "BIAS", "zero", "Flat Field", "Master Dark".
 */
static void read_purpose(fitsfile *fits, char *text, size_t size)
{
    static const char *const keys[] = {"IMAGETYP", "FRAME", "OBSTYPE"};
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
        read_text(fits, keys[i], text, size);
}

static hp_frame_kind kind_of(const char *purpose)
{
    static const struct {
        const char *word;
        hp_frame_kind kind;
    } words[] = {{"dark", HP_FRAME_DARK}, {"bias", HP_FRAME_BIAS}, {"zero", HP_FRAME_BIAS}, {"flat", HP_FRAME_FLAT}};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (holds_word(purpose, words[i].word))
            return words[i].kind;
    return HP_FRAME_LIGHT;
}

/* Of how many frames a master or a stack was made: Siril and SharpCap, IRAF and ccdproc, MaxIm DL tell. */
static uint32_t frames_in(fitsfile *fits, const char *purpose)
{
    static const char *const keys[] = {"STACKCNT", "NCOMBINE", "SNAPSHOT", NULL};
    double count = first_number(fits, keys);
    if (count > 1)
        return count < HALF_OF_INT ? (uint32_t)count : HALF_OF_INT;
    return holds_word(purpose, "master");
}

/*
 * The amplification, relative: ISO as for any camera; else the inverse of the electrons a DN; else GAIN, which is a
 * camera's own setting and is taken as ISO is.
 */
static void read_gain(fitsfile *fits, hp_photo_info *info)
{
    static const char *const iso_keys[] = {"ISOSPEED", "ISO", NULL};
    double iso = first_number(fits, iso_keys), electrons = read_number(fits, "EGAIN");
    if (iso > 0)
        hp_metadata_set_iso(info, iso);
    else if (electrons > 0)
        hp_metadata_set_iso(info, 100 / electrons);
    else
        hp_metadata_set_iso(info, read_number(fits, "GAIN"));
}

static void read_metadata(fitsfile *fits, hp_photo_info *info)
{
    static const char *const exposure_keys[] = {"EXPTIME", "EXPOSURE", NULL};
    char date[FLEN_VALUE] = "", purpose[FLEN_VALUE] = "";
    read_text(fits, "INSTRUME", info->camera.model, sizeof info->camera.model);
    read_text(fits, "DATE-OBS", date, sizeof date);
    info->taken_s = hp_metadata_parse_date(date);
    hp_metadata_set_exposure(info, first_number(fits, exposure_keys));
    read_gain(fits, info);
    read_purpose(fits, purpose, sizeof purpose);
    info->frame = kind_of(purpose);
    info->combined = frames_in(fits, purpose);
    fits_clear_errmsg();
}

/*
 * BAYERPAT is the pattern of the picture as displayed, shifted by XBAYROFF and YBAYROFF. The first row stored is the
 * top one, as most drivers write, unless ROWORDER says otherwise (free-astro.org, "FITS orientation").
 */
static void read_cfa(fitsfile *fits, hp_photo_info *info)
{
    hp_cfa *cfa = &info->cfa;
    *cfa = (hp_cfa){.width = 1, .height = 1};
    char pattern[FLEN_VALUE] = "", order[FLEN_VALUE] = "";
    read_text(fits, "BAYERPAT", pattern, sizeof pattern);
    if (strlen(pattern) != 4 || strspn(pattern, "RGBCMYW") != 4 || info->channels != 1)
        return;
    read_text(fits, "ROWORDER", order, sizeof order);
    double dx = read_number(fits, "XBAYROFF"), dy = read_number(fits, "YBAYROFF");
    unsigned left = dx > 0 && dx < HALF_OF_INT ? (unsigned)dx : 0, top = dy > 0 && dy < HALF_OF_INT ? (unsigned)dy : 0;
    if (hp_text_alike(order, "BOTTOM-UP", SIZE_MAX))
        top += info->camera.height - 1;
    cfa->width = cfa->height = 2;
    for (unsigned i = 0; i < 4; i++) /* counted upwards or downwards, odd rows stay odd ones */
        cfa->colour[i] = (uint8_t)pattern[(i / 2 + top) % 2 * 2 + (i % 2 + left) % 2];
    hp_cfa_name(cfa, info->camera.cfa, sizeof info->camera.cfa);
}

/* ---- scale ---- */

/* How many of the rows lie within the bytes at hand; those beyond are zeros. */
static uint32_t rows_at_hand(const hp_fits_file *file, size_t size)
{
    int status = 0, bitpix = 0;
    LONGLONG header, data, end;
    fits_get_hduaddrll(file->fits, &header, &data, &end, &status);
    fits_get_img_type(file->fits, &bitpix, &status);
    LONGLONG row = file->width * (bitpix < 0 ? -bitpix : bitpix) / 8;
    if (status || row < 1 || (LONGLONG)size < data)
        return 0;
    LONGLONG rows = ((LONGLONG)size - data) / row;
    return (uint32_t)(rows < file->height ? rows : file->height);
}

static int survey(const hp_fits_file *file, uint32_t rows, hp_survey *found, hp_error *err)
{
    hp_fits_band b;
    int code = hp_fits_band_create(file, &b, err);
    uint32_t bands = b.rows ? (rows + b.rows - 1) / b.rows : 0, count = bands < SURVEYED_BANDS ? bands : SURVEYED_BANDS;
    for (uint32_t i = 0; !code && i < count; i++) {
        uint32_t y = (uint32_t)((uint64_t)i * bands / count) * b.rows, here = rows - y < b.rows ? rows - y : b.rows;
        code = hp_fits_band_read(file, &b, y, here, err);
        uint32_t wanted = SURVEYED_PIXELS / count / (uint32_t)file->width + 1, every = here / wanted + 1;
        for (uint32_t row = 0; !code && row < here; row += every) {
            hp_stored pixels = hp_fits_band_row(file, &b, row);
            hp_survey_add(found, &pixels, (size_t)file->width);
        }
    }
    hp_fits_band_free(&b);
    return code;
}

/* From the beginning of the file alone only where 16 bits are certain to be enough: unsigned ones, not compressed. */
static int choose_scale(const hp_fits_file *file, hp_bytes bytes, uint64_t file_size, hp_photo_info *info,
                        hp_error *err)
{
    bool whole = bytes.size == file_size, simple = file->bitpix == USHORT_IMG && !file->has_blank && !file->compressed;
    if (file->bitpix == BYTE_IMG && !file->has_blank)
        return HP_OK;
    uint32_t rows = whole ? (uint32_t)file->height : rows_at_hand(file, bytes.size);
    if ((!whole && !simple) || rows == 0)
        return hp_fail(err, HP_E_INPUT, "has samples further inside");
    hp_survey found = {0};
    int code = survey(file, rows, &found, err);
    info->scale = hp_survey_scale(&found, hp_fits_stored_type(file));
    return code;
}

/* ---- the format ---- */

static int describe(hp_fits_file *file, hp_bytes bytes, uint64_t file_size, hp_photo_info *info, hp_error *err)
{
    info->camera.source = HP_SOURCE_FITS;
    info->camera.width = (uint32_t)file->width;
    info->camera.height = (uint32_t)file->height;
    info->camera.bits = file->bitpix == BYTE_IMG && !file->has_blank ? 8 : 16;
    info->channels = (unsigned)file->planes;
    info->floating = file->floating;
    int code = hp_format_check_size(info, err);
    if (code)
        return code;
    read_cfa(file->fits, info);
    read_metadata(file->fits, info);
    return choose_scale(file, bytes, file_size, info, err);
}

/* States and masks of hotpix itself may lie among the photos that they were made from. */
static bool is_own(hp_bytes file)
{
    for (size_t i = 0; i < FIRST_CARDS && (i + 1) * CARD <= file.size; i++) {
        const uint8_t *card = file.data + i * CARD;
        if (!memcmp(card, "HPSTATE =", 9) || !memcmp(card, "CREATOR = 'hotpix ", 18))
            return true;
    }
    return false;
}

static int admit(hp_bytes file, hp_error *err)
{
    return is_own(file) ? hp_fail(err, HP_E_NO_PHOTO, "is a state or a mask of hotpix, no photo") : HP_OK;
}

static int read_info(hp_bytes bytes, uint64_t file_size, hp_photo_info *info, hp_error *err)
{
    hp_fits_file file;
    int code = hp_fits_open(bytes, file_size, &file, err);
    if (code == HP_E_UNSUPPORTED && bytes.size < file_size)
        code = HP_E_INPUT; /* a later HDU may hold the picture */
    if (!code)
        code = describe(&file, bytes, file_size, info, err);
    hp_fits_close(&file);
    return code;
}

static int store_all(const hp_fits_file *file, const hp_photo_info *info, hp_plane *plane, hp_error *err)
{
    hp_fits_band b;
    hp_holes holes = {0};
    int code = hp_fits_band_create(file, &b, err);
    for (uint32_t y = 0; !code && y < plane->height; y += b.rows) {
        uint32_t rows = plane->height - y < b.rows ? plane->height - y : b.rows;
        code = hp_fits_band_read(file, &b, y, rows, err);
        for (uint32_t row = 0; !code && row < rows; row++) {
            hp_stored pixels = hp_fits_band_row(file, &b, row);
            code = hp_store(&pixels, info, plane, 0, y + row, plane->width, &holes, err);
        }
    }
    if (!code)
        code = hp_holes_fill(&holes, &info->cfa, plane, err);
    hp_holes_free(&holes);
    hp_fits_band_free(&b);
    return code;
}

static int decode(hp_bytes bytes, const hp_photo_info *info, hp_view view, hp_plane *plane, hp_error *err)
{
    (void)view;
    hp_fits_file file;
    int code = hp_fits_open(bytes, bytes.size, &file, err);
    if (!code &&
        (file.width != plane->width || file.height != plane->height || (unsigned)file.planes != info->channels))
        code = hp_fail(err, HP_E_INPUT, "changed while it was read");
    if (!code)
        code = store_all(&file, info, plane, err);
    hp_fits_close(&file);
    return code;
}

const hp_format hp_format_fits = {.name = "FITS",
                                  .endings = "fits fit fts fz ",
                                  .marked = is_marked,
                                  .admit = admit,
                                  .probe = is_marked,
                                  .read_info = read_info,
                                  .decode = decode};
