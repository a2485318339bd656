/* Pixels without a value: NaN and infinite ones, and what a FITS file calls blank. */
#ifndef HP_PHOTO_HOLES_H
#define HP_PHOTO_HOLES_H

#include "photo/photo.h"

/* All zero is none. */
typedef struct hp_holes {
    uint8_t *mask; /* a byte a pixel of the plane, row by row; NULL while there is none */
    uint64_t count;
} hp_holes;

/* Notes those of `count` pixels from (x, y) on that are missing. Fails with HP_E_MEMORY. */
int hp_holes_note(hp_holes *holes, const hp_plane *plane, uint32_t x, uint32_t y, const bool *missing, size_t count,
                  hp_error *err);

/*
 * Gives every hole the value of the pixel to its left at the same site of the CFA that has one (at the beginning of a
 * row: to its right; in an empty row: above, at the top below). So it says nothing against its neighbours, and a photo
 * counts though some of its pixels have no value. Fails with HP_E_INPUT when more than half have none.
 */
int hp_holes_fill(hp_holes *holes, const hp_cfa *cfa, const hp_plane *plane, hp_error *err);
void hp_holes_free(hp_holes *holes);

#endif
