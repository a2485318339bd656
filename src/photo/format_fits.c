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

/* What the keywords of a file say; empty and 0 where none does. */
typedef struct keywords {
    char model[FLEN_VALUE], date[FLEN_VALUE], time[FLEN_VALUE], kind[FLEN_VALUE];
    char pattern[FLEN_VALUE], order[FLEN_VALUE];
    double exposure_s, iso, electrons, gain; /* electrons a DN; gain: a camera's own setting */
    double frames;                           /* that it was made of */
    double left, top;                        /* of the pattern */
} keywords;

static void read_text(fitsfile *fits, const char *key, char out[FLEN_VALUE])
{
    int status = 0;
    char value[FLEN_VALUE] = "";
    if (!out[0] && fits_read_key(fits, TSTRING, key, value, NULL, &status) == 0)
        hp_copy_trimmed(out, FLEN_VALUE, value, sizeof value);
}

static void read_number(fitsfile *fits, const char *key, double *out)
{
    int status = 0;
    double value = 0;
    if (!(*out > 0) && fits_read_key(fits, TDOUBLE, key, &value, NULL, &status) == 0)
        *out = value;
}

/* Those of the current HDU that no other has said before. A pattern's place is that of its own HDU. */
static void read_keywords(fitsfile *fits, keywords *k)
{
    read_text(fits, "INSTRUME", k->model);
    read_text(fits, "DATE-OBS", k->date);
    read_text(fits, "TIME-OBS", k->time);
    read_text(fits, "UT", k->time);
    read_text(fits, "IMAGETYP", k->kind);
    read_text(fits, "FRAME", k->kind);
    read_text(fits, "OBSTYPE", k->kind);
    read_number(fits, "EXPTIME", &k->exposure_s);
    read_number(fits, "EXPOSURE", &k->exposure_s);
    read_number(fits, "ISOSPEED", &k->iso);
    read_number(fits, "ISO", &k->iso);
    read_number(fits, "EGAIN", &k->electrons);
    read_number(fits, "GAIN", &k->gain);
    read_number(fits, "STACKCNT", &k->frames); /* Siril, SharpCap */
    read_number(fits, "NCOMBINE", &k->frames); /* IRAF, ccdproc */
    read_number(fits, "SNAPSHOT", &k->frames); /* MaxIm DL */
    if (!k->pattern[0]) {
        read_text(fits, "BAYERPAT", k->pattern);
        read_text(fits, "ROWORDER", k->order);
        read_number(fits, "XBAYROFF", &k->left);
        read_number(fits, "YBAYROFF", &k->top);
    }
    fits_clear_errmsg();
}

/* A date alone is one, too (FITS standard, 9.1.1): its time stands beside it, or is not known, and then midnight. */
static int64_t taken_at(const keywords *k)
{
    char both[2 * FLEN_VALUE];
    if (strpbrk(k->date, "T "))
        return hp_metadata_parse_date(k->date);
    snprintf(both, sizeof both, "%sT%s", k->date, k->time[0] ? k->time : "00:00:00");
    return hp_metadata_parse_date(both);
}

/* Where the picture is in an extension, what it does not say itself often stands in the primary header. */
static int read_all_keywords(fitsfile *fits, keywords *k, hp_error *err)
{
    int status = 0, type = 0, hdu = 1;
    *k = (keywords){0};
    read_keywords(fits, k);
    if (fits_get_hdu_num(fits, &hdu) == 1)
        return HP_OK;
    fits_movabs_hdu(fits, 1, &type, &status);
    if (!status)
        read_keywords(fits, k);
    fits_movabs_hdu(fits, hdu, &type, &status);
    return status ? hp_fits_fail(status, err) : HP_OK;
}

static bool holds_word(const char *text, const char *word)
{
    for (; *text; text++)
        if (hp_text_alike(text, word, strlen(word)))
            return true;
    return false;
}

/* Words of many programs: "Dark Frame", "BIAS", "zero", "Flat Field", "Master Dark". */
static hp_frame_kind kind_of(const char *text)
{
    static const struct {
        const char *word;
        hp_frame_kind kind;
    } words[] = {{"dark", HP_FRAME_DARK}, {"bias", HP_FRAME_BIAS}, {"zero", HP_FRAME_BIAS}, {"flat", HP_FRAME_FLAT}};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (holds_word(text, words[i].word))
            return words[i].kind;
    return HP_FRAME_LIGHT;
}

/* Of how many frames a master or a stack was made, as hp_photo_info.combined has it. */
static uint32_t frames_in(const keywords *k)
{
    if (k->frames > 1)
        return k->frames < HALF_OF_INT ? (uint32_t)k->frames : HALF_OF_INT;
    return holds_word(k->kind, "master");
}

/*
 * The amplification is relative: ISO as for any camera; else the inverse of the electrons a DN; else GAIN, which is
 * taken as ISO is.
 */
static void set_metadata(const keywords *k, hp_photo_info *info)
{
    hp_copy_trimmed(info->camera.model, sizeof info->camera.model, k->model, sizeof k->model);
    info->taken_s = taken_at(k);
    hp_metadata_set_exposure(info, k->exposure_s);
    hp_metadata_set_iso(info, k->iso > 0 ? k->iso : k->electrons > 0 ? 100 / k->electrons : k->gain);
    info->frame = kind_of(k->kind);
    info->combined = frames_in(k);
}

/*
 * BAYERPAT is the pattern of the picture as displayed, shifted by XBAYROFF and YBAYROFF. The first row stored is the
 * top one, as most drivers write, unless ROWORDER says otherwise (free-astro.org, "FITS orientation").
 */
static void set_cfa(const keywords *k, hp_photo_info *info)
{
    hp_cfa *cfa = &info->cfa;
    *cfa = (hp_cfa){.width = 1, .height = 1};
    if (strlen(k->pattern) != 4 || strspn(k->pattern, "RGBCMYW") != 4 || info->channels != 1)
        return;
    unsigned left = k->left > 0 && k->left < HALF_OF_INT ? (unsigned)k->left : 0;
    unsigned top = k->top > 0 && k->top < HALF_OF_INT ? (unsigned)k->top : 0;
    if (hp_text_alike(k->order, "BOTTOM-UP", SIZE_MAX))
        top += info->camera.height - 1;
    cfa->width = cfa->height = 2;
    for (unsigned i = 0; i < 4; i++) /* counted upwards or downwards, odd rows stay odd ones */
        cfa->colour[i] = (uint8_t)k->pattern[(i / 2 + top) % 2 * 2 + (i % 2 + left) % 2];
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
    keywords k;
    int code = hp_format_check_size(info, err);
    if (!code)
        code = read_all_keywords(file->fits, &k, err);
    if (code)
        return code;
    set_cfa(&k, info);
    set_metadata(&k, info);
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
