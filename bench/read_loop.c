/*
 * read_loop [-j N] PHOTO...: nothing but unpacking raw photos, to measure hotpix against.
 *
 * Every file is read as a whole and unpacked: DNG by LibRaw, FITS by CFITSIO and TIFF by libtiff into 16 bit samples,
 * by N threads that draw from one list. Prints seconds and milliseconds a photo.
 */
#include "loop.h"

#include <stdio.h>
#include <string.h>

#include <fitsio.h>
#include <libraw/libraw.h>
#include <omp.h>
#include <tiffio.h>

const char *const loop_name = "read_loop";

static void read_raw(const char *path, loop_room *room)
{
    size_t size = loop_read_file(path, room);
    libraw_data_t *raw = libraw_init(0);
    if (!raw || libraw_open_buffer(raw, room->file.bytes, size) || libraw_unpack(raw))
        loop_fail(path, "cannot be unpacked");
    libraw_close(raw);
}

static void read_fits(const char *path, loop_buffer *image)
{
    fitsfile *fits;
    int status = 0, any;
    long side[2] = {0, 0};
    fits_open_image(&fits, path, READONLY, &status);
    fits_get_img_size(fits, 2, side, &status);
    size_t samples = (size_t)side[0] * (size_t)side[1];
    fits_read_img(fits, TUSHORT, 1, (LONGLONG)samples, NULL, loop_reserve(image, 2 * samples), &any, &status);
    fits_close_file(fits, &status);
    if (status)
        loop_fail(path, "cannot be read");
}

static void read_tiff(const char *path, loop_buffer *image)
{
    TIFF *tiff = TIFFOpen(path, "r");
    if (!tiff)
        loop_fail(path, "cannot be opened");
    tmsize_t strip = TIFFStripSize(tiff);
    for (uint32_t i = 0; i < TIFFNumberOfStrips(tiff); i++)
        if (TIFFReadEncodedStrip(tiff, i, loop_reserve(image, (size_t)strip), strip) < 0)
            loop_fail(path, "cannot be read");
    TIFFClose(tiff);
}

/* There is one way of unpacking a kind: nothing to choose. */
static void unpack(const char *path, int choice, loop_room *room)
{
    (void)choice;
    const char *dot = strrchr(path, '.');
    omp_set_num_threads(1); /* for the thread that calls */
    if (dot && strcmp(dot, ".fits") == 0)
        read_fits(path, &room->image);
    else if (dot && strcmp(dot, ".tif") == 0)
        read_tiff(path, &room->image);
    else
        read_raw(path, room);
}

int main(int argc, char **argv)
{
    int status = argc > 1 ? loop_run(argv + 1, unpack, 0) : 2;
    if (status == 2)
        fprintf(stderr, "usage: read_loop [-j N] PHOTO...\n");
    return status;
}
