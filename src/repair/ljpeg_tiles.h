/* The tiles, or strips, of a DNG in lossless JPEG, and a copy of the file in which some of them are coded again. */
#ifndef HP_REPAIR_LJPEG_TILES_H
#define HP_REPAIR_LJPEG_TILES_H

#include "defects/dng.h"

typedef struct hp_ljpeg_tiles {
    const hp_dng *dng;
    uint32_t width, height; /* of a tile, px */
    uint32_t across, count;
    bool tiled;                    /* not strips, of which the last may have fewer rows */
    unsigned bits;                 /* a sample: 2 to 16 */
    hp_dng_numbers offsets, sizes; /* of the tiles' bytes */
    bool *changed;                 /* tiles */
    const uint16_t *samples;       /* of the whole frame, while copying */
    size_t pitch;
    uint8_t *copy; /* of the file */
    size_t copy_size, copy_room;
} hp_ljpeg_tiles;

/*
 * Fails with HP_E_UNSUPPORTED for what is not one sample a pixel in lossless JPEG, the rows of a tile one after the
 * other: cameras know other orders, too. dng must stay. To be closed in every case.
 */
int hp_ljpeg_tiles_open(const hp_dng *dng, hp_ljpeg_tiles *tiles, hp_error *err);
void hp_ljpeg_tiles_close(hp_ljpeg_tiles *tiles);

/* HP_E_UNSUPPORTED, with a message. */
int hp_ljpeg_tiles_fail(hp_error *err);

/* The tile of a pixel of the whole frame is to be coded again. */
void hp_ljpeg_tiles_touch(hp_ljpeg_tiles *tiles, uint32_t x, uint32_t y);

/*
 * Makes tiles->copy. samples: of the whole frame, `pitch` from one row to the next. Fails with HP_E_UNSUPPORTED where
 * a touched tile is not like the first, or the file would be too long; HP_E_MEMORY.
 */
int hp_ljpeg_tiles_copy(hp_ljpeg_tiles *tiles, const uint16_t *samples, size_t pitch, hp_error *err);

#endif
