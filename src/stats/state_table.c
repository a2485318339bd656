#include "stats/state_table.h"

#include "base/error.h"
#include "base/memory.h"
#include "stats/noise.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    HASH_TEXT = 32,
    VERDICT_TEXT = 8,
    MOST_TEXT = 1 << 15, /* of a path or a reason, escaped */
    MOST_ROWS = 1 << 24,
    MOST_CELL = 256 * 32, /* of a thumbnail: log2 of a 32 bit number */
};

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
    {"HASH", 'A', 1, FIXED, HASH_TEXT, "", "", "", "XXH3-128 of the file"},
    {"VERDICT", 'A', 1, FIXED, VERDICT_TEXT, "", "", "", "taken, similar or damaged"},
    {"LIKE", 'A', 1, FIXED, HASH_TEXT, "", "", "", "similar: to the photo of this hash"},
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

static const char *const verdicts[] = {
    [HP_PHOTO_TAKEN] = "taken", [HP_PHOTO_SIMILAR] = "similar", [HP_PHOTO_DAMAGED] = "damaged"};

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

/* ---- rows ---- */

static uint8_t *put_text(uint8_t *at, size_t size, const char *text)
{
    size_t length = strlen(text);
    memset(at, ' ', size);
    memcpy(at, text, length < size ? length : size);
    return at + size;
}

static uint8_t *put_escaped(uint8_t *at, size_t size, const char *text)
{
    char escaped[MOST_TEXT + 1];
    hp_fits_escape(text, escaped, sizeof escaped);
    return put_text(at, size, escaped);
}

static uint8_t *put_big(uint8_t *at, size_t bytes, uint64_t value)
{
    for (size_t i = 0; i < bytes; i++)
        at[i] = (uint8_t)(value >> (8 * (bytes - 1 - i)));
    return at + bytes;
}

static uint8_t *put_double(uint8_t *at, double value)
{
    uint64_t bits;
    memcpy(&bits, &value, sizeof bits);
    return put_big(at, sizeof bits, bits);
}

static uint8_t *put_float(uint8_t *at, float value)
{
    uint32_t bits;
    memcpy(&bits, &value, sizeof bits);
    return put_big(at, sizeof bits, bits);
}

static uint8_t *put_unsigned(uint8_t *at, const uint16_t *values, size_t count)
{
    for (size_t i = 0; i < count; i++)
        at = put_big(at, 2, values[i] ^ 0x8000u);
    return at;
}

static uint8_t *put_hash(uint8_t *at, hp_hash hash, bool known)
{
    char text[HASH_TEXT + 1] = "";
    if (known)
        snprintf(text, sizeof text, "%016" PRIx64 "%016" PRIx64, hash.high, hash.low);
    return put_text(at, HASH_TEXT, text);
}

