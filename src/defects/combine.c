/* Uniting lists, what they share, and taking one away from the other. */
#include "base/error.h"
#include "base/memory.h"
#include "defects/history.h"
#include "defects/reading.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

static bool same_frame(const hp_camera *a, const hp_camera *b)
{
    return a->width == b->width && a->height == b->height;
}

/* FITS counts rows as they are stored; only there can one frame stand for two orders of rows. */
static bool same_rows(const hp_camera *a, const hp_camera *b)
{
    bool known = a->source != HP_SOURCE_UNKNOWN && b->source != HP_SOURCE_UNKNOWN;
    return !known || (a->source == HP_SOURCE_FITS) == (b->source == HP_SOURCE_FITS);
}

static int fail_differ(const hp_camera *a, const hp_camera *b, hp_error *err)
{
    char one[HP_LABEL_BYTES], two[HP_LABEL_BYTES];
    if (!hp_camera_agrees(a, b))
        return hp_fail(err, HP_E_INPUT, "one list is for %s, another for %s", hp_camera_label(a, one),
                       hp_camera_label(b, two));
    if (!same_frame(a, b))
        return hp_fail(err, HP_E_INPUT,
                       "one list is for photos of %" PRIu32 "x%" PRIu32 ", another for %" PRIu32 "x%" PRIu32, a->width,
                       a->height, b->width, b->height);
    if (!hp_camera_same_mosaic(a, b))
        return hp_fail(err, HP_E_INPUT, "one list is for photos with colours %s, another with %s: their rows differ",
                       a->cfa, b->cfa);
    return hp_fail(err, HP_E_INPUT, "one list is for %s photos, another for %s, whose rows may be in another order",
                   hp_source_name(a->source), hp_source_name(b->source));
}

static bool may_be_one(const hp_camera *a, const hp_camera *b)
{
    return hp_camera_agrees(a, b) && same_frame(a, b) && same_rows(a, b) && hp_camera_same_mosaic(a, b);
}

/* The list of this camera; of the same source where its JPEG and RAW photos have one frame. */
static int find(const hp_result *result, const hp_camera *camera, size_t *index, hp_error *err)
{
    size_t found = 0, alike = 0;
    for (size_t i = 0; i < result->list_count; i++) {
        const hp_camera *own = &result->lists[i].camera;
        if (!may_be_one(own, camera))
            continue;
        bool same = own->source == camera->source;
        if (same || alike == 0)
            *index = i;
        alike += same;
        found++;
    }
    char label[HP_LABEL_BYTES];
    if (found == 0)
        return fail_differ(&result->lists[0].camera, camera, err);
    if (found > 1 && alike != 1)
        return hp_fail(err, HP_E_ARGUMENT, "there are %zu lists that one for %s could belong to; --camera chooses",
                       found, hp_camera_label(camera, label));
    return HP_OK;
}

/* A smear of a developed photo is one pixel among samples of the sensor, where of a box every pixel is bad. */
static hp_defect as_in(const hp_list *list, const hp_list *other, const hp_defect *defect)
{
    hp_defect d = *defect;
    bool samples = list->camera.source != HP_SOURCE_UNKNOWN && !hp_camera_develops(&list->camera);
    if (samples && hp_defect_is_smeared(other, defect)) {
        d.box = (hp_box){d.x, d.y, 1, 1};
        d.shape = HP_SHAPE_PIXEL;
    }
    return d;
}

/* What is new is gathered apart: the list has to stay as it is while it is looked at. */
static int unite(hp_list *list, const hp_list *other, hp_error *err)
{
    hp_list_maker added = {0};
    int code = HP_OK;
    for (size_t i = 0; i < other->defect_count && !code; i++) {
        const hp_defect d = as_in(list, other, &other->defects[i]);
        if (!hp_list_has(list, &d))
            code = hp_list_add(&added, &d, err);
    }
    for (size_t i = 0; i < list->defect_count && !code; i++)
        code = hp_list_add(&added, &list->defects[i], err);
    if (code) {
        hp_list_clear(&added.list);
        return code;
    }
    free(list->defects);
    list->defects = added.list.defects;
    list->defect_count = added.list.defect_count;
    hp_defects_sort(list->defects, list->defect_count);
    return HP_OK;
}

