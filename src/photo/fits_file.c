#include "photo/fits_file.h"

#include "base/error.h"
#include "base/fits_compressed.h"
#include "base/memory.h"

#include <stdlib.h>

enum {
    MOST_HDUS = 256, /* that are looked through for an image */
    MOST_AXES = 3,
    MOST_SIDE = 1 << 30, /* px */
};

/* An image of two axes, or three with a third of 1 or 3. CFITSIO shows a tile-compressed image as an image. */
static bool is_image(fitsfile *fits, hp_fits_file *file)
{
    int status = 0, axes = 0, bitpix = 0;
    LONGLONG length[MOST_AXES] = {0, 0, 1};
    fits_get_img_paramll(fits, MOST_AXES, &bitpix, &axes, length, &status);
    bool flat = axes == 2 || (axes == 3 && (length[2] == 1 || length[2] == 3));
    if (status || !flat || length[0] < 2 || length[1] < 2)
        return false;
    file->width = length[0];
    file->height = length[1];
    file->planes = length[2];
    return true;
}

static int find_image(hp_fits_file *file, hp_error *err)
{
    int status = 0, type = 0;
    for (int hdu = 1; hdu <= MOST_HDUS && !fits_movabs_hdu(file->fits, hdu, &type, &status); hdu++) {
        bool compressed = fits_is_compressed_image(file->fits, &status);
        if ((type != IMAGE_HDU && !compressed) || !is_image(file->fits, file))
            continue;
        file->compressed = compressed;
        if (file->width > MOST_SIDE || file->height > MOST_SIDE)
            return hp_fail(err, HP_E_UNSUPPORTED, "is too large: %lld x %lld px", file->width, file->height);
        return HP_OK;
    }
    if (status == MEMORY_ALLOCATION)
        return hp_fits_fail(status, err);
    return hp_fail(err, HP_E_UNSUPPORTED, "is a FITS file without a picture of two axes");
}

/* The bytes of a table with what its rows point to, or false where they are more than any file has. */
static bool table_bytes(fitsfile *fits, size_t *bytes, int *status)
{
    LONGLONG row = 0, rows = 0, heap = 0;
    fits_read_key(fits, TLONGLONG, "NAXIS1", &row, NULL, status);
    fits_read_key(fits, TLONGLONG, "NAXIS2", &rows, NULL, status);
    fits_read_key(fits, TLONGLONG, "PCOUNT", &heap, NULL, status);
    if (row < 0 || rows < 0 || heap < 0 || !hp_multiply((size_t)row, (size_t)rows, 1, bytes) ||
        *bytes > SIZE_MAX - (size_t)heap)
        return false;
    *bytes += (size_t)heap;
    return true;
}

static bool image_bytes(const hp_fits_file *file, size_t *bytes, int *status)
{
    int bitpix = 0;
    fits_get_img_type(file->fits, &bitpix, status);
    size_t pixel = (size_t)file->planes * (size_t)abs(bitpix) / 8;
    return hp_multiply((size_t)file->width, (size_t)file->height, pixel, bytes);
}

/* Where the data truly end, without padding: CFITSIO would read zeros from there on. */
static int check_length(const hp_fits_file *file, uint64_t file_size, hp_error *err)
{
    int status = 0;
    LONGLONG header, data, end;
    size_t bytes = 0;
    fits_get_hduaddrll(file->fits, &header, &data, &end, &status);
    bool countable = file->compressed ? table_bytes(file->fits, &bytes, &status) : image_bytes(file, &bytes, &status);
    if (status)
        return hp_fits_fail(status, err);
    if (!countable || data < 0 || (uint64_t)data > file_size || bytes > file_size - (uint64_t)data)
        return hp_fits_fail(MEMORY_ALLOCATION, err);
    return HP_OK;
}

static int read_type(hp_fits_file *file, hp_error *err)
{
    int status = 0, stored = 0;
    fits_get_img_type(file->fits, &stored, &status);
    fits_get_img_equivtype(file->fits, &file->bitpix, &status);
    if (status)
        return hp_fits_fail(status, err);
    file->floating = stored < 0;
    LONGLONG blank;
    fits_read_key(file->fits, TLONGLONG, file->compressed ? "ZBLANK" : "BLANK", &blank, NULL, &status);
    file->has_blank = status == 0 && file->bitpix > 0;
    fits_clear_errmsg();
    return HP_OK;
}

int hp_fits_open(hp_bytes bytes, uint64_t file_size, hp_fits_file *file, hp_error *err)
{
    *file = (hp_fits_file){0};
    int code = hp_fits_memory_open(bytes, file_size, &file->memory, err);
    if (code)
        return code;
    file->fits = file->memory.fits;
    code = find_image(file, err);
    if (!code)
        code = check_length(file, file_size, err);
    if (!code && file->compressed && bytes.size == file_size)
        code = hp_fits_check_compressed(file->fits, err);
    return code ? code : read_type(file, err);
}

void hp_fits_close(hp_fits_file *file)
{
    hp_fits_memory_close(&file->memory);
    *file = (hp_fits_file){0};
}
