/* Between which samples a set's photos lie, of some rows of each: what hp_levels_within is told. */
#ifndef HP_DETECT_SPAN_H
#define HP_DETECT_SPAN_H

#include "detect/levels.h"

/* All zero: none is kept. */
typedef struct hp_span {
    uint16_t *least; /* of each pixel that is looked at, over the photos */
    size_t count;
    unsigned highest;
    uint32_t every; /* px of a row from one that is looked at to the next */
} hp_span;

/* For photos of such a width, of which these rows are read. Fails with HP_E_MEMORY. */
int hp_span_create(const hp_rows *rows, size_t count, uint32_t width, hp_span *span, hp_error *err);

/* Takes in a photo of 16 bit samples; one thread at a time. */
void hp_span_take(hp_span *span, const hp_rows *rows, size_t count, const hp_plane *plane);

/* Takes in what another of the same rows has. */
void hp_span_join(hp_span *span, const hp_span *other);
void hp_span_free(hp_span *span);

#endif