/* In the order of the columns. */
void hp_table_put_row(const hp_table_shape *shape, const hp_record *r, uint8_t *row)
{
    uint8_t *at = put_escaped(row, shape->path, r->path);
    at = put_hash(at, r->hash, true);
    at = put_text(at, VERDICT_TEXT, verdicts[r->verdict]);
    at = put_hash(at, r->like, r->verdict == HP_PHOTO_SIMILAR);
    at = put_escaped(at, shape->reason, r->reason ? r->reason : "");
    at = put_big(at, 8, (uint64_t)r->taken_s);
    at = put_double(at, r->exposure_s);
    at = put_double(at, r->gain);
    at = put_float(at, r->sigma);
    at = put_big(at, 2, (uint16_t)r->wt);
    at = put_big(at, 2, (uint16_t)r->wg);
    at = put_unsigned(at, r->black, shape->sites);
    put_unsigned(at, r->scene.thumbnail.cell, HP_THUMBNAIL_CELLS);
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
    if (end == form || repeat == 0 || repeat > MOST_TEXT)
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

/* A row on its way into a record. */
typedef struct cursor {
    const uint8_t *at;
    bool good;
} cursor;

static uint64_t get_big(cursor *c, size_t bytes)
{
    uint64_t value = 0;
    for (size_t i = 0; i < bytes; i++)
        value = value << 8 | c->at[i];
    c->at += bytes;
    return value;
}

/* Finite, not negative and not beyond `most`. */
static double get_double(cursor *c, double most)
{
    uint64_t bits = get_big(c, sizeof bits);
    double value;
    memcpy(&value, &bits, sizeof value);
    c->good = c->good && value >= 0 && value <= most;
    return value;
}

static float get_float(cursor *c, double most)
{
    uint32_t bits = (uint32_t)get_big(c, sizeof bits);
    float value;
    memcpy(&value, &bits, sizeof value);
    c->good = c->good && value >= 0 && (double)value <= most;
    return value;
}

static void get_unsigned(cursor *c, uint16_t *values, size_t count, uint16_t most)
{
    for (size_t i = 0; i < count; i++) {
        values[i] = (uint16_t)(get_big(c, 2) ^ 0x8000u);
        c->good = c->good && values[i] <= most;
    }
}

static int16_t get_weight(cursor *c)
{
    uint64_t value = get_big(c, 2);
    c->good = c->good && value <= HP_WEIGHT_MOST;
    return (int16_t)value;
}

static void get_text(cursor *c, size_t size, char *out, size_t out_size)
{
    c->good = c->good && hp_fits_unescape((const char *)c->at, size, out, out_size);
    c->at += size;
}

static uint64_t parse_hex(cursor *c, const char *text)
{
    uint64_t value = 0;
    for (size_t i = 0; i < 16; i++) {
        char digit = text[i];
        bool decimal = digit >= '0' && digit <= '9', letter = digit >= 'a' && digit <= 'f';
        c->good = c->good && (decimal || letter);
        value = value << 4 | (unsigned)(decimal ? digit - '0' : digit - 'a' + 10);
    }
    return value;
}

/* Blank where there is none. */
static hp_hash get_hash(cursor *c, bool known)
{
    const char *text = (const char *)c->at;
    c->at += HASH_TEXT;
    if (!known)
        return (hp_hash){0};
    return (hp_hash){parse_hex(c, text), parse_hex(c, text + 16)};
}

static hp_verdict get_verdict(cursor *c)
{
    char text[VERDICT_TEXT + 1];
    get_text(c, VERDICT_TEXT, text, sizeof text);
    for (hp_verdict v = HP_PHOTO_TAKEN; c->good && v <= HP_PHOTO_DAMAGED; v++)
        if (!strcmp(text, verdicts[v]))
            return v;
    c->good = false;
    return HP_PHOTO_TAKEN;
}

static void get_rest(cursor *c, const hp_table_shape *shape, hp_record *record)
{
    record->taken_s = (int64_t)get_big(c, 8);
    record->exposure_s = get_double(c, 1e9);
    record->gain = get_double(c, 1e9);
    record->sigma = get_float(c, 1e6);
    record->wt = get_weight(c);
    record->wg = get_weight(c);
    get_unsigned(c, record->black, shape->sites, UINT16_MAX);
    get_unsigned(c, record->scene.thumbnail.cell, HP_THUMBNAIL_CELLS, MOST_CELL);
}

int hp_table_get_row(const hp_table_shape *shape, const uint8_t *row, hp_album *album, hp_error *err)
{
    char path[MOST_TEXT + 1], reason[MOST_TEXT + 1];
    hp_record record = {.path = path};
    cursor c = {row, true};
    get_text(&c, shape->path, path, sizeof path);
    record.hash = get_hash(&c, true);
    record.verdict = get_verdict(&c);
    record.like = get_hash(&c, record.verdict == HP_PHOTO_SIMILAR);
    get_text(&c, shape->reason, reason, sizeof reason);
    record.reason = record.verdict == HP_PHOTO_DAMAGED ? reason : NULL;
    get_rest(&c, shape, &record);
    if (!c.good || !path[0])
        return hp_fail(err, HP_E_INPUT, "row %zu of its table of photos is not what a state holds", album->count + 1);
    if (hp_album_find(album, record.hash) != HP_NOT_FOUND)
        return hp_fail(err, HP_E_INPUT, "row %zu of its table of photos repeats an earlier one", album->count + 1);
    return hp_album_add(album, &record, err);
}
