/* The pixels of an open FITS image, a band of rows at a time. */
#ifndef HP_PHOTO_FITS_PIXELS_H
#define HP_PHOTO_FITS_PIXELS_H

#include "photo/fits_file.h"
#include "photo/scale.h"

typedef struct hp_fits_band {
    hp_stored stored; /* type, channels, step of its rows */
    int type;         /* what CFITSIO calls the type */
    uint32_t rows;    /* at a time */
    char *data;
    size_t plane_bytes; /* of the band, for each channel */
} hp_fits_band;

/* How the values of the image are read. */
hp_stored_type hp_fits_stored_type(const hp_fits_file *file);

int hp_fits_band_create(const hp_fits_file *file, hp_fits_band *b, hp_error *err);
void hp_fits_band_free(hp_fits_band *b);

/*
 * Reads rows y to y + rows - 1, rows <= b->rows. What has no value becomes NaN where the type has it; images with such
 * values are read as floating point. Fails with HP_E_INPUT.
 */
int hp_fits_band_read(const hp_fits_file *file, hp_fits_band *b, uint32_t y, uint32_t rows, hp_error *err);

/* Row `row` of the band. */
hp_stored hp_fits_band_row(const hp_fits_file *file, const hp_fits_band *b, uint32_t row);

#endif
