#include "stats/state.h"

#include "defects/reading.h"
#include "photo/scale.h"
#include "stats/variance.h"

#include <stdio.h>

int hp_state_start(const hp_accumulator_kind *kind, const hp_photo_info *shape, const hp_kernels *kernels,
                   hp_state *state, hp_error *err)
{
    *state = (hp_state){0};
    return kind->start(shape, kernels, &state->accumulator, err);
}

bool hp_state_same_shape(const hp_accumulator_kind *kind, const hp_photo_info *a, const hp_photo_info *b)
{
    if (a->scale.shift != b->scale.shift || a->scale.low != b->scale.low || a->scale.high != b->scale.high)
        return false;
    if (kind == &hp_variance_kind)
        return a->camera.width == b->camera.width && a->camera.height == b->camera.height &&
               a->channels == b->channels && a->camera.bits == b->camera.bits;
    const hp_photo first = {.info = *a}, second = {.info = *b};
    return hp_photo_same_camera(&first, &second) && hp_photo_is_developed(a) == hp_photo_is_developed(b);
}

void hp_state_adopt_scale(const hp_photo_info *shape, hp_photo *photos, size_t count)
{
    hp_scale joined = hp_scale_join(&shape->scale, &photos[0].info.scale);
    if (joined.shift != shape->scale.shift || joined.low != shape->scale.low || joined.high != shape->scale.high)
        return;
    for (size_t i = 0; i < count; i++) {
        photos[i].info.camera.bits += (unsigned)(photos[i].info.scale.shift - joined.shift);
        photos[i].info.scale = joined;
    }
}

const char *hp_state_kind_text(const hp_accumulator_kind *kind)
{
    return kind == &hp_variance_kind ? "the variance" : "a scan";
}

static void put_scale(const hp_scale *scale, char *out, size_t size)
{
    out[0] = 0;
    if (scale->low != 0 || scale->high != 0)
        snprintf(out, size, ", values from %g to %g", scale->low, scale->high);
    else if (scale->shift)
        snprintf(out, size, " (stored times %lu)", 1UL << scale->shift);
}

char *hp_shape_text(const hp_accumulator_kind *kind, const hp_photo_info *shape, char *out)
{
    const hp_camera *c = &shape->camera;
    char scale[64];
    put_scale(&shape->scale, scale, sizeof scale);
    if (kind == &hp_variance_kind) {
        snprintf(out, HP_SHAPE_TEXT, "%u x %u x %u of %u bit%s", c->width, c->height, shape->channels, c->bits, scale);
        return out;
    }
    char label[HP_LABEL_BYTES];
    snprintf(out, HP_SHAPE_TEXT, "%s, %u x %u %s%s%s of %u bit%s", hp_camera_label(c, label), c->width, c->height,
             hp_source_name(c->source), c->cfa[0] ? " " : "", c->cfa, c->bits, scale);
    return out;
}

void hp_state_free(hp_state *state)
{
    if (state->accumulator)
        state->accumulator->kind->free(&state->accumulator);
    hp_album_free(&state->album);
    *state = (hp_state){0};
}
