/* A tile-compressed FITS image, changed tile by tile through CFITSIO. */
#ifndef HP_REPAIR_FITS_TILES_H
#define HP_REPAIR_FITS_TILES_H

#include "photo/fits_file.h"

enum { HP_FITS_AXES = 3 };

typedef struct hp_fits_tiles {
    fitsfile *fits;
    LONGLONG side[HP_FITS_AXES], tile[HP_FITS_AXES], across[HP_FITS_AXES]; /* px, px, tiles; the last axis: planes */
    int type;                                                              /* CFITSIO's, of the samples */
    double *stored; /* every sample, plane by plane; what stands for no value as the file has it */
    bool *changed;  /* tiles */
} hp_fits_tiles;

/*
 * Reads the current image of `fits`, which `file` describes and which hp_fits_open has looked at. Fails with
 * HP_E_UNSUPPORTED where the compression loses or whole numbers are scaled, HP_E_INPUT, HP_E_MEMORY; to be closed in
 * every case.
 */
int hp_fits_tiles_open(fitsfile *fits, const hp_fits_file *file, hp_fits_tiles *tiles, hp_error *err);
void hp_fits_tiles_close(hp_fits_tiles *tiles);

void hp_fits_tiles_set(hp_fits_tiles *tiles, LONGLONG x, LONGLONG y, LONGLONG plane, double value);

/* Compresses the tiles of what was set again, as the others are. Fails with HP_E_INPUT. */
int hp_fits_tiles_write(hp_fits_tiles *tiles, hp_error *err);

/* Whether a file has these samples in its first image. Fails with HP_E_UNSUPPORTED where not, HP_E_MEMORY. */
int hp_fits_tiles_check(const hp_fits_tiles *tiles, hp_bytes bytes, hp_error *err);

#endif
