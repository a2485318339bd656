/* How coarsely a JPEG's luma was stored. */
#ifndef HP_PHOTO_JPEG_STEPS_H
#define HP_PHOTO_JPEG_STEPS_H

#include "base/file.h"

/* Coefficients of a block, row by row. */
enum { HP_JPEG_COEFFICIENTS = 64 };

/*
 * The steps that luma's coefficients were rounded to, from the beginning of a file, which must reach to its scan. False
 * where it is no JPEG or says it otherwise than files do; steps is then undefined.
 */
bool hp_jpeg_luma_steps(hp_bytes file, uint16_t steps[HP_JPEG_COEFFICIENTS]);

#endif
