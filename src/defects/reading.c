#include "defects/reading.h"

#include "base/error.h"
#include "base/text.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

const char *hp_camera_name(const hp_camera *camera, char out[HP_NAME_BYTES])
{
    size_t word = strcspn(camera->make, " ,");
    bool twice = camera->model[0] && hp_text_alike(camera->make, camera->model, word);
    snprintf(out, HP_NAME_BYTES, "%s%s%s", twice ? "" : camera->make, twice || !camera->model[0] ? "" : " ",
             camera->model);
    return out;
}

const char *hp_camera_label(const hp_camera *camera, char out[HP_LABEL_BYTES])
{
    char name[HP_NAME_BYTES], shown[160], serial[80];
    hp_printable(hp_camera_name(camera, name), shown, sizeof shown);
    hp_printable(camera->serial, serial, sizeof serial);
    snprintf(out, HP_LABEL_BYTES, "%s%s%s", name[0] ? shown : "a camera without a name", serial[0] ? ", serial " : "",
             serial);
    return out;
}

static bool agree(const char *a, const char *b)
{
    return !a[0] || !b[0] || !strcmp(a, b);
}

bool hp_camera_agrees(const hp_camera *a, const hp_camera *b)
{
    return agree(a->make, b->make) && agree(a->model, b->model) && agree(a->serial, b->serial);
}

bool hp_camera_same_mosaic(const hp_camera *a, const hp_camera *b)
{
    return agree(a->cfa, b->cfa);
}

static bool same(const char *a, const char *b)
{
    return !strcmp(a, b);
}

int hp_camera_closeness(const hp_camera *list, const hp_camera *photo)
{
    if (!hp_camera_agrees(list, photo))
        return 0;
    bool body = list->serial[0] && same(list->serial, photo->serial);
    bool depth = list->bits && list->bits == photo->bits; /* a scan has a list for each */
    return 2 * (1 + same(list->make, photo->make) + same(list->model, photo->model) + 4 * body) + depth;
}

void hp_camera_learn(hp_camera *camera, const hp_camera *other)
{
    if (!camera->make[0] && !camera->model[0]) {
        memcpy(camera->make, other->make, sizeof camera->make);
        memcpy(camera->model, other->model, sizeof camera->model);
    }
    if (!camera->serial[0])
        memcpy(camera->serial, other->serial, sizeof camera->serial);
}

/* By the model, the serial number, or as it is printed. */
static bool is_called(const hp_camera *camera, const char *name)
{
    char full[HP_NAME_BYTES], label[HP_LABEL_BYTES];
    return hp_text_alike(name, camera->model, SIZE_MAX) || !strcmp(name, camera->serial) ||
           hp_text_alike(name, hp_camera_name(camera, full), SIZE_MAX) ||
           hp_text_alike(name, hp_camera_label(camera, label), SIZE_MAX);
}

static int check_camera(const hp_camera *camera, const hp_list_options *options, hp_error *err)
{
    char own[HP_LABEL_BYTES], other[HP_LABEL_BYTES];
    const char *name = options->camera;
    bool has_name = camera->model[0] || camera->serial[0];
    if (name && has_name && !is_called(camera, name))
        return hp_fail(err, HP_E_INPUT, "holds a list for %s, none for %s", hp_camera_label(camera, own),
                       hp_printable(name, other, sizeof other));
    if (options->like && !hp_camera_agrees(camera, options->like))
        return hp_fail(err, HP_E_INPUT, "is for %s, not for %s", hp_camera_label(camera, own),
                       hp_camera_label(options->like, other));
    return HP_OK;
}

static int settle_frame(hp_camera *camera, uint32_t width, uint32_t height, hp_error *err)
{
    if (width == 0 || height == 0)
        return HP_OK;
    if (camera->width == 0) {
        camera->width = width;
        camera->height = height;
    }
    if (camera->width != width || camera->height != height)
        return hp_fail(err, HP_E_INPUT, "is for photos of %" PRIu32 "x%" PRIu32 ", not of %" PRIu32 "x%" PRIu32,
                       camera->width, camera->height, width, height);
    return HP_OK;
}

static int settle_source(hp_camera *camera, hp_source wanted, hp_error *err)
{
    if (camera->source == HP_SOURCE_UNKNOWN)
        camera->source = wanted;
    if (wanted != HP_SOURCE_UNKNOWN && camera->source != wanted)
        return hp_fail(err, HP_E_INPUT, "is for %s photos, not for %s", hp_source_name(camera->source),
                       hp_source_name(wanted));
    return HP_OK;
}

