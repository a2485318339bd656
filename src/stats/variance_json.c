#include "base/error.h"
#include "base/file.h"
#include "defects/json.h"
#include "defects/list_format.h"

#include <string.h>

static json_t *or_release(json_t *json, int failed)
{
    if (!failed)
        return json;
    json_decref(json);
    return NULL;
}

static json_t *subpixel_of(const hp_subpixel *subpixel)
{
    json_t *json = json_object();
    int failed = json_object_set_new(json, "value", json_real(subpixel->value));
    failed |= json_object_set_new(json, "x", json_integer(subpixel->x));
    failed |= json_object_set_new(json, "y", json_integer(subpixel->y));
    failed |= json_object_set_new(json, "channel", json_integer(subpixel->channel));
    failed |= json_object_set_new(json, "mean", json_real(subpixel->mean));
    return or_release(json, failed);
}

static json_t *lowest_of(const hp_variance_result *result)
{
    json_t *array = json_array();
    int failed = 0;
    for (size_t i = 0; i < result->lowest_count && !failed; i++)
        failed = json_array_append_new(array, subpixel_of(&result->lowest[i]));
    return or_release(array, failed);
}

static json_t *photos_of(const hp_variance_result *result)
{
    json_t *json = json_object();
    int failed = json_object_set_new(json, "used", json_integer((json_int_t)result->photos_used));
    failed |= json_object_set_new(json, "skipped", hp_json_skipped(result->skipped, result->skipped_count));
    return or_release(json, failed);
}

static json_t *json_of(const hp_variance_result *result)
{
    json_t *json = json_object();
    int failed = json_object_set_new(json, "hotpix", json_string(HP_VERSION));
    failed |= json_object_set_new(json, "width", json_integer(result->width));
    failed |= json_object_set_new(json, "height", json_integer(result->height));
    failed |= json_object_set_new(json, "channels", json_integer(result->channels));
    failed |= json_object_set_new(json, "bits", json_integer((json_int_t)result->bits));
    failed |= json_object_set_new(json, "photos", photos_of(result));
    failed |= json_object_set_new(json, "min", subpixel_of(&result->min));
    failed |= json_object_set_new(json, "max", subpixel_of(&result->max));
    failed |= json_object_set_new(json, "mean_m2", json_real(result->mean_m2));
    failed |= json_object_set_new(json, "lowest", lowest_of(result));
    failed |= json_object_set_new(json, "seconds_accumulating", hp_json_number(result->seconds_accumulating, 3));
    failed |= json_object_set_new(json, "seconds", hp_json_number(result->seconds, 3));
    return or_release(json, failed);
}

static int find_file(const char *target, const char **file, hp_error *err)
{
    char shown[256];
    if (!hp_list_target_is_json(target, file))
        return hp_fail(err, HP_E_ARGUMENT, "the variance is written as JSON: '%s' should be FILE.json or json:FILE",
                       hp_printable(target, shown, sizeof shown));
    return HP_OK;
}

int hp_variance_check_target(const char *target, bool force, hp_error *err)
{
    const char *file;
    int code = find_file(target, &file, err);
    return code ? code : hp_output_check(file, force, err);
}

int hp_variance_write(const hp_variance_result *result, const char *target, bool force, hp_error *err)
{
    const char *file;
    hp_output output;
    int code = find_file(target, &file, err);
    if (!code)
        code = hp_output_open(&output, file, force, err);
    if (code)
        return code;
    code = hp_json_write(output.stream, json_of(result), err);
    if (!code)
        return hp_output_commit(&output, err);
    hp_output_discard(&output);
    return hp_fail_in(err, code, file);
}
