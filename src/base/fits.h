/* FITS files in memory, by CFITSIO: what photos and lists of bad pixels share. */
#ifndef HP_BASE_FITS_H
#define HP_BASE_FITS_H

#include "base/file.h"

#include <fitsio.h>

typedef struct hp_fits_memory {
    fitsfile *fits;
    void *memory; /* CFITSIO's own copy: see fits.c */
    void *start;  /* of the copy; CFITSIO keeps the address of this and the next */
    size_t size;
} hp_fits_memory;

/*
 * Looks for header lines by which CFITSIO would harm itself, a multiple of 80 bytes from the first on. Fails with
 * HP_E_INPUT, HP_E_UNSUPPORTED.
 */
int hp_fits_check_cards(hp_bytes bytes, hp_error *err);

/*
 * Opens a file for reading, of whose file_size bytes only the beginning may be given: the rest reads as zeros. Fails
 * with HP_E_INPUT, HP_E_MEMORY; to be closed in every case.
 */
int hp_fits_memory_open(hp_bytes bytes, uint64_t file_size, hp_fits_memory *file, hp_error *err);
void hp_fits_memory_close(hp_fits_memory *file);

/* Fills err with what CFITSIO says of a status. */
int hp_fits_fail(int status, hp_error *err);

#endif
