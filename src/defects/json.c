#include "defects/json.h"

#include "base/error.h"
#include "base/memory.h"
#include "base/text.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static bool is_utf8(const char *text)
{
    while (*text) {
        size_t length = hp_utf8_length(text);
        if (length == 0)
            return false;
        text += length;
    }
    return true;
}

json_t *hp_json_or_release(json_t *json, int failed)
{
    if (!failed)
        return json;
    json_decref(json);
    return NULL;
}

json_t *hp_json_text(const char *text)
{
    if (is_utf8(text))
        return json_string(text);
    size_t size = 4 * strlen(text) + 1; /* every byte as \xNN */
    char *shown = hp_calloc(size, 1, NULL);
    if (!shown)
        return NULL;
    json_t *json = json_string(hp_printable(text, shown, size));
    free(shown);
    return json;
}

json_t *hp_json_number(double value, int decimals)
{
    if (!isfinite(value))
        return json_null();
    double scale = pow(10, decimals);
    return json_real(round(value * scale) / scale + 0.0); /* + 0.0: no negative zero */
}

static json_t *skipped_item(const hp_skipped *skipped)
{
    json_t *item = json_object();
    int failed = json_object_set_new(item, "path", hp_json_text(skipped->path));
    failed |= json_object_set_new(item, "reason", hp_json_text(skipped->reason));
    failed |= json_object_set_new(item, "harmless", json_boolean(skipped->harmless));
    if (skipped->others)
        failed |= json_object_set_new(item, "others", json_true());
    if (skipped->unfit)
        failed |= json_object_set_new(item, "unfit", json_true());
    return hp_json_or_release(item, failed);
}

json_t *hp_json_skipped(const hp_skipped *skipped, size_t count)
{
    json_t *array = json_array();
    int failed = 0;
    for (size_t i = 0; i < count && !failed; i++)
        failed = json_array_append_new(array, skipped_item(&skipped[i]));
    return hp_json_or_release(array, failed);
}

json_t *hp_json_photos(size_t used, const hp_skipped *skipped, size_t count)
{
    json_t *json = json_object();
    int failed = json_object_set_new(json, "used", json_integer((json_int_t)used));
    failed |= json_object_set_new(json, "skipped", hp_json_skipped(skipped, count));
    return hp_json_or_release(json, failed);
}

json_t *hp_json_camera(const hp_camera *camera, size_t used, const hp_skipped *skipped, size_t count)
{
    json_t *json = json_object();
    int failed = json_object_set_new(json, "make", hp_json_text(camera->make));
    failed |= json_object_set_new(json, "model", hp_json_text(camera->model));
    failed |= json_object_set_new(json, "serial", hp_json_text(camera->serial));
    failed |= json_object_set_new(json, "width", json_integer(camera->width));
    failed |= json_object_set_new(json, "height", json_integer(camera->height));
    failed |= json_object_set_new(json, "source", json_string(hp_source_name(camera->source)));
    failed |= json_object_set_new(json, "cfa", camera->cfa[0] ? hp_json_text(camera->cfa) : json_null());
    failed |= json_object_set_new(json, "bits", json_integer((json_int_t)camera->bits));
    failed |= json_object_set_new(json, "photos", hp_json_photos(used, skipped, count));
    return hp_json_or_release(json, failed);
}

/* 15 significant digits: what is rounded to decimals stays as short as that. */
int hp_json_write(FILE *stream, json_t *root, hp_error *err)
{
    if (!root)
        return hp_fail(err, HP_E_MEMORY, "no memory for the JSON text");
    int failed = json_dumpf(root, stream, JSON_INDENT(1) | JSON_REAL_PRECISION(15));
    json_decref(root);
    if (failed && !ferror(stream))
        return hp_fail(err, HP_E_MEMORY, "no memory for the JSON text");
    fputc('\n', stream);
    return HP_OK;
}
