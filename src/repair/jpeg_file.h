/* The coefficients of a JPEG in memory, read and written again through libjpeg-turbo. */
#ifndef HP_REPAIR_JPEG_FILE_H
#define HP_REPAIR_JPEG_FILE_H

#include "base/file.h"
#include "repair/jpeg_marks.h"

enum {
    HP_JPEG_SIDE = 8, /* px of a block */
    HP_JPEG_CELLS = HP_JPEG_SIDE * HP_JPEG_SIDE,
    HP_JPEG_PLANES_MOST = 3
};

typedef int16_t hp_jpeg_block[HP_JPEG_CELLS]; /* quantised, row by row of frequencies */

typedef struct hp_jpeg_plane {
    uint32_t across, down;       /* blocks that hold samples of the photo */
    unsigned step_x, step_y;     /* px of the photo that a sample stands for */
    unsigned blocks_x, blocks_y; /* of an MCU */
    uint16_t quant[HP_JPEG_CELLS];
    hp_jpeg_block **rows; /* rows[y][x]: a block */
} hp_jpeg_plane;

typedef struct hp_jpeg_codec hp_jpeg_codec;

typedef struct hp_jpeg {
    uint32_t width, height;         /* px */
    unsigned mcu_width, mcu_height; /* px */
    unsigned plane_count;
    hp_jpeg_plane planes[HP_JPEG_PLANES_MOST];
    const hp_jpeg_marks *marks;
    hp_jpeg_codec *codec;
} hp_jpeg;

/*
 * Reads all coefficients; they may be changed in place. file must stay. Fails with HP_E_INPUT for any damage,
 * HP_E_UNSUPPORTED for kinds that cannot be written again as they are. To be closed in every case.
 */
int hp_jpeg_open(hp_bytes file, hp_jpeg *jpeg, hp_error *err);
void hp_jpeg_close(hp_jpeg *jpeg);

/*
 * The coefficients as a JPEG of the same kind, scans and restart interval, without the file's other markers; *coded
 * stays until the next call or hp_jpeg_close. *own_tables asks for the shortest Huffman tables instead of the file's,
 * and tells whether they were taken: not every file's tables can code other coefficients. Fails with HP_E_MEMORY.
 */
int hp_jpeg_encode(hp_jpeg *jpeg, bool *own_tables, hp_bytes *coded, hp_error *err);

#endif
