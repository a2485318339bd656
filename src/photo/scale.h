/* Samples as a file stores them, of any type, and the scale that brings them to 16 bits. */
#ifndef HP_PHOTO_SCALE_H
#define HP_PHOTO_SCALE_H

#include "photo/photo.h"

typedef enum hp_stored_type {
    HP_STORED_U8,
    HP_STORED_U16,
    HP_STORED_U32,
    HP_STORED_I8,
    HP_STORED_I16,
    HP_STORED_I32,
    HP_STORED_F32,
    HP_STORED_F64
} hp_stored_type;

size_t hp_stored_bytes(hp_stored_type type);

/* Pixels beside each other as stored, in native byte order, at any alignment. */
typedef struct hp_stored {
    hp_stored_type type;
    unsigned channels;      /* 1 or 3 */
    const void *channel[3]; /* first sample of each */
    size_t step;            /* samples from one pixel to the next */
    bool inverted;          /* 0 is white */
} hp_stored;

/* Value i of a channel as a number. */
double hp_stored_value(const hp_stored *pixels, unsigned channel, size_t i);

/* What the values of a photo are like: enough to choose a scale. All zero is empty. */
typedef struct hp_survey {
    uint64_t count, negative, beyond_one; /* finite values; those below 0; those above 1 */
    double most;
    uint32_t used_bits;       /* of unsigned integers, or-ed */
    uint64_t below_power[64]; /* values of 2^(k-1) to 2^k; [0]: below 1, [63]: all the rest */
} hp_survey;

void hp_survey_add(hp_survey *survey, const hp_stored *pixels, size_t count);

/*
 * The scale for a photo of this type: `shift` for unsigned 16 bit (16 when all its values are 0, which says nothing),
 * low and high for what does not fit 16 bits unsigned (docs/formats.md, "Bringing values to 16 bits").
 */
hp_scale hp_survey_scale(const hp_survey *survey, hp_stored_type type);

/* The one scale of two photos of a camera. */
hp_scale hp_scale_join(const hp_scale *a, const hp_scale *b);

#endif