static bool has_place(const hp_list *points, const hp_defect *defect)
{
    size_t at = hp_list_find(points, defect->x, defect->y);
    return at < points->defect_count && points->defects[at].x == defect->x && points->defects[at].y == defect->y;
}

/* Keeps the defects that the other list has too, or those that it has not. */
static void filter(hp_list *list, const hp_list *points, bool keep_shared)
{
    size_t count = 0;
    for (size_t i = 0; i < list->defect_count; i++)
        if (has_place(points, &list->defects[i]) == keep_shared)
            list->defects[count++] = list->defects[i];
    list->defect_count = count;
}

static bool has_areas(const hp_list *list)
{
    for (size_t i = 0; i < list->defect_count; i++) {
        const hp_defect *d = &list->defects[i];
        if ((d->box.width > 1 || d->box.height > 1) && !hp_defect_is_smeared(list, d))
            return true;
    }
    return false;
}

static int split_areas(hp_list *list, hp_error *err)
{
    hp_list points = {0};
    if (!has_areas(list))
        return HP_OK;
    int code = hp_list_points(list, &points, err);
    if (code)
        return code;
    free(list->defects);
    list->defects = points.defects;
    list->defect_count = points.defect_count;
    return HP_OK;
}

/* A column less one pixel is no box: areas are taken pixel by pixel. */
static int compare_pixels(hp_list *list, const hp_list *other, bool keep_shared, hp_error *err)
{
    hp_list points;
    int code = hp_list_points(other, &points, err);
    if (code)
        return code;
    code = split_areas(list, err);
    if (!code)
        filter(list, &points, keep_shared);
    hp_list_clear(&points);
    return code;
}

/* What only one of two lists knows of their camera. */
static void learn(hp_camera *camera, const hp_camera *other)
{
    hp_camera_learn(camera, other);
    if (camera->source == HP_SOURCE_UNKNOWN)
        camera->source = other->source;
}

static int combine_lists(hp_result *result, const hp_result *other, hp_list_operation operation, bool *met,
                         hp_error *err)
{
    for (size_t i = 0; i < other->list_count; i++) {
        const hp_list *its = &other->lists[i];
        size_t index = 0;
        int code = find(result, &its->camera, &index, err);
        if (code)
            return code;
        hp_list *own = &result->lists[index];
        hp_history_free(&own->history); /* its timelines are those of the defects as they were */
        code = operation == HP_LIST_UNION ? unite(own, its, err)
                                          : compare_pixels(own, its, operation == HP_LIST_INTERSECT, err);
        if (code)
            return code;
        learn(&own->camera, &its->camera);
        met[index] = true;
    }
    return HP_OK;
}

int hp_list_combine(hp_result *result, const hp_result *other, hp_list_operation operation, hp_error *err)
{
    if (operation != HP_LIST_UNION && operation != HP_LIST_INTERSECT && operation != HP_LIST_SUBTRACT)
        return hp_fail(err, HP_E_ARGUMENT, "there is no operation %d on lists", (int)operation);
    if (result->list_count == 0)
        return hp_fail(err, HP_E_ARGUMENT, "there is no list to combine with");
    bool *met = hp_calloc(result->list_count, sizeof *met, err);
    if (!met)
        return HP_E_MEMORY;
    int code = combine_lists(result, other, operation, met, err);
    for (size_t i = 0; i < result->list_count && !code && operation == HP_LIST_INTERSECT; i++)
        if (!met[i])
            result->lists[i].defect_count = 0;
    free(met);
    return code;
}
