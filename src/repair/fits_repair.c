/* FITS: CFITSIO changes single samples of a copy in memory, and adds what was done to its header. */
#include "base/error.h"
#include "base/memory.h"
#include "repair/fits_tiles.h"
#include "repair/samples.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { BLOCK = 2880 /* bytes: FITS standard, 3.1 */ };

typedef struct picture {
    fitsfile *fits;
    void *memory; /* the copy, which CFITSIO makes longer */
    size_t size;
    int status;
    uint32_t width, height;
    double *values;       /* plane by plane; NaN where there is none */
    hp_fits_tiles *tiles; /* where the image is compressed; else NULL */
} picture;

/* ---- samples ---- */

static size_t index_of(const picture *p, uint32_t x, uint32_t y, unsigned channel)
{
    return ((size_t)channel * p->height + y) * p->width + x;
}

static double get(const void *context, uint32_t x, uint32_t y, unsigned channel)
{
    const picture *p = context;
    return p->values[index_of(p, x, y, channel)];
}

static void set(void *context, uint32_t x, uint32_t y, unsigned channel, double value)
{
    picture *p = context;
    LONGLONG first = (LONGLONG)index_of(p, x, y, channel) + 1;
    p->values[first - 1] = value;
    if (p->tiles)
        hp_fits_tiles_set(p->tiles, x, y, channel, value);
    else
        fits_write_img(p->fits, TDOUBLE, first, 1, &value, &p->status);
}

/* ---- the copy ---- */

static int open_copy(picture *p, hp_bytes file, int hdu, hp_error *err)
{
    p->size = (file.size + BLOCK - 1) / BLOCK * BLOCK;
    p->memory = calloc(p->size, 1);
    if (!p->memory)
        return hp_fail(err, HP_E_MEMORY, "no memory for a copy of it");
    memcpy(p->memory, file.data, file.size);
    fits_open_memfile(&p->fits, "file", READWRITE, &p->memory, &p->size, BLOCK, realloc, &p->status);
    fits_movabs_hdu(p->fits, hdu, NULL, &p->status);
    return p->status ? hp_fits_fail(p->status, err) : HP_OK;
}

static int read_values(picture *p, const hp_fits_file *file, hp_error *err)
{
    size_t count;
    double none = (double)NAN;
    int any;
    if (!hp_multiply((size_t)file->width, (size_t)file->height, (size_t)file->planes, &count))
        return hp_fail(err, HP_E_MEMORY, "no memory for its samples");
    p->width = (uint32_t)file->width;
    p->height = (uint32_t)file->height;
    p->values = hp_calloc(count, sizeof *p->values, err);
    if (!p->values)
        return HP_E_MEMORY;
    fits_read_img(p->fits, TDOUBLE, 1, (LONGLONG)count, &none, p->values, &any, &p->status);
    return p->status ? hp_fits_fail(p->status, err) : HP_OK;
}

/* The current checksum made to agree, if there is one. */
static void sum_again(picture *p)
{
    char sum[FLEN_VALUE];
    int missing = 0;
    if (!fits_read_key(p->fits, TSTRING, "CHECKSUM", sum, NULL, &missing))
        fits_write_chksum(p->fits, &p->status);
}

/* Moves to a mask that the photo has: whole numbers of its size, stored one by one. */
static bool find_mask(picture *p)
{
    char name[] = "MASK";
    int status = 0, type = 0, axes = 0;
    LONGLONG sides[2] = {0};
    bool found = !fits_movnam_hdu(p->fits, IMAGE_HDU, name, 0, &status) &&
                 !fits_is_compressed_image(p->fits, &status) &&
                 !fits_get_img_paramll(p->fits, 2, &type, &axes, sides, &status) && type > 0 && axes == 2 &&
                 sides[0] == p->width && sides[1] == p->height;
    fits_clear_errmsg();
    return found;
}

/* Programs look at the first of its name alone, so pixels are added to one that is there. */
static void extend_mask(picture *p, const hp_list *list)
{
    for (size_t i = 0; i < list->defect_count && !p->status; i++) {
        LONGLONG at = (LONGLONG)index_of(p, list->defects[i].x, list->defects[i].y, 0) + 1;
        double value = 0;
        int any;
        fits_read_img(p->fits, TDOUBLE, at, 1, NULL, &value, &any, &p->status);
        if (value != 0)
            continue;
        value = 1;
        fits_write_img(p->fits, TDOUBLE, at, 1, &value, &p->status);
    }
    sum_again(p);
}

static int create_mask(picture *p, const hp_list *list, hp_error *err)
{
    long sides[2] = {(long)p->width, (long)p->height};
    uint8_t *mask = hp_calloc(p->width, p->height, err);
    if (!mask)
        return HP_E_MEMORY;
    for (size_t i = 0; i < list->defect_count; i++)
        mask[index_of(p, list->defects[i].x, list->defects[i].y, 0)] = 1;
    fits_create_img(p->fits, BYTE_IMG, 2, sides, &p->status);
    fits_write_key(p->fits, TSTRING, "EXTNAME", "MASK", "1: bad pixel", &p->status);
    fits_write_img(p->fits, TBYTE, 1, (LONGLONG)p->width * p->height, mask, &p->status);
    free(mask);
    return HP_OK;
}

