#include "stats/state_table.h"

#include "base/error.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MOST_ROWS = 1 << 24 };

typedef enum width { FIXED, OF_PATH, OF_REASON, OF_SITES } width;

typedef struct column {
    const char *name;
    char letter; /* of TFORM */
    size_t item; /* bytes */
    width width;
    size_t repeat; /* where fixed */
    const char *unit, *zero, *dim, *comment;
} column;

static const column columns[] = {
    {"PATH", 'A', 1, OF_PATH, 0, "", "", "", "where it was met; odd bytes as \\xNN"},
    {"HASH", 'A', 1, FIXED, HP_HASH_TEXT, "", "", "", "XXH3-128 of the file"},
    {"VERDICT", 'A', 1, FIXED, HP_VERDICT_TEXT, "", "", "", "taken, similar or damaged"},
    {"LIKE", 'A', 1, FIXED, HP_HASH_TEXT, "", "", "", "similar: to the photo of this hash"},
    {"REASON", 'A', 1, OF_REASON, 0, "", "", "", "damaged: what is wrong"},
    {"TIME", 'K', 8, FIXED, 1, "s", "", "", "camera's clock as UTC, since 1970; 0 unknown"},
    {"EXPOSURE", 'D', 8, FIXED, 1, "s", "", "", "0 unknown"},
    {"GAIN", 'D', 8, FIXED, 1, "", "", "", "ISO / 100; 0 unknown"},
    {"SIGMA", 'E', 4, FIXED, 1, "adu", "", "", "noise"},
    {"WT", 'I', 2, FIXED, 1, "", "", "", "weight in ST"},
    {"WG", 'I', 2, FIXED, 1, "", "", "", "weight in SG"},
    {"BLACK", 'I', 2, OF_SITES, 0, "adu", "32768", "", "level without light, by site of the CFA"},
    {"THUMB", 'I', 2, FIXED, HP_THUMBNAIL_CELLS, "", "32768", "(28,18)", "256 log2(65536 (mean + 1))"},
};
enum { COLUMNS = sizeof columns / sizeof *columns };

static size_t repeat_of(const column *c, const hp_table_shape *shape)
{
    switch (c->width) {
    case OF_PATH:
        return shape->path;
    case OF_REASON:
        return shape->reason;
    case OF_SITES:
        return shape->sites;
    default:
        return c->repeat;
    }
}

static void sum_up(hp_table_shape *shape)
{
    shape->row_bytes = 0;
    for (size_t i = 0; i < COLUMNS; i++)
        shape->row_bytes += repeat_of(&columns[i], shape) * columns[i].item;
}

hp_table_shape hp_table_shape_of(const hp_album *album, const hp_photo_info *info)
{
    hp_table_shape shape = {.path = 1, .reason = 1, .sites = (size_t)info->cfa.width * info->cfa.height};
    for (size_t i = 0; i < album->count; i++) {
        const hp_record *record = &album->items[i];
        size_t path = hp_fits_escaped_length(record->path),
               reason = record->reason ? hp_fits_escaped_length(record->reason) : 0;
        shape.path = path > shape.path ? path : shape.path;
        shape.reason = reason > shape.reason ? reason : shape.reason;
    }
    sum_up(&shape);
    return shape;
}

static void put_form(const column *c, const hp_table_shape *shape, char form[32])
{
    snprintf(form, 32, "%zu%c", repeat_of(c, shape), c->letter);
}

