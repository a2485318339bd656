#include "report/json_target.h"

static json_t *subpixel_of(const hp_subpixel *subpixel)
{
    json_t *json = json_object();
    int failed = json_object_set_new(json, "value", json_real(subpixel->value));
    failed |= json_object_set_new(json, "x", json_integer(subpixel->x));
    failed |= json_object_set_new(json, "y", json_integer(subpixel->y));
    failed |= json_object_set_new(json, "channel", json_integer(subpixel->channel));
    failed |= json_object_set_new(json, "mean", json_real(subpixel->mean));
    return hp_json_or_release(json, failed);
}

static json_t *lowest_of(const hp_variance_result *result)
{
    json_t *array = json_array();
    int failed = 0;
    for (size_t i = 0; i < result->lowest_count && !failed; i++)
        failed = json_array_append_new(array, subpixel_of(&result->lowest[i]));
    return hp_json_or_release(array, failed);
}

static json_t *json_of(const hp_variance_result *result)
{
    json_t *json = json_object();
    int failed = json_object_set_new(json, "hotpix", json_string(HP_VERSION));
    failed |= json_object_set_new(json, "width", json_integer(result->width));
    failed |= json_object_set_new(json, "height", json_integer(result->height));
    failed |= json_object_set_new(json, "channels", json_integer(result->channels));
    failed |= json_object_set_new(json, "bits", json_integer((json_int_t)result->bits));
    failed |= json_object_set_new(json, "photos",
                                  hp_json_photos(result->photos_used, result->skipped, result->skipped_count));
    failed |= json_object_set_new(json, "min", subpixel_of(&result->min));
    failed |= json_object_set_new(json, "max", subpixel_of(&result->max));
    failed |= json_object_set_new(json, "mean_m2", json_real(result->mean_m2));
    failed |= json_object_set_new(json, "lowest", lowest_of(result));
    failed |= json_object_set_new(json, "seconds_accumulating", hp_json_number(result->seconds_accumulating, 3));
    failed |= json_object_set_new(json, "seconds", hp_json_number(result->seconds, 3));
    return hp_json_or_release(json, failed);
}

static const char what[] = "the variance";

int hp_variance_check_target(const char *target, bool force, hp_error *err)
{
    return hp_json_check_target(target, what, force, err);
}

int hp_variance_write(const hp_variance_result *result, const char *target, bool force, hp_error *err)
{
    return hp_json_write_target(target, what, json_of(result), force, err);
}
