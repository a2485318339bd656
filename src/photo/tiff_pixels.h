/* The pixels of an open TIFF, strip by strip or tile by tile, whatever their layout. */
#ifndef HP_PHOTO_TIFF_PIXELS_H
#define HP_PHOTO_TIFF_PIXELS_H

#include "photo/scale.h"
#include "photo/tiff_file.h"

/* How the samples lie in the file. */
typedef struct hp_tiff_layout {
    uint32_t width, height;             /* px */
    uint32_t block_width, block_height; /* of a strip or tile, px */
    uint32_t across, blocks;            /* in a row of them; in a channel's plane, or in all */
    unsigned bits;                      /* a sample as stored */
    unsigned samples;                   /* a pixel as stored, alpha and the like included */
    unsigned channels;                  /* that count: 1 or 3 */
    hp_stored_type type;                /* once samples of 9 to 15 bits stand in 16 */
    bool tiled, separate;               /* separate: each channel in blocks of its own */
    bool inverted;                      /* 0 is white */
    size_t row_bytes, block_bytes;      /* of a block as decoded */
} hp_tiff_layout;

/*
 * The layout of the current directory, for a file of file_size bytes. Fails with HP_E_UNSUPPORTED for kinds that are
 * no photo (palette, CMYK ...), HP_E_INPUT for a size that cannot be in the file.
 */
int hp_tiff_layout_read(hp_tiff_file *file, uint64_t file_size, hp_tiff_layout *layout, hp_error *err);

/* One block in memory. */
typedef struct hp_tiff_block {
    const hp_tiff_layout *layout;
    uint8_t *data;          /* block_bytes for each separate channel */
    uint16_t *wide;         /* a row of samples unpacked, where they are packed */
    uint32_t x, y;          /* of its first pixel, px */
    uint32_t width, height; /* inside the frame, px */
} hp_tiff_block;

int hp_tiff_block_create(const hp_tiff_layout *layout, hp_tiff_block *block, hp_error *err);
void hp_tiff_block_free(hp_tiff_block *block);

/* Decodes block `index`, 0 <= index < layout->blocks. Fails with HP_E_INPUT. */
int hp_tiff_block_read(hp_tiff_file *file, hp_tiff_block *block, uint32_t index, hp_error *err);

/* Row `row` of the block, 0 <= row < height; valid until the next row or block. */
hp_stored hp_tiff_block_row(hp_tiff_block *block, uint32_t row);

#endif
