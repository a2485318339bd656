/* A TIFF file in memory, opened by libtiff without its global error handlers. For format_tiff.c and tiff_pixels.c. */
#ifndef HP_PHOTO_TIFF_FILE_H
#define HP_PHOTO_TIFF_FILE_H

#include "base/file.h"

#include <tiffio.h>

typedef struct hp_tiff_file {
    TIFF *tiff;
    hp_bytes bytes;
    uint64_t position;
    unsigned warnings;
    char message[160]; /* of the first error since opening */
} hp_tiff_file;

/* The first directory that is not a thumbnail becomes the current one. Fails with HP_E_INPUT; closed in every case. */
int hp_tiff_open(hp_bytes bytes, hp_tiff_file *file, hp_error *err);
void hp_tiff_close(hp_tiff_file *file);

/* Fills err with the first message of libtiff. */
int hp_tiff_fail(const hp_tiff_file *file, hp_error *err);

#endif