static void take_text(char *out, size_t size, const char *text)
{
    if (!out[0])
        snprintf(out, size, "%s", text);
}

static void take_names(hp_camera *camera, const hp_camera *like)
{
    take_text(camera->make, sizeof camera->make, like->make);
    take_text(camera->model, sizeof camera->model, like->model);
    take_text(camera->serial, sizeof camera->serial, like->serial);
    take_text(camera->cfa, sizeof camera->cfa, like->cfa);
    if (camera->bits == 0)
        camera->bits = like->bits;
    if (camera->source == HP_SOURCE_UNKNOWN)
        camera->source = like->source;
}

/* The source of `like` does not have to agree: the same frame means the same places. */
int hp_reading_settle(const hp_reading *reading, hp_list *list, hp_source usual, hp_error *err)
{
    const hp_list_options *options = reading->options;
    hp_camera *camera = &list->camera;
    int code = check_camera(camera, options, err);
    if (!code)
        code = settle_frame(camera, options->width, options->height, err);
    if (!code && options->like)
        code = settle_frame(camera, options->like->width, options->like->height, err);
    if (!code)
        code = settle_source(camera, options->source, err);
    if (code)
        return code;
    if (options->like)
        take_names(camera, options->like);
    if (camera->source == HP_SOURCE_UNKNOWN)
        camera->source = usual;
    if (camera->width == 0 || camera->height == 0)
        return hp_fail(err, HP_E_ARGUMENT, "does not tell the size of the photos; --size WxH does");
    if (camera->width > HP_SIDE_MOST || camera->height > HP_SIDE_MOST)
        return hp_fail(err, HP_E_INPUT, "is for photos of %" PRIu32 "x%" PRIu32 ", more than %d on a side",
                       camera->width, camera->height, HP_SIDE_MOST);
    return HP_OK;
}

int hp_reading_fail_none(const hp_error *first, size_t count, hp_error *err)
{
    if (count < 2)
        return hp_fail(err, first->code, "%s", first->message);
    return hp_fail(err, first->code, "%s; of its %zu lists none is for what is wanted", first->message, count);
}

int hp_reading_fail_one(const hp_error *unsettled, size_t count, hp_error *err)
{
    return hp_fail(err, HP_E_INPUT, "one of its %zu lists %s", count, unsettled->message);
}

int hp_reading_needs_source(const hp_list *list, hp_error *err)
{
    if (list->camera.source != HP_SOURCE_UNKNOWN)
        return HP_OK;
    return hp_fail(err, HP_E_ARGUMENT,
                   "does not tell whether it is for FITS, whose rows begin at the bottom; --source fits, or raw, jpeg, "
                   "tiff, png, does");
}

/* What a file says of shapes holds as far as its boxes do. */
static void settle_shapes(hp_list *list)
{
    for (size_t i = 0; i < list->defect_count; i++) {
        hp_defect *d = &list->defects[i];
        if (!hp_defect_is_smeared(list, d))
            d->shape = hp_box_shape(&d->box);
        else if (d->shape != HP_SHAPE_CLUSTER)
            d->shape = HP_SHAPE_PIXEL;
    }
}

int hp_reading_add(hp_reading *reading, hp_list *list, hp_error *err)
{
    int code = hp_list_check(list, err);
    if (code)
        return code;
    settle_shapes(list);
    hp_list_tidy(list);
    return hp_result_add(reading->result, list, err);
}

bool hp_kind_find(const char *word, hp_kind *kind)
{
    for (int k = HP_HOT; k <= HP_WEAK; k++)
        if (!strcmp(word, hp_kind_name((hp_kind)k))) {
            *kind = (hp_kind)k;
            return true;
        }
    return false;
}

bool hp_grade_find(const char *word, hp_grade *grade)
{
    for (int g = HP_PROBABLE; g <= HP_CERTAIN; g++)
        if (!strcmp(word, hp_grade_name((hp_grade)g))) {
            *grade = (hp_grade)g;
            return true;
        }
    return false;
}

bool hp_shape_find(const char *word, hp_shape *shape)
{
    for (int s = HP_SHAPE_PIXEL; s <= HP_SHAPE_ROW; s++)
        if (!strcmp(word, hp_shape_name((hp_shape)s))) {
            *shape = (hp_shape)s;
            return true;
        }
    return false;
}

bool hp_source_find(const char *word, hp_source *source)
{
    for (int s = HP_SOURCE_UNKNOWN; s <= HP_SOURCE_HEIC; s++)
        if (!strcmp(word, hp_source_name((hp_source)s))) {
            *source = (hp_source)s;
            return true;
        }
    return false;
}
