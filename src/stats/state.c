#include "stats/state.h"

#include "base/text.h"
#include "photo/source.h"
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
    if (kind == &hp_variance_kind)
        return a->camera.width == b->camera.width && a->camera.height == b->camera.height &&
               a->channels == b->channels && a->camera.bits == b->camera.bits;
    const hp_photo first = {.info = *a}, second = {.info = *b};
    return hp_photo_same_camera(&first, &second);
}

char *hp_shape_text(const hp_accumulator_kind *kind, const hp_photo_info *shape, char *out)
{
    const hp_camera *c = &shape->camera;
    if (kind == &hp_variance_kind) {
        snprintf(out, HP_SHAPE_TEXT, "%u x %u x %u of %u bit", c->width, c->height, shape->channels, c->bits);
        return out;
    }
    char make[128], model[128], serial[128];
    hp_printable(c->make, make, sizeof make);
    hp_printable(c->model, model, sizeof model);
    hp_printable(c->serial, serial, sizeof serial);
    snprintf(out, HP_SHAPE_TEXT, "%s%s%s%s%s, %u x %u %s%s%s of %u bit", make, make[0] && model[0] ? " " : "",
             make[0] || model[0] ? model : "unknown camera", serial[0] ? ", serial " : "", serial, c->width, c->height,
             hp_source_name(c->source), c->cfa[0] ? " " : "", c->cfa, c->bits);
    return out;
}

void hp_state_free(hp_state *state)
{
    if (state->accumulator)
        state->accumulator->kind->free(&state->accumulator);
    hp_album_free(&state->album);
    *state = (hp_state){0};
}
