#include "truth.h"

#include "dates.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void cs_photo_name(int index, const char *extension, char name[CS_NAME_SIZE])
{
    snprintf(name, CS_NAME_SIZE, "photo-%04d.%s", index, extension);
}

static json_t *date_or_null(int is_set, int64_t time_s)
{
    char text[CS_DATE_SIZE];
    cs_date_write(time_s, text);
    return is_set ? json_string(text) : json_null();
}

static json_t *pack_camera(const cs_camera *camera)
{
    json_t *dust = json_array();
    for (int i = 0; i < CS_DUST_SPOTS; i++)
        json_array_append_new(dust, json_pack("{s:f, s:f, s:f, s:f}", "x", (double)camera->dust[i].x, "y",
                                              (double)camera->dust[i].y, "radius", (double)camera->dust[i].radius,
                                              "depth", (double)camera->dust[i].depth));
    return json_pack("{s:s, s:s, s:s, s:i, s:i, s:s, s:i, s:f, s:o}", "make", camera->make, "model", camera->model,
                     "serial", camera->serial, "width", camera->width, "height", camera->height, "cfa",
                     camera->cfa->name, "bits", camera->bits, "sharpening", (double)camera->sharpening, "dust", dust);
}

static json_t *pack_defects(const cs_defect_list *list)
{
    json_t *array = json_array();
    for (int i = 0; i < list->count; i++) {
        const cs_defect *d = &list->item[i];
        json_array_append_new(array, json_pack("{s:i, s:i, s:i, s:i, s:s, s:s, s:f, s:o, s:o}", "x", d->x, "y", d->y,
                                               "width", d->width, "height", d->height, "kind",
                                               cs_defect_kind_name(d->class), "class", cs_defect_class_name(d->class),
                                               "strength", d->strength, "since", date_or_null(d->has_since, d->since_s),
                                               "until", date_or_null(d->has_until, d->until_s)));
    }
    return array;
}

static json_t *pack_photos(const cs_series *series, int first, int number, const char *extension)
{
    json_t *array = json_array();
    for (int index = first; index < first + number; index++) {
        char name[CS_NAME_SIZE], date[CS_DATE_SIZE];
        cs_shot shot = cs_shot_plan(series, index);
        cs_photo_name(index, extension, name);
        cs_date_write(shot.time_s, date);
        json_array_append_new(array, json_pack("{s:s, s:s, s:f, s:i, s:i, s:s}", "file", name, "date", date,
                                               "exposure_s", cs_shot_exposure_s(&shot), "iso", shot.iso, "orientation",
                                               shot.orientation, "scene", cs_scene_name(shot.scene)));
    }
    return array;
}

int cs_truth_write(const char *path, const cs_camera *camera, const cs_defect_list *defects, const cs_series *series,
                   int first, int number, const char *extension, cs_error *err)
{
    json_t *root = json_pack("{s:o, s:I, s:o, s:o}", "camera", pack_camera(camera), "seed", (json_int_t)camera->seed,
                             "defects", pack_defects(defects), "photos", pack_photos(series, first, number, extension));
    if (!root)
        return cs_fail(err, "%s: make, model and serial must be UTF-8", path);
    int result = json_dump_file(root, path, JSON_INDENT(1) | JSON_REAL_PRECISION(9));
    json_decref(root);
    return result ? cs_fail(err, "%s: cannot be written", path) : 0;
}

static int read_date(const json_t *value, int *is_set, int64_t *time_s)
{
    *is_set = json_is_string(value);
    if (*is_set)
        return cs_date_read(json_string_value(value), time_s);
    return value && !json_is_null(value) ? -1 : 0;
}

/* 1 where it is not there. */
static int read_extent(const json_t *object, const char *key, int most, int *extent)
{
    const json_t *value = json_object_get(object, key);
    *extent = 1;
    if (!value)
        return 0;
    if (!json_is_integer(value) || json_integer_value(value) < 1 || json_integer_value(value) > most)
        return -1;
    *extent = (int)json_integer_value(value);
    return 0;
}

static int read_defect(const json_t *object, int width, int height, cs_defect *defect, cs_error *err)
{
    const json_t *x = json_object_get(object, "x"), *y = json_object_get(object, "y");
    const char *class = json_string_value(json_object_get(object, "class"));
    const json_t *strength = json_object_get(object, "strength");
    if (!json_is_integer(x) || json_integer_value(x) < 0 || json_integer_value(x) >= width || !json_is_integer(y) ||
        json_integer_value(y) < 0 || json_integer_value(y) >= height)
        return cs_fail(err, "x, y must be inside of %dx%d", width, height);
    if (!class || cs_defect_class_find(class, &defect->class))
        return cs_fail(err, "class must be hot-offset, hot-dark, stuck, dead or weak");
    if (!json_is_number(strength) || json_number_value(strength) < 0.0 || json_number_value(strength) > 1e9)
        return cs_fail(err, "strength must be a number, 0 or more");
    if (read_date(json_object_get(object, "since"), &defect->has_since, &defect->since_s) ||
        read_date(json_object_get(object, "until"), &defect->has_until, &defect->until_s))
        return cs_fail(err, "since and until must be dates like 2024-05-01T10:00:00, or null");
    defect->x = (int)json_integer_value(x);
    defect->y = (int)json_integer_value(y);
    defect->strength = json_number_value(strength);
    if (read_extent(object, "width", width - defect->x, &defect->width) ||
        read_extent(object, "height", height - defect->y, &defect->height))
        return cs_fail(err, "width and height must be 1 or more and end inside of %dx%d", width, height);
    return 0;
}

int cs_truth_read_defects(const char *path, int width, int height, cs_defect_list *defects, cs_error *err)
{
    json_error_t where;
    cs_error why;
    int result = -1;
    *defects = (cs_defect_list){0};
    json_t *root = json_load_file(path, JSON_REJECT_DUPLICATES, &where);
    const json_t *array = json_object_get(root, "defects");
    if (!root || !json_is_array(array)) {
        cs_fail(err, "%s: %s", path, root ? "no array \"defects\"" : where.text);
        goto done;
    }
    size_t count = json_array_size(array);
    defects->item = calloc(count + 1, sizeof *defects->item);
    if (!defects->item) {
        cs_fail(err, "%s: no memory for %zu defects", path, count);
        goto done;
    }
    for (size_t i = 0; i < count; i++) {
        if (read_defect(json_array_get(array, i), width, height, &defects->item[i], &why)) {
            cs_fail(err, "%s: defect %zu: %s", path, i + 1, why.text);
            goto done;
        }
        defects->count++;
    }
    cs_defects_sort(defects);
    result = 0;
done:
    json_decref(root);
    return result;
}
