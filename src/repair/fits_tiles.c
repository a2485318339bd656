#include "repair/fits_tiles.h"

#include "base/error.h"
#include "base/memory.h"

#include <stdlib.h>
#include <string.h>

/* Floating point that was made whole numbers of a step that is chosen for each tile: FITS standard, 10.2. */
static bool loses(fitsfile *fits)
{
    int status = 0, column = 0;
    double scale;
    bool has_column = !fits_get_colnum(fits, CASEINSEN, "ZSCALE", &column, &status);
    status = 0;
    bool has_key = !fits_read_key(fits, TDOUBLE, "ZSCALE", &scale, NULL, &status);
    fits_clear_errmsg();
    return has_column || has_key;
}

/* Whole numbers that stand for others by BSCALE have none. */
static int type_of(fitsfile *fits, int bitpix)
{
    int status = 0, stored = 0;
    if (fits_get_img_type(fits, &stored, &status) || (stored > 0) != (bitpix > 0))
        return 0;
    switch (bitpix) {
    case BYTE_IMG:
        return TBYTE;
    case SHORT_IMG:
        return TSHORT;
    case USHORT_IMG:
        return TUSHORT;
    case LONG_IMG:
        return TINT;
    case FLOAT_IMG:
        return TFLOAT;
    case DOUBLE_IMG:
        return TDOUBLE;
    default:
        return 0;
    }
}

/* A sample as CFITSIO takes it: it compresses whole numbers only from arrays of their type. */
static void put(int type, void *samples, size_t i, double value)
{
    switch (type) {
    case TBYTE:
        ((uint8_t *)samples)[i] = (uint8_t)value;
        break;
    case TSHORT:
        ((int16_t *)samples)[i] = (int16_t)value;
        break;
    case TUSHORT:
        ((uint16_t *)samples)[i] = (uint16_t)value;
        break;
    case TINT:
        ((int32_t *)samples)[i] = (int32_t)value;
        break;
    case TFLOAT:
        ((float *)samples)[i] = (float)value;
        break;
    default:
        ((double *)samples)[i] = value;
    }
}

static LONGLONG tile_side(const hp_fits_tiles *t, int axis)
{
    char key[FLEN_KEYWORD];
    int status = 0;
    LONGLONG value = axis == 0 ? t->side[0] : 1;
    snprintf(key, sizeof key, "ZTILE%d", axis + 1);
    LONGLONG missing = value;
    if (fits_read_key(t->fits, TLONGLONG, key, &value, NULL, &status)) {
        fits_clear_errmsg();
        value = missing;
    }
    return value < 1 ? 1 : value > t->side[axis] ? t->side[axis] : value;
}

static int read_stored(fitsfile *fits, size_t count, double *out, hp_error *err)
{
    int status = 0, any = 0;
    fits_read_img(fits, TDOUBLE, 1, (LONGLONG)count, NULL, out, &any, &status);
    return status ? hp_fits_fail(status, err) : HP_OK;
}

int hp_fits_tiles_open(fitsfile *fits, const hp_fits_file *file, hp_fits_tiles *t, hp_error *err)
{
    size_t count, tiles;
    *t = (hp_fits_tiles){.fits = fits, .side = {file->width, file->height, file->planes}};
    if (loses(fits))
        return hp_fail(err, HP_E_UNSUPPORTED,
                       "is a FITS file whose compression loses: its samples would not stay; funpack makes a plain one");
    t->type = type_of(fits, file->bitpix);
    if (t->type == 0)
        return hp_fail(err, HP_E_UNSUPPORTED,
                       "is a compressed FITS file of samples that are not written again; funpack makes a plain one");
    for (int i = 0; i < HP_FITS_AXES; i++) {
        t->tile[i] = tile_side(t, i);
        t->across[i] = (t->side[i] + t->tile[i] - 1) / t->tile[i];
    }
    if (!hp_multiply((size_t)t->side[0], (size_t)t->side[1], (size_t)t->side[2], &count) ||
        !hp_multiply((size_t)t->across[0], (size_t)t->across[1], (size_t)t->across[2], &tiles))
        return hp_fail(err, HP_E_MEMORY, "no memory for its samples");
    t->stored = hp_calloc(count, sizeof *t->stored, err);
    t->changed = t->stored ? hp_calloc(tiles, sizeof *t->changed, err) : NULL;
    return t->changed ? read_stored(fits, count, t->stored, err) : HP_E_MEMORY;
}

