#include "report/json_target.h"

static json_t *steps_of(const hp_selftest *test)
{
    json_t *array = json_array();
    int failed = 0;
    for (size_t i = 0; i < test->step_count && !failed; i++) {
        const hp_selftest_step *step = &test->steps[i];
        json_t *json = json_object();
        failed = json_object_set_new(json, "kind", json_string(hp_kind_name(step->kind)));
        failed |= json_object_set_new(json, "strength", hp_json_number(step->strength, 3));
        failed |= json_object_set_new(json, "planted", json_integer((json_int_t)step->planted));
        failed |= json_object_set_new(json, "found", json_integer((json_int_t)step->found));
        failed |= json_array_append_new(array, json);
    }
    return hp_json_or_release(array, failed);
}

static json_t *number_or_null(double value)
{
    return value > 0 ? hp_json_number(value, 3) : json_null();
}

static json_t *camera_of(const hp_selftest *test)
{
    json_t *json = hp_json_camera(&test->camera, test->photos_used, test->skipped, test->skipped_count);
    int failed = json_object_set_new(json, "own_defects", json_integer((json_int_t)test->own_defects));
    failed |= json_object_set_new(json, "steps", steps_of(test));
    failed |= json_object_set_new(json, "hot_from", number_or_null(test->hot_from_dn));
    failed |= json_object_set_new(json, "weak_from", number_or_null(test->weak_from));
    return hp_json_or_release(json, failed);
}

static json_t *json_of(const hp_selftest_result *result)
{
    json_t *json = json_object(), *cameras = json_array();
    int failed = 0;
    for (size_t i = 0; i < result->camera_count && !failed; i++)
        failed = json_array_append_new(cameras, camera_of(&result->cameras[i]));
    failed |= json_object_set_new(json, "hotpix", json_string(HP_VERSION));
    failed |= json_object_set_new(json, "cameras", cameras);
    failed |= json_object_set_new(json, "skipped", hp_json_skipped(result->skipped, result->skipped_count));
    return hp_json_or_release(json, failed);
}

static const char what[] = "a selftest";

int hp_selftest_check_target(const char *target, bool force, hp_error *err)
{
    return hp_json_check_target(target, what, force, err);
}

int hp_selftest_write(const hp_selftest_result *result, const char *target, bool force, hp_error *err)
{
    return hp_json_write_target(target, what, json_of(result), force, err);
}
