/*
 * The loops over samples: the hot path. Plain C, compiled once for each x86-64 level from kernels_level.c;
 * every level gives the same bytes (tests/kernels holds them against each other).
 */
#ifndef HP_STATS_KERNELS_H
#define HP_STATS_KERNELS_H

#include "hotpix.h"

enum {
    HP_RING = 8,     /* neighbours */
    HP_TOGETHER = 4, /* photos that one call adds at most */
    HP_CHUNK = 1024, /* samples a call at most: the sums of so many stay in the first level cache */
    HP_MAPS = 4,     /* of detection: z, zt, zg and energy */
    HP_Z_LIMIT = 64  /* |z| at most, in sixteenths of a sigma */
};

/*
 * The noise of a photo by its light (docs/method.md, "z"): the variance of a sample, DN^2, is
 * dark + by_light L + by_light2 L^2, L its level above black, DN.
 */
typedef struct hp_noise {
    float dark, by_light, by_light2;
    int32_t black; /* DN */
} hp_noise;

/* One photo's part of a chunk, ready to be added. */
typedef struct hp_chunk {
    const void *x;   /* samples: uint8_t or uint16_t */
    const void *e;   /* ring medians, same type */
    const int8_t *z; /* sixteenths of a sigma */
    int16_t wt, wg;  /* weights, 1..255 */
    bool odd;        /* belongs to the odd half of the set */
} hp_chunk;

/* The sums of a chunk (docs/method.md, "Sums"). Squares are uint32_t for 8 bit samples, uint64_t for 16 bit. */
typedef struct hp_sums {
    int32_t *s1, *st, *sg, *s1h;
    uint32_t *s2, *sx, *se;
    void *sxx, *see, *sxe;
    void *min, *max; /* of the sample's type */
} hp_sums;

/* The kernels for one type of sample. count is at most HP_CHUNK; photos is 1 to HP_TOGETHER. */
typedef struct hp_sample_kernels {
    /* e and q (docs/method.md, "Ring") of count samples from x on; offsets in samples, reaching into the padding. */
    void (*ring)(const void *x, const ptrdiff_t offsets[HP_RING], size_t count, void *e, void *q);
    /*
     * The same with the offsets b where the bits of mask are set and a where they are not: rows of a mosaic in which
     * two colours alternate. mask is of the sample's type.
     */
    void (*ring_of_two)(const void *x, const ptrdiff_t a[HP_RING], const ptrdiff_t b[HP_RING], const void *mask,
                        size_t count, void *e, void *q);
    /* out = some where the bits of mask are set, and what it was where they are not; mask is of the sample's type. */
    void (*pick)(const void *some, const void *mask, size_t count, void *out);
    /* (x - e)^2 of count samples. */
    void (*squares)(const void *x, const void *e, size_t count, float *squares);
    /* z of samples x with ring e, q; squares of the row above, its own and the one below, with one more at either end.
     */
    void (*z)(const void *x, const void *e, const void *q, const float *const squares[3], const hp_noise *noise,
              size_t count, int8_t *z);
    /* The same in developed pictures (docs/method.md, "z"): rows `stride` samples apart, padded by 1 px at least;
     * sigma in DN. */
    void (*z_developed)(const void *x, ptrdiff_t stride, const void *e, const void *q, float sigma, size_t count,
                        int8_t *z);
    void (*add)(const hp_chunk *chunks, unsigned photos, size_t count, const hp_sums *sums);
    /* Adds samples and their squares; rows holds one pointer a photo. */
    void (*add_squares)(const void *const *rows, unsigned photos, size_t count, uint32_t *sum, void *squares);
    /* Sum of count samples; count is at most 65536. */
    uint32_t (*sum)(const void *x, size_t count);
} hp_sample_kernels;

typedef struct hp_kernels {
    const char *level;
    hp_sample_kernels bits8;
    hp_sample_kernels bits16;
    /* The fourth and fifth smallest of each eight, one of every row. */
    void (*middle)(const uint32_t *const rows[HP_RING], size_t count, uint32_t *fourth, uint32_t *fifth);
    /*
     * Energy of docs/method.md, 3.1: ln(S2/(256 n) + 0.02) of the centre less the mean of the same of its ring's fourth
     * and fifth; scale = 1/(256 n).
     */
    void (*energy)(const uint32_t *centre, const uint32_t *fourth, const uint32_t *fifth, float scale, size_t count,
                   float *out);
    /* out = (sums - centre) * scale, the maps of docs/method.md, 3.2; and for the energy map, cut at 0 from below. */
    void (*normalise)(const int32_t *sums, const float *centre, const float *scale, size_t count, float *out);
    void (*normalise_energy)(const float *energy, const float *centre, const float *scale, size_t count, float *out);
    /*
     * S (docs/method.md, 3.4) of a row: the largest in size of the HP_MAPS maps, each times its factor, with its sign;
     * the last one, energy, takes the sign of s1. maps holds them one after the other, count values each.
     */
    void (*score)(const float *maps, const float factors[HP_MAPS], const int32_t *s1, size_t count, float *out);
} hp_kernels;

/* The kernels of a level that hp_cpu_choose returned. */
const hp_kernels *hp_kernels_of(hp_cpu level);

#endif