void hp_fits_tiles_close(hp_fits_tiles *t)
{
    free(t->stored);
    free(t->changed);
    *t = (hp_fits_tiles){0};
}

static size_t index_of(const LONGLONG *side, LONGLONG x, LONGLONG y, LONGLONG z)
{
    return ((size_t)z * (size_t)side[1] + (size_t)y) * (size_t)side[0] + (size_t)x;
}

void hp_fits_tiles_set(hp_fits_tiles *t, LONGLONG x, LONGLONG y, LONGLONG plane, double value)
{
    t->stored[index_of(t->side, x, y, plane)] = t->type == TFLOAT ? (double)(float)value : value;
    t->changed[index_of(t->across, x / t->tile[0], y / t->tile[1], plane / t->tile[2])] = true;
}

static int write_tile(const hp_fits_tiles *t, const LONGLONG *place, void *samples, hp_error *err)
{
    int status = 0;
    size_t count = 0;
    LONGLONG from[HP_FITS_AXES], end[HP_FITS_AXES];
    long first[HP_FITS_AXES], last[HP_FITS_AXES]; /* from 1 on */
    for (int i = 0; i < HP_FITS_AXES; i++) {
        from[i] = place[i] * t->tile[i];
        end[i] = t->side[i] - from[i] < t->tile[i] ? t->side[i] : from[i] + t->tile[i];
        first[i] = (long)from[i] + 1;
        last[i] = (long)end[i];
    }
    const size_t row = (size_t)(end[0] - from[0]);
    for (LONGLONG z = from[2]; z < end[2]; z++)
        for (LONGLONG y = from[1]; y < end[1]; y++)
            for (size_t x = 0; x < row; x++)
                put(t->type, samples, count++, t->stored[index_of(t->side, from[0], y, z) + x]);
    fits_write_subset(t->fits, t->type, first, last, samples, &status);
    return status ? hp_fits_fail(status, err) : HP_OK;
}

/* CFITSIO leaves the bytes that a tile had before where they were: these go in the end. */
int hp_fits_tiles_write(hp_fits_tiles *t, hp_error *err)
{
    int status = 0;
    size_t count;
    if (!hp_multiply((size_t)t->tile[0], (size_t)t->tile[1], (size_t)t->tile[2], &count))
        return hp_fail(err, HP_E_MEMORY, "no memory for a tile");
    void *samples = hp_calloc(count, sizeof(double), err);
    int code = samples ? HP_OK : HP_E_MEMORY;
    for (LONGLONG z = 0; z < t->across[2]; z++)
        for (LONGLONG y = 0; y < t->across[1]; y++)
            for (LONGLONG x = 0; x < t->across[0] && !code; x++)
                if (t->changed[index_of(t->across, x, y, z)])
                    code = write_tile(t, (LONGLONG[]){x, y, z}, samples, err);
    free(samples);
    if (!code && fits_compress_heap(t->fits, &status))
        code = hp_fits_fail(status, err);
    return code;
}

int hp_fits_tiles_check(const hp_fits_tiles *t, hp_bytes bytes, hp_error *err)
{
    hp_fits_file file;
    const size_t count = index_of(t->side, 0, 0, t->side[2]);
    double *samples = hp_calloc(count, sizeof *samples, err);
    if (!samples)
        return HP_E_MEMORY;
    int code = hp_fits_open(bytes, bytes.size, &file, err);
    if (!code)
        code = read_stored(file.fits, count, samples, err);
    bool same = !code && file.width == t->side[0] && file.height == t->side[1] && file.planes == t->side[2] &&
                memcmp(samples, t->stored, count * sizeof *samples) == 0;
    hp_fits_close(&file);
    free(samples);
    if (code == HP_E_MEMORY)
        return code;
    return same ? HP_OK
                : hp_fail(err, HP_E_UNSUPPORTED, "is a compressed FITS file that is not written again as it was");
}
