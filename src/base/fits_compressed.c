#include "base/fits_compressed.h"

#include "base/error.h"
#include "base/fits.h"
#include "base/memory.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MOST_AXES = 3, MOST_SIDE = 1 << 20 };

/* What a tile is compressed with. */
typedef struct rice {
    unsigned sample_bytes; /* 1, 2 or 4 */
    unsigned block;        /* samples that share a code */
} rice;

typedef struct layout {
    int axes;
    LONGLONG side[MOST_AXES], tile[MOST_AXES]; /* px */
    LONGLONG tiles;
} layout;

/* Bits of a tile, the high ones first. */
typedef struct bits {
    const uint8_t *at;
    uint64_t left; /* bits */
    unsigned held; /* bits of *at that are still to be read */
} bits;

static bool skip(bits *b, uint64_t count)
{
    if (count > b->left)
        return false;
    b->left -= count;
    uint64_t place = 8 - b->held + count;
    b->at += place / 8;
    b->held = 8 - (unsigned)(place % 8);
    return true;
}

static int read_bit(bits *b)
{
    if (b->left == 0)
        return -1;
    int bit = *b->at >> (b->held - 1) & 1;
    (void)skip(b, 1);
    return bit;
}

static int read_code(bits *b, unsigned count)
{
    int code = 0;
    for (unsigned i = 0; i < count; i++) {
        int bit = read_bit(b);
        if (bit < 0)
            return -1;
        code = 2 * code + bit;
    }
    return code;
}

/* The zeros before a one; false when no one is left. */
static bool skip_zeros(bits *b)
{
    while (b->left >= b->held) { /* a tile's bytes are whole */
        unsigned rest = *b->at & ((1u << b->held) - 1), zeros = 0;
        while (zeros < b->held && !(rest >> (b->held - 1 - zeros) & 1))
            zeros++;
        bool found = zeros < b->held;
        if (b->left == 0 || !skip(b, zeros + found))
            return false;
        if (found)
            return true;
    }
    return false;
}

/*
 * Whether the bits last for `count` samples (Rice coding, FITS standard 10.4.1): the first as it is; then, a block at
 * a time, a code: 0 for no differences, the largest for differences as they are, else one more than the number of low
 * bits that follow each unary one.
 */
static bool lasts(const uint8_t *data, size_t size, uint64_t count, const rice *r)
{
    unsigned code_bits = r->sample_bytes == 1 ? 3 : r->sample_bytes == 2 ? 4 : 5;
    int largest = r->sample_bytes == 1 ? 7 : r->sample_bytes == 2 ? 15 : 26;
    bits b = {data, 8 * (uint64_t)size, 8};
    bool good = skip(&b, 8 * r->sample_bytes);
    for (uint64_t done = 0; good && done < count; done += r->block) {
        uint64_t here = count - done < r->block ? count - done : r->block;
        int code = read_code(&b, code_bits);
        good = code >= 0 && code <= largest;
        if (code == largest)
            good = good && skip(&b, here * 8 * r->sample_bytes);
        for (uint64_t i = 0; good && code > 0 && code < largest && i < here; i++)
            good = skip_zeros(&b) && skip(&b, (uint64_t)code - 1);
    }
    return good;
}

static int fail(const char *what, hp_error *err)
{
    fits_clear_errmsg();
    return hp_fail(err, HP_E_INPUT, "is a damaged FITS file: %s", what);
}

static LONGLONG number(fitsfile *fits, const char *name, int index, LONGLONG missing)
{
    char key[FLEN_KEYWORD];
    int status = 0;
    LONGLONG value = missing;
    snprintf(key, sizeof key, "%s%d", name, index);
    if (fits_read_key(fits, TLONGLONG, key, &value, NULL, &status))
        value = missing;
    return value;
}

/* Tiles must lie in the frame and be as many as there are rows. */
static int read_layout(fitsfile *fits, layout *l, hp_error *err)
{
    int status = 0;
    LONGLONG rows = 0;
    *l = (layout){.tiles = 1};
    fits_read_key(fits, TINT, "ZNAXIS", &l->axes, NULL, &status);
    fits_get_num_rowsll(fits, &rows, &status);
    if (status || l->axes < 1 || l->axes > MOST_AXES)
        return fail("its tiles are not described", err);
    for (int i = 0; i < l->axes; i++) {
        l->side[i] = number(fits, "ZNAXIS", i + 1, 0);
        l->tile[i] = number(fits, "ZTILE", i + 1, i == 0 ? l->side[0] : 1);
        if (l->side[i] < 1 || l->side[i] > MOST_SIDE || l->tile[i] < 1 || l->tile[i] > l->side[i])
            return fail("its tiles do not lie in its frame", err);
        l->tiles *= (l->side[i] + l->tile[i] - 1) / l->tile[i];
    }
    return rows == l->tiles ? HP_OK : fail("it has not one row for each tile", err);
}

