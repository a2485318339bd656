/* Lossless JPEG (ITU-T T.81, annex H: SOF3), as DNG tiles hold it. libjpeg 2.1 cannot write it. */
#ifndef CAMSIM_LJPEG_H
#define CAMSIM_LJPEG_H

#include "error.h"

#include <stddef.h>
#include <stdint.h>

/* The longest a picture of count samples can become. */
size_t cs_ljpeg_bound(size_t count);

/* Compresses height rows of width * components samples of bits (2..16) each, components (1 or 2) interleaved, each
 * predicted from its left neighbour. Returns the bytes written to out, which has cs_ljpeg_bound() of them. */
size_t cs_ljpeg_encode(const uint16_t *sample, int width, int height, int components, int bits, uint8_t *out);

#endif
