/* Blocks of a JPEG as samples, and samples as coefficients. */
#ifndef HP_REPAIR_BLOCKS_H
#define HP_REPAIR_BLOCKS_H

#include "repair/jpeg_file.h"
#include "repair/patch.h"

/* The discrete cosine transform of one plane's blocks (ITU-T T.81, A.3.3), and what quantising does to samples. */
typedef struct hp_transform {
    float step[HP_JPEG_CELLS]; /* of each coefficient */
    hp_precision precision;    /* of samples that were quantised so; and the transform's waves */
} hp_transform;

void hp_transform_init(hp_transform *transform, const uint16_t quant[HP_JPEG_CELLS]);

/* Samples of a block less 128, HP_PATCH_SIDE from row to row; neither rounded nor cut to 8 bits. */
void hp_transform_decode(const hp_transform *transform, const hp_jpeg_block block, float *samples);

/*
 * The block again, for a scene without the fault. found: its samples as estimated; fault: what was added to them before
 * it was quantised, as estimated. Both HP_PATCH_SIDE from row to row.
 */
void hp_transform_encode(const hp_transform *transform, const float *found, const float *fault,
                         const hp_jpeg_block block, hp_jpeg_block out);

#endif
