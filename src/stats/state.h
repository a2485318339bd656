/* What is known of one camera: its sums, and the photos they are made of. A state file holds one. */
#ifndef HP_STATS_STATE_H
#define HP_STATS_STATE_H

#include "photo/source.h"
#include "stats/accumulator.h"
#include "stats/album.h"

typedef struct hp_state {
    hp_accumulator *accumulator; /* NULL in an empty one */
    hp_album album;
    bool settling;    /* near-duplicates are being counted after all: there was little else */
    bool bounds_only; /* photos were forgotten: a minimum may be too low, a maximum too high */
} hp_state;

/* Empty sums for photos of this shape. Fails with HP_E_MEMORY, HP_E_UNSUPPORTED. */
int hp_state_start(const hp_accumulator_kind *kind, const hp_photo_info *shape, const hp_kernels *kernels,
                   hp_state *state, hp_error *err);

/* Whether photos of this shape belong into sums of that one: one camera and size; for the variance, one size. */
bool hp_state_same_shape(const hp_accumulator_kind *kind, const hp_photo_info *a, const hp_photo_info *b);

/*
 * Gives photos of one camera, `count` of them, the scale of the sums they are to be added to, where that one holds all
 * their values; otherwise they stay as they are, and are not of the same shape.
 */
void hp_state_adopt_scale(const hp_photo_info *shape, hp_photo *photos, size_t count);

/* "a scan", "the variance": what sums of this kind are of. */
const char *hp_state_kind_text(const hp_accumulator_kind *kind);

enum { HP_SHAPE_TEXT = 512 };

/* "NIKON D80, serial 123, 3872 x 2592 jpeg of 8 bit", safe to show; out has HP_SHAPE_TEXT. Returns out. */
char *hp_shape_text(const hp_accumulator_kind *kind, const hp_photo_info *shape, char *out);

void hp_state_free(hp_state *state);

#endif
