/* The directory of a DNG that describes its raw picture, read and replaced. Nothing of the picture itself is touched.
 */
#ifndef HP_DEFECTS_DNG_H
#define HP_DEFECTS_DNG_H

#include "base/file.h"

#include <stdio.h>

typedef struct hp_dng {
    hp_bytes file;
    bool big_endian;
    size_t pointer;         /* offset of the 4 bytes that say where the directory is */
    size_t directory;       /* its offset */
    uint32_t entries;       /* in it */
    uint32_t width, height; /* of the whole raw frame, px */
    uint32_t top, left;     /* of the active area, which is the frame of camera, px */
    unsigned bayer_phase;   /* DNG 1.6, chapter 7: 0 where the top left pixel is red, 1 and 2 green, 3 blue */
    hp_bytes opcodes;       /* OpcodeList1; empty where there is none */
    hp_camera camera;       /* make, model, serial, active area */
} hp_dng;

/* HP_E_INPUT: damaged; HP_E_UNSUPPORTED: a TIFF that is no DNG, or is a BigTIFF. */
int hp_dng_open(hp_bytes file, hp_dng *dng, hp_error *err);

/* The whole numbers of a tag in that directory. */
typedef struct hp_dng_numbers {
    uint32_t count;
    unsigned bytes; /* each */
    size_t place;   /* offset of the first */
} hp_dng_numbers;

/* False where the tag is missing, holds none, or has them outside the file. */
bool hp_dng_find(const hp_dng *dng, uint32_t tag, hp_dng_numbers *found);
uint32_t hp_dng_get(const hp_dng *dng, const hp_dng_numbers *numbers, uint32_t i);

/* Changes one in a copy of the file; false where it has no room for the value. */
bool hp_dng_put(const hp_dng *dng, const hp_dng_numbers *numbers, uint32_t i, uint32_t value, uint8_t *copy);

/*
 * Says in a copy of the file, whose samples changed, that there are no checksums of them: zeros, DNG 1.4's
 * RawImageDigest and NewRawImageDigest.
 */
void hp_dng_drop_digests(const hp_dng *dng, uint8_t *copy);

/*
 * Writes the whole file again with this OpcodeList1. What was there stays where it was; the new list and directory
 * stand at the end. HP_E_UNSUPPORTED where the file would be longer than a TIFF can be.
 */
int hp_dng_write(const hp_dng *dng, hp_bytes opcodes, FILE *stream, hp_error *err);

#endif
