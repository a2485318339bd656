/* A FITS file in memory, opened by CFITSIO at its first image. For format_fits.c and fits_pixels.c. */
#ifndef HP_PHOTO_FITS_FILE_H
#define HP_PHOTO_FITS_FILE_H

#include "base/fits.h"

typedef struct hp_fits_file {
    hp_fits_memory memory;
    fitsfile *fits; /* in memory */
    int bitpix;     /* of the values as read: BYTE_IMG, USHORT_IMG ... FLOAT_IMG, with BZERO and BSCALE applied */
    bool floating;  /* as stored */
    bool has_blank; /* integers of which one stands for no value */
    bool compressed;
    LONGLONG width, height, planes; /* px; planes: 1 or 3 */
} hp_fits_file;

/*
 * Opens the file, which may be the beginning only of file_size bytes, at its first image of two axes (or three, the
 * third of length 1 or 3). Fails with HP_E_INPUT, HP_E_UNSUPPORTED; to be closed in every case.
 */
int hp_fits_open(hp_bytes bytes, uint64_t file_size, hp_fits_file *file, hp_error *err);
void hp_fits_close(hp_fits_file *file);

#endif
