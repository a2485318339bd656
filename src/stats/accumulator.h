/*
 * What the rounds add photos to. Two kinds: hp_residual_kind (scan) and hp_variance_kind; one table of functions each.
 * Sums are integers: any order, split and number of threads gives the same bytes.
 */
#ifndef HP_STATS_ACCUMULATOR_H
#define HP_STATS_ACCUMULATOR_H

#include "stats/kernels.h"
#include "stats/shot.h"

typedef struct hp_accumulator_kind hp_accumulator_kind;

typedef enum hp_number { HP_NUMBER_U8, HP_NUMBER_U16, HP_NUMBER_I32, HP_NUMBER_U32, HP_NUMBER_U64 } hp_number;

/* How the sums of two parts of a set become one. */
typedef enum hp_join { HP_JOIN_SUM, HP_JOIN_MIN, HP_JOIN_MAX } hp_join;

/* One array of an accumulator, for all that works on sums without knowing their meaning: files, merging, clusters. */
typedef struct hp_array {
    const char *name;    /* of its image in a state file */
    const char *meaning; /* a few words */
    hp_number number;
    hp_join join;
    unsigned channels; /* of a pixel, beside each other */
    uint64_t most;     /* largest size of what one photo adds to a number; of a minimum or maximum: of the number */
    void *values;      /* height x width x channels */
} hp_array;

enum { HP_ARRAYS_MOST = 12 };

/* The beginning of every accumulator. */
typedef struct hp_accumulator {
    const hp_accumulator_kind *kind;
    hp_photo_info shape;
    const hp_kernels *kernels;
    uint64_t photos;          /* added so far */
    bool compare_calibration; /* darks, bias and flats have a thumbnail like any photo */
} hp_accumulator;

/* The kernels for its samples. */
static inline const hp_sample_kernels *hp_accumulator_kernels(const hp_accumulator *accumulator)
{
    return accumulator->shape.camera.bits > 8 ? &accumulator->kernels->bits16 : &accumulator->kernels->bits8;
}

struct hp_accumulator_kind {
    const char *name;
    hp_view view;
    uint64_t most_photos; /* beyond it a sum could wrap */
    /* Bytes of all sums for this shape; the memory they take. */
    uint64_t (*bytes)(const hp_photo_info *shape);
    /* Padding that planes need, px. */
    uint32_t (*pad)(const hp_photo_info *shape);
    /* kernels NULL: it is but described; its sums are not touched, so that they take no memory. */
    int (*start)(const hp_photo_info *shape, const hp_kernels *kernels, hp_accumulator **made, hp_error *err);
    /* After decoding, on any thread: all that add needs to know of a photo. */
    void (*measure)(const hp_accumulator *accumulator, hp_shot *shot);
    /* Adds rows [top, bottom) of all shots; different rows may be added at the same time. */
    void (*add_rows)(hp_accumulator *accumulator, const hp_shot *const *shots, size_t count, uint32_t top,
                     uint32_t bottom);
    /* Once all rows are added: the sums that are not per pixel. */
    void (*count)(hp_accumulator *accumulator, const hp_shot *const *shots, size_t count);
    /* Its arrays, in the order of a state file; returns their number. */
    size_t (*arrays)(hp_accumulator *accumulator, hp_array arrays[HP_ARRAYS_MOST]);
    /* Sets all that is not per pixel from the photos taken, as count left it for the same photos. */
    void (*recount)(hp_accumulator *accumulator, const hp_album *album);
    /* Makes it empty, as started. */
    void (*clear)(hp_accumulator *accumulator);
    void (*free)(hp_accumulator **accumulator);
};

#endif
