/*
 * Lossless JPEG (ITU-T T.81, annex H: SOF3), as DNG tiles hold it. libjpeg 2.1 cannot write it. camsim is built with
 * this file too, which therefore stands alone.
 */
#ifndef HP_REPAIR_LJPEG_H
#define HP_REPAIR_LJPEG_H

#include <stddef.h>
#include <stdint.h>

/* The longest a picture of count samples can become. */
size_t hp_ljpeg_bound(size_t count);

typedef struct hp_ljpeg_kind {
    int width, height; /* of each component, samples */
    int components;    /* 1 to 4, interleaved */
    int bits;          /* a sample: 2 to 16 */
} hp_ljpeg_kind;

/*
 * Compresses rows of width * components samples, each predicted from its left neighbour. Returns the bytes written to
 * out, which has hp_ljpeg_bound() of them.
 */
size_t hp_ljpeg_encode(const uint16_t *sample, const hp_ljpeg_kind *kind, uint8_t *out);

#endif
