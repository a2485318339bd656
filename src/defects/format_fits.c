/*
 * A mask as a FITS image: 0 good, else the bits of mask.h; row y of the photo is row y of the array (line y + 1). Once
 * as the primary array, where most programs look for it, and once, compressed, as the extension MASK, which
 * CCDData.read of astropy takes for the mask.
 */
#include "base/error.h"
#include "base/fits_compressed.h"
#include "base/memory.h"
#include "defects/fits_list.h"
#include "defects/list_format.h"
#include "defects/mask.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { HDUS_MOST = 64 };

/* ---- writing ---- */

static void write_rows(fitsfile *fits, const hp_list *list, hp_mask_painter *painter, uint8_t *row, int *status)
{
    const hp_camera *camera = &list->camera;
    for (uint32_t y = 0; y < camera->height && !*status; y++) {
        LONGLONG first[] = {1, (LONGLONG)y + 1};
        hp_mask_paint(painter, y, row);
        fits_write_pixll(fits, TBYTE, first, camera->width, row, status);
    }
}

static int write_image(fitsfile *fits, const hp_list *list, int *status, hp_error *err)
{
    LONGLONG axes[] = {list->camera.width, list->camera.height};
    hp_mask_painter painter;
    uint8_t *row = hp_calloc(list->camera.width, 1, err);
    int code = hp_mask_painter_start(&painter, list, err);
    if (row && !code) {
        fits_create_imgll(fits, BYTE_IMG, 2, axes, status);
        write_rows(fits, list, &painter, row, status);
    }
    hp_mask_painter_free(&painter);
    free(row);
    return row ? code : HP_E_MEMORY;
}

/* Photos other than FITS have their first row at the top. */
static void write_keys(fitsfile *fits, const hp_camera *camera, int *status)
{
    char unit[] = "bit", order[] = "TOP-DOWN";
    fits_update_key(fits, TSTRING, "BUNIT", unit, "0 good", status);
    fits_write_comment(fits, "Bad pixels: 1 hot, 2 stuck, 4 dead, 8 weak; 16, 32, 64, 128 the same,", status);
    fits_write_comment(fits, "only probable. The extension MASK holds the same once more.", status);
    if (camera->source != HP_SOURCE_FITS && camera->source != HP_SOURCE_UNKNOWN)
        fits_update_key(fits, TSTRING, "ROWORDER", order, "of the photos", status);
    hp_fits_write_camera(fits, camera, false, status);
}

static int write_list(const hp_writing *writing, hp_error *err)
{
    const hp_list *list = &writing->result->lists[0];
    hp_fits_making making;
    char name[] = "MASK";
    int status = 0;
    hp_fits_making_start(&making, &status);
    int code = write_image(making.fits, list, &status, err);
    if (!code) {
        write_keys(making.fits, &list->camera, &status);
        fits_set_compression_type(making.fits, GZIP_1, &status);
        code = write_image(making.fits, list, &status, err);
        fits_update_key(making.fits, TSTRING, "EXTNAME", name, "as CCDData wants it", &status);
    }
    int ended = hp_fits_making_end(&making, writing->stream, status, code ? NULL : err);
    return code ? code : ended;
}

/* ---- reading ---- */

static bool is_image(fitsfile *fits, hp_camera *camera)
{
    int status = 0, bitpix, axes = 0;
    LONGLONG sides[2] = {0};
    fits_get_img_paramll(fits, 2, &bitpix, &axes, sides, &status);
    fits_clear_errmsg();
    if (status || axes != 2 || sides[0] < 1 || sides[1] < 1 || sides[0] > HP_SIDE_MOST || sides[1] > HP_SIDE_MOST ||
        sides[0] * sides[1] > HP_MASK_PIXELS_MOST)
        return false;
    camera->width = (uint32_t)sides[0];
    camera->height = (uint32_t)sides[1];
    return true;
}

/* The first image of two axes, which is the primary array or an extension. */
static int find_image(fitsfile *fits, hp_camera *camera, hp_error *err)
{
    int status = 0, type;
    for (int i = 1; i <= HDUS_MOST; i++) {
        if (fits_movabs_hdu(fits, i, &type, &status))
            break;
        bool packed = fits_is_compressed_image(fits, &status);
        if ((type == IMAGE_HDU || packed) && is_image(fits, camera))
            return packed ? hp_fits_check_compressed(fits, err) : HP_OK;
    }
    fits_clear_errmsg();
    return hp_fail(err, HP_E_INPUT, "holds no image of two axes, up to %d on a side, that could be a mask",
                   HP_SIDE_MOST);
}

/* Any number: the mask of another program is bad where it is not 0, and where it has no value. */
static int read_rows(fitsfile *fits, const hp_camera *camera, hp_mask_gatherer *gatherer, hp_error *err)
{
    bool own = hp_fits_is_own(fits);
    int status = 0, none, code = HP_OK;
    double *values = hp_calloc(camera->width, sizeof *values, err);
    uint8_t *row = hp_calloc(camera->width, 1, err);
    if (!values || !row)
        code = HP_E_MEMORY;
    for (uint32_t y = 0; y < camera->height && !code; y++) {
        LONGLONG first[] = {1, (LONGLONG)y + 1};
        if (fits_read_pixll(fits, TDOUBLE, first, camera->width, NULL, values, &none, &status)) {
            code = hp_fits_fail(status, err);
            break;
        }
        for (uint32_t x = 0; x < camera->width && !own; x++)
            if (values[x] != 0 && !isnan(values[x]))
                hp_mask_note(gatherer, values[x]);
        for (uint32_t x = 0; x < camera->width; x++)
            row[x] = own && values[x] >= 1 && values[x] <= UINT8_MAX ? (uint8_t)values[x] : !(values[x] == 0);
        code = hp_mask_gather(gatherer, y, row, camera->width, err);
    }
    if (!code)
        code = hp_mask_gather_end(gatherer, camera->height, err);
    free(values);
    free(row);
    return code;
}

static int read_mask(fitsfile *fits, hp_reading *reading, hp_error *err)
{
    hp_list_maker maker = {0};
    hp_mask_gatherer gatherer = {.maker = &maker};
    hp_camera frame = {0};
    int code = find_image(fits, &frame, err);
    if (!code) {
        hp_fits_read_camera(fits, &maker.list.camera);
        maker.list.camera.width = frame.width;
        maker.list.camera.height = frame.height;
        code = hp_reading_settle(reading, &maker.list, HP_SOURCE_FITS, err);
    }
    if (!code)
        code = read_rows(fits, &maker.list.camera, &gatherer, err);
    if (!code)
        code = hp_reading_add(reading, &maker.list, err);
    hp_mask_gatherer_free(&gatherer);
    hp_list_clear(&maker.list);
    return code;
}

static int read_list(hp_reading *reading, hp_error *err)
{
    return hp_fits_list_read(reading, read_mask, err);
}

static bool probe(hp_bytes file)
{
    static const char opening[] = "SIMPLE  =";
    return file.size >= sizeof opening - 1 && !memcmp(file.data, opening, sizeof opening - 1);
}

const hp_list_format hp_list_fits = {
    .name = "fits", .endings = {".fits", ".fit", ".fts"}, .probe = probe, .read = read_list, .write = write_list};