static void put_column(size_t i, const hp_table_shape *shape, hp_cards *cards)
{
    const column *c = &columns[i];
    char key[16], form[32];
    put_form(c, shape, form);
    snprintf(key, sizeof key, "TTYPE%zu", i + 1);
    hp_cards_text(cards, key, c->name, c->comment);
    snprintf(key, sizeof key, "TFORM%zu", i + 1);
    hp_cards_text(cards, key, form, "");
    snprintf(key, sizeof key, "TUNIT%zu", i + 1);
    if (c->unit[0])
        hp_cards_text(cards, key, c->unit, "");
    snprintf(key, sizeof key, "TZERO%zu", i + 1);
    if (c->zero[0])
        hp_cards_number(cards, key, c->zero, "unsigned numbers");
    snprintf(key, sizeof key, "TDIM%zu", i + 1);
    if (c->dim[0])
        hp_cards_text(cards, key, c->dim, "columns, rows");
}

void hp_table_cards(const hp_table_shape *shape, size_t rows, hp_cards *cards)
{
    hp_cards_text(cards, "XTENSION", "BINTABLE", "");
    hp_cards_integer(cards, "BITPIX", 8, "");
    hp_cards_integer(cards, "NAXIS", 2, "");
    hp_cards_integer(cards, "NAXIS1", (int64_t)shape->row_bytes, "bytes a row");
    hp_cards_integer(cards, "NAXIS2", (int64_t)rows, "rows");
    hp_cards_integer(cards, "PCOUNT", 0, "");
    hp_cards_integer(cards, "GCOUNT", 1, "");
    hp_cards_integer(cards, "TFIELDS", COLUMNS, "columns");
    hp_cards_text(cards, "EXTNAME", "PHOTOS", "by path, then hash");
    for (size_t i = 0; i < COLUMNS; i++)
        put_column(i, shape, cards);
}

/* ---- reading ---- */

static bool read_text(fitsfile *fits, const char *format, size_t i, char value[FLEN_VALUE])
{
    char key[16];
    int status = 0;
    snprintf(key, sizeof key, format, i + 1);
    return fits_read_key(fits, TSTRING, key, value, NULL, &status) == 0;
}

static bool read_column(fitsfile *fits, size_t i, hp_table_shape *shape)
{
    const column *c = &columns[i];
    char name[FLEN_VALUE], form[FLEN_VALUE], expected[32], *end;
    if (!read_text(fits, "TTYPE%zu", i, name) || !read_text(fits, "TFORM%zu", i, form) || strcmp(name, c->name) != 0)
        return false;
    unsigned long repeat = strtoul(form, &end, 10);
    if (end == form || repeat == 0 || repeat > HP_CELL_TEXT_MOST)
        return false;
    if (c->width == OF_PATH)
        shape->path = repeat;
    if (c->width == OF_REASON)
        shape->reason = repeat;
    put_form(c, shape, expected);
    return strcmp(form, expected) == 0;
}

int hp_table_read_shape(fitsfile *fits, size_t sites, hp_table_shape *shape, size_t *rows, hp_error *err)
{
    int status = 0, type = 0, fields = 0;
    long long row_bytes = 0, row_count = 0, heap = 0;
    *shape = (hp_table_shape){.sites = sites};
    fits_get_hdu_type(fits, &type, &status);
    fits_read_key(fits, TINT, "TFIELDS", &fields, NULL, &status);
    fits_read_key(fits, TLONGLONG, "NAXIS1", &row_bytes, NULL, &status);
    fits_read_key(fits, TLONGLONG, "NAXIS2", &row_count, NULL, &status);
    fits_read_key(fits, TLONGLONG, "PCOUNT", &heap, NULL, &status);
    bool good = status == 0 && type == BINARY_TBL && fields == COLUMNS && heap == 0;
    for (size_t i = 0; good && i < COLUMNS; i++)
        good = read_column(fits, i, shape);
    sum_up(shape);
    if (!good || row_bytes != (long long)shape->row_bytes)
        return hp_fail(err, HP_E_INPUT, "its table of photos has other columns than a state's");
    if (row_count < 0 || row_count > MOST_ROWS)
        return hp_fail(err, HP_E_INPUT, "its table of photos has %lld rows, %d are the most", row_count, MOST_ROWS);
    *rows = (size_t)row_count;
    return HP_OK;
}
