#include "photo/fits_file.h"

#include "base/error.h"
#include "base/memory.h"

#include <string.h>

enum {
    BLOCK = 2880,    /* bytes: FITS standard, 3.1 */
    ROOM = 64,       /* before the copy, for its size */
    MOST_HDUS = 256, /* that are looked through for an image */
    MOST_AXES = 3,
};

int hp_fits_fail(int status, hp_error *err)
{
    char text[FLEN_STATUS] = "";
    fits_get_errstatus(status, text);
    fits_clear_errmsg();
    return hp_fail(err, HP_E_INPUT, "is a damaged FITS file: %s",
                   status == MEMORY_ALLOCATION ? "it ends before its data" : text);
}

/*
 * CFITSIO (4.2) does not notice that a file in memory ends before its data: it sets the size of the file to what the
 * header asks for, and reads beyond. It asks this function first. The copy exists to have the true size at hand.
 */
static void *refuse_growth(void *start, size_t size)
{
    size_t have;
    memcpy(&have, (char *)start - ROOM, sizeof have);
    return size <= have ? start : NULL;
}

/* Data that end within the last block are accepted: many programs leave out the padding. */
static int copy(hp_bytes bytes, uint64_t file_size, hp_fits_file *file, hp_error *err)
{
    if (file_size > SIZE_MAX - ROOM - BLOCK)
        return hp_fail(err, HP_E_MEMORY, "no memory for a copy of it");
    file->size = ((size_t)file_size + BLOCK - 1) / BLOCK * BLOCK;
    file->memory = hp_pages(file->size + ROOM, 1, err);
    if (!file->memory)
        return HP_E_MEMORY;
    memcpy(file->memory, &file->size, sizeof file->size);
    file->start = (char *)file->memory + ROOM;
    memcpy(file->start, bytes.data, bytes.size);
    return HP_OK;
}

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
    int status = 0, count = 0, type = 0;
    fits_get_num_hdus(file->fits, &count, &status);
    for (int hdu = 1; !status && hdu <= count && hdu <= MOST_HDUS; hdu++) {
        fits_movabs_hdu(file->fits, hdu, &type, &status);
        bool compressed = !status && fits_is_compressed_image(file->fits, &status);
        if (status || (type != IMAGE_HDU && !compressed) || !is_image(file->fits, file))
            continue;
        file->compressed = compressed;
        return HP_OK;
    }
    if (status)
        return hp_fits_fail(status, err);
    return hp_fail(err, HP_E_UNSUPPORTED, "is a FITS file without a picture of two axes");
}

/* Where the data truly end, without padding: CFITSIO would read zeros from there on. */
static int check_length(const hp_fits_file *file, uint64_t file_size, hp_error *err)
{
    int status = 0;
    LONGLONG header, data, end, heap = 0, row = 0, rows = 0, bytes;
    fits_get_hduaddrll(file->fits, &header, &data, &end, &status);
    if (file->compressed) {
        fits_read_key(file->fits, TLONGLONG, "NAXIS1", &row, NULL, &status);
        fits_read_key(file->fits, TLONGLONG, "NAXIS2", &rows, NULL, &status);
        fits_read_key(file->fits, TLONGLONG, "PCOUNT", &heap, NULL, &status);
        bytes = row * rows + heap;
    } else {
        int bitpix = 0;
        fits_get_img_type(file->fits, &bitpix, &status);
        bytes = file->width * file->height * file->planes * (bitpix < 0 ? -bitpix : bitpix) / 8;
    }
    if (status)
        return hp_fits_fail(status, err);
    if (bytes < 0 || data < 0 || (uint64_t)data > file_size || (uint64_t)bytes > file_size - (uint64_t)data)
        return hp_fits_fail(MEMORY_ALLOCATION, err);
    return HP_OK;
}

static int read_type(hp_fits_file *file, hp_error *err)
{
    int status = 0;
    fits_get_img_equivtype(file->fits, &file->bitpix, &status);
    if (status)
        return hp_fits_fail(status, err);
    LONGLONG blank;
    fits_read_key(file->fits, TLONGLONG, file->compressed ? "ZBLANK" : "BLANK", &blank, NULL, &status);
    file->has_blank = status == 0 && file->bitpix > 0;
    fits_clear_errmsg();
    return HP_OK;
}

int hp_fits_open(hp_bytes bytes, uint64_t file_size, hp_fits_file *file, hp_error *err)
{
    *file = (hp_fits_file){0};
    int code = copy(bytes, file_size, file, err);
    if (code)
        return code;
    int status = 0;
    if (fits_open_memfile(&file->fits, "photo", READONLY, &file->start, &file->size, 0, refuse_growth, &status))
        return hp_fits_fail(status, err);
    code = find_image(file, err);
    if (!code)
        code = check_length(file, file_size, err);
    return code ? code : read_type(file, err);
}

void hp_fits_close(hp_fits_file *file)
{
    int status = 0;
    if (file->fits)
        fits_close_file(file->fits, &status);
    fits_clear_errmsg();
    hp_pages_free(file->memory);
    *file = (hp_fits_file){0};
}