static int read_rice(fitsfile *fits, rice *r, hp_error *err)
{
    LONGLONG block = 32, sample_bytes = 4;
    for (int i = 1; i <= 9; i++) {
        char key[FLEN_KEYWORD], name[FLEN_VALUE] = "";
        int status = 0;
        snprintf(key, sizeof key, "ZNAME%d", i);
        if (fits_read_key(fits, TSTRING, key, name, NULL, &status))
            continue;
        if (strcmp(name, "BLOCKSIZE") == 0)
            block = number(fits, "ZVAL", i, block);
        else if (strcmp(name, "BYTEPIX") == 0)
            sample_bytes = number(fits, "ZVAL", i, sample_bytes);
    }
    if (block < 1 || block > 1024 || (sample_bytes != 1 && sample_bytes != 2 && sample_bytes != 4))
        return fail("its compression is not described", err);
    *r = (rice){(unsigned)sample_bytes, (unsigned)block};
    return HP_OK;
}

/* Samples of the tile in row `row`, from 0: those at the far edges may be smaller. */
static uint64_t samples_of(const layout *l, LONGLONG row)
{
    uint64_t samples = 1;
    for (int i = 0; i < l->axes; i++) {
        LONGLONG across = (l->side[i] + l->tile[i] - 1) / l->tile[i], first = row % across * l->tile[i];
        samples *= (uint64_t)(l->side[i] - first < l->tile[i] ? l->side[i] - first : l->tile[i]);
        row /= across;
    }
    return samples;
}

/* A tile without bytes here stands in another column, uncompressed or by gzip, where lengths are checked. */
static int check_tile(fitsfile *fits, int column, LONGLONG row, uint64_t samples, const rice *r, uint8_t **data,
                      size_t *capacity, hp_error *err)
{
    int status = 0, any = 0;
    LONGLONG length = 0, offset = 0, heap = 0;
    fits_read_descriptll(fits, column, row + 1, &length, &offset, &status);
    fits_read_key(fits, TLONGLONG, "PCOUNT", &heap, NULL, &status);
    if (status || length < 0 || offset < 0 || length > heap || offset > heap - length)
        return fail("a tile lies outside of its data", err);
    if (length == 0 || !r)
        return HP_OK;
    int code = hp_grow((void **)data, capacity, (size_t)length, 1, err);
    if (code)
        return code;
    if (fits_read_col(fits, TBYTE, column, row + 1, 1, length, NULL, *data, &any, &status))
        return hp_fits_fail(status, err);
    return lasts(*data, (size_t)length, samples, r) ? HP_OK : fail("the bits of a tile end too early", err);
}

static int check_tiles(fitsfile *fits, const layout *l, const rice *r, hp_error *err)
{
    int status = 0, column = 0;
    uint8_t *data = NULL;
    size_t capacity = 0;
    if (fits_get_colnum(fits, CASEINSEN, "COMPRESSED_DATA", &column, &status))
        return hp_fits_fail(status, err);
    int code = HP_OK;
    for (LONGLONG row = 0; !code && row < l->tiles; row++)
        code = check_tile(fits, column, row, samples_of(l, row), r, &data, &capacity, err);
    free(data);
    return code;
}

int hp_fits_check_compressed(fitsfile *fits, hp_error *err)
{
    int status = 0;
    char kind[FLEN_VALUE] = "";
    layout l;
    rice r;
    fits_read_key(fits, TSTRING, "ZCMPTYPE", kind, NULL, &status);
    bool is_rice = strncmp(kind, "RICE_", 5) == 0;
    if (status || (!is_rice && strncmp(kind, "GZIP_", 5) != 0 && strcmp(kind, "NOCOMPRESS") != 0))
        return hp_fail(err, HP_E_UNSUPPORTED, "is a FITS file compressed by %s, which is not read",
                       kind[0] ? kind : "?");
    int code = read_layout(fits, &l, err);
    if (!code && is_rice)
        code = read_rice(fits, &r, err);
    return code ? code : check_tiles(fits, &l, is_rice ? &r : NULL, err);
}