/* 1 where a pixel was bad; ccdproc and astropy take an extension of this name for the mask. */
static int add_mask(picture *p, const hp_list *list, hp_error *err)
{
    int code = HP_OK, count = 0;
    if (find_mask(p)) {
        extend_mask(p, list);
    } else {
        fits_get_num_hdus(p->fits, &count, &p->status);
        fits_movabs_hdu(p->fits, count, NULL, &p->status);
        code = create_mask(p, list, err);
    }
    return !code && p->status ? hp_fits_fail(p->status, err) : code;
}

/* A checksum that is there is made to agree again; that of the picture before it was compressed goes. */
static int add_history(picture *p, const hp_repair *repair, hp_error *err)
{
    char text[FLEN_CARD], sum[FLEN_VALUE];
    int missing = 0;
    snprintf(text, sizeof text, "hotpix " HP_VERSION ": %zu bad pixels replaced by their neighbours", repair->repaired);
    fits_write_history(p->fits, text, &p->status);
    static const char *const before[] = {"ZHECKSUM", "ZDATASUM"};
    for (size_t i = 0; p->tiles && i < sizeof before / sizeof *before; i++, missing = 0)
        if (!fits_read_key(p->fits, TSTRING, before[i], sum, NULL, &missing))
            fits_delete_key(p->fits, before[i], &p->status);
    sum_again(p);
    return p->status ? hp_fits_fail(p->status, err) : HP_OK;
}

static int finish(picture *p, const hp_repair *repair, FILE *stream, hp_error *err)
{
    int count = 0, code = p->tiles && repair->repaired ? hp_fits_tiles_write(p->tiles, err) : HP_OK;
    if (!code && repair->repaired)
        code = add_history(p, repair, err);
    LONGLONG head, data, end = 0;
    if (!code && repair->mask)
        code = add_mask(p, repair->list, err);
    fits_flush_file(p->fits, &p->status);
    fits_get_num_hdus(p->fits, &count, &p->status);
    fits_movabs_hdu(p->fits, count, NULL, &p->status);
    fits_get_hduaddrll(p->fits, &head, &data, &end, &p->status);
    if (!code && (p->status || end < 0 || (size_t)end > p->size))
        code = hp_fits_fail(p->status, err);
    if (!code && p->tiles)
        code = hp_fits_tiles_check(p->tiles, (hp_bytes){p->memory, (size_t)end}, err);
    if (!code)
        (void)fwrite(p->memory, 1, (size_t)end, stream); /* the stream remembers a failure */
    return code;
}

static hp_samples samples_of(picture *p, const hp_fits_file *file)
{
    static const struct {
        int bitpix;
        double low, high;
    } ranges[] = {{BYTE_IMG, 0, UINT8_MAX},    {SBYTE_IMG, INT8_MIN, INT8_MAX},  {SHORT_IMG, INT16_MIN, INT16_MAX},
                  {USHORT_IMG, 0, UINT16_MAX}, {LONG_IMG, INT32_MIN, INT32_MAX}, {ULONG_IMG, 0, UINT32_MAX}};
    hp_samples s = {.channels = (unsigned)file->planes, .get = get, .set = set, .context = p};
    s.whole = file->bitpix > 0;
    s.low = -HUGE_VAL;
    s.high = HUGE_VAL;
    for (size_t i = 0; i < sizeof ranges / sizeof *ranges; i++)
        if (ranges[i].bitpix == file->bitpix) {
            s.low = ranges[i].low;
            s.high = ranges[i].high;
        }
    return s;
}

int hp_repair_fits(hp_repair *repair, FILE *stream, hp_error *err)
{
    hp_fits_file file;
    picture p = {0};
    hp_fits_tiles tiles = {0};
    int hdu = 1;
    if (repair->list->defect_count == 0)
        return HP_OK;
    int code = hp_fits_open(repair->file, repair->file.size, &file, err);
    const hp_camera *frame = &repair->info->camera;
    if (!code && (file.width != frame->width || file.height != frame->height))
        code = hp_fail(err, HP_E_INPUT, "changed while it was read");
    if (!code)
        fits_get_hdu_num(file.fits, &hdu);
    if (!code)
        code = open_copy(&p, repair->file, hdu, err);
    if (!code && file.compressed) {
        p.tiles = &tiles;
        code = hp_fits_tiles_open(p.fits, &file, &tiles, err);
    }
    if (!code)
        code = read_values(&p, &file, err);
    const hp_samples samples = samples_of(&p, &file);
    if (!code)
        code = hp_samples_repair(&samples, repair, err);
    if (!code && p.status)
        code = hp_fits_fail(p.status, err);
    repair->masked = !code && repair->mask;
    if (!code && (repair->repaired || repair->masked))
        code = finish(&p, repair, stream, err);
    p.status = 0;
    if (p.fits)
        fits_close_file(p.fits, &p.status);
    fits_clear_errmsg();
    free(p.memory);
    free(p.values);
    hp_fits_tiles_close(&tiles);
    hp_fits_close(&file);
    return code;
}
