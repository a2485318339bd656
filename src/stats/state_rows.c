/* Records as rows of the table of photos: FITS has big numbers first, and unsigned ones less 32768. */
#include "base/error.h"
#include "stats/noise.h"
#include "stats/state_table.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum { MOST_CELL = 256 * 32 }; /* of a thumbnail: log2 of a 32 bit number */

static const char *const verdicts[] = {
    [HP_PHOTO_TAKEN] = "taken", [HP_PHOTO_SIMILAR] = "similar", [HP_PHOTO_DAMAGED] = "damaged"};

/* ---- writing ---- */

static uint8_t *put_text(uint8_t *at, size_t size, const char *text)
{
    size_t length = strlen(text);
    memset(at, ' ', size);
    memcpy(at, text, length < size ? length : size);
    return at + size;
}

static uint8_t *put_escaped(uint8_t *at, size_t size, const char *text)
{
    char escaped[HP_CELL_TEXT_MOST + 1];
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
    char text[HP_HASH_TEXT + 1] = "";
    if (known)
        snprintf(text, sizeof text, "%016" PRIx64 "%016" PRIx64, hash.high, hash.low);
    return put_text(at, HP_HASH_TEXT, text);
}

/* In the order of the columns. */
void hp_table_put_row(const hp_table_shape *shape, const hp_record *r, uint8_t *row)
{
    uint8_t *at = put_escaped(row, shape->path, r->path);
    at = put_hash(at, r->hash, true);
    at = put_text(at, HP_VERDICT_TEXT, verdicts[r->verdict]);
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
    c->at += HP_HASH_TEXT;
    if (!known)
        return (hp_hash){0};
    return (hp_hash){parse_hex(c, text), parse_hex(c, text + 16)};
}

static hp_verdict get_verdict(cursor *c)
{
    char text[HP_VERDICT_TEXT + 1];
    get_text(c, HP_VERDICT_TEXT, text, sizeof text);
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
    char path[HP_CELL_TEXT_MOST + 1], reason[HP_CELL_TEXT_MOST + 1];
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
