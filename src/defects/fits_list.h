/* What the lists inside FITS files share: the camera's keywords, and writing by way of memory. */
#ifndef HP_DEFECTS_FITS_LIST_H
#define HP_DEFECTS_FITS_LIST_H

#include "base/fits.h"
#include "defects/reading.h"

#include <stdio.h>

/* Opens the file that is read, hands it to `read`, and closes it. */
int hp_fits_list_read(hp_reading *reading, int (*read)(fitsfile *fits, hp_reading *reading, hp_error *err),
                      hp_error *err);

/* MAKE, MODEL, SERIAL, SOURCE and, with_frame, FRAMEX, FRAMEY, in the header at hand. */
void hp_fits_write_camera(fitsfile *fits, const hp_camera *camera, bool with_frame, int *status);

/* The same; what is not there stays as it is. Never fails. */
void hp_fits_read_camera(fitsfile *fits, hp_camera *camera);

/* Whether hotpix wrote the header at hand: only then does a mask's value tell a kind. */
bool hp_fits_is_own(fitsfile *fits);

/* A file that is made in memory: CFITSIO writes to no stream. All zero is empty. */
typedef struct hp_fits_making {
    fitsfile *fits;
    void *data;
    size_t size;
} hp_fits_making;

void hp_fits_making_start(hp_fits_making *making, int *status);

/* Writes the file to the stream and frees everything; with a status that is not 0 it only frees and fails. */
int hp_fits_making_end(hp_fits_making *making, FILE *stream, int status, hp_error *err);

#endif
