/* The full form: all that a list holds, of every camera. docs/lists.md describes it. */
#include "defects/history_json.h"
#include "defects/json_read.h"
#include "defects/list_format.h"

#include <math.h>

static json_t *box_of(const hp_box *box)
{
    json_t *array = json_array();
    const uint32_t values[] = {box->x, box->y, box->width, box->height};
    int failed = 0;
    for (size_t i = 0; i < 4; i++)
        failed |= json_array_append_new(array, json_integer(values[i]));
    return hp_json_or_release(array, failed);
}

static json_t *defect_of(const hp_list *list, size_t index)
{
    const hp_defect *defect = &list->defects[index];
    json_t *json = json_object();
    int failed = json_object_set_new(json, "x", json_integer(defect->x));
    failed |= json_object_set_new(json, "y", json_integer(defect->y));
    failed |= json_object_set_new(json, "kind", json_string(hp_kind_name(defect->kind)));
    failed |= json_object_set_new(json, "shape", json_string(hp_shape_name(defect->shape)));
    failed |= json_object_set_new(json, "grade", json_string(hp_grade_name(defect->grade)));
    failed |= json_object_set_new(json, "score", hp_json_number(defect->score, 3));
    if (defect->expected_false > 0)
        failed |= json_object_set_new(json, "expected_false",
                                      hp_json_number(fmax(defect->expected_false, HP_SHARE_LEAST), 9));
    failed |= json_object_set_new(json, "mean", hp_json_number(defect->mean, 2));
    failed |= json_object_set_new(json, "deviation", hp_json_number(defect->deviation, 2));
    if (defect->dark_current != 0)
        failed |= json_object_set_new(json, "dark_current", hp_json_number(defect->dark_current, 3));
    failed |= json_object_set_new(json, "box", box_of(&defect->box));
    if (defect->since_s)
        failed |= json_object_set_new(json, "since", json_integer(defect->since_s));
    if (defect->until_s)
        failed |= json_object_set_new(json, "until", json_integer(defect->until_s));
    if (list->history)
        failed |= json_object_set_new(json, "history", hp_json_timeline(list->history, index));
    return hp_json_or_release(json, failed);
}

static json_t *defects_of(const hp_list *list)
{
    json_t *array = json_array();
    int failed = 0;
    for (size_t i = 0; i < list->defect_count && !failed; i++)
        failed = json_array_append_new(array, defect_of(list, i));
    return hp_json_or_release(array, failed);
}

static json_t *dust_of(const hp_list *list)
{
    json_t *array = json_array();
    int failed = 0;
    for (size_t i = 0; i < list->dust_count && !failed; i++) {
        const hp_dust *dust = &list->dust[i];
        json_t *json = json_object();
        failed = json_object_set_new(json, "x", json_integer(dust->x));
        failed |= json_object_set_new(json, "y", json_integer(dust->y));
        failed |= json_object_set_new(json, "diameter", json_integer(dust->diameter));
        failed |= json_object_set_new(json, "mean", hp_json_number(dust->mean, 2));
        failed |= json_array_append_new(array, json);
    }
    return hp_json_or_release(array, failed);
}

static json_t *checks_of(const hp_checks *checks)
{
    json_t *json = json_object();
    json_t *kept = checks->kept_share < 0 ? json_null() : hp_json_number(checks->kept_share, 3);
    int failed = json_object_set_new(json, "pixels", json_integer((json_int_t)checks->pixels));
    failed |= json_object_set_new(json, "phase_share", hp_json_number(checks->phase_share, 3));
    failed |= json_object_set_new(json, "phase_x", json_integer(checks->phase_x));
    failed |= json_object_set_new(json, "phase_y", json_integer(checks->phase_y));
    failed |= json_object_set_new(json, "block_share", hp_json_number(checks->block_share, 3));
    failed |= json_object_set_new(json, "kept_share", kept);
    failed |= json_object_set_new(json, "kept_count", json_integer((json_int_t)checks->kept_count));
    failed |= json_object_set_new(json, "turned_sigmas", hp_json_number(checks->turned_sigmas, 2));
    failed |= json_object_set_new(json, "weak_share", hp_json_number(checks->weak_share, 3));
    failed |= json_object_set_new(json, "unsteady_share", hp_json_number(checks->unsteady_share, 3));
    return hp_json_or_release(json, failed);
}

static json_t *warnings_of(const hp_list *list)
{
    json_t *array = json_array();
    int failed = 0;
    for (size_t i = 0; i < list->warning_count; i++)
        failed |= json_array_append_new(array, hp_json_text(list->warnings[i]));
    return hp_json_or_release(array, failed);
}

static json_t *camera_of(const hp_list *list)
{
    json_t *json = hp_json_camera(&list->camera, list->photos_used, list->skipped, list->skipped_count);
    int failed = json_object_set_new(json, "defects", defects_of(list));
    failed |= json_object_set_new(json, "negative", json_integer((json_int_t)list->negative_count));
    failed |= json_object_set_new(json, "dust", dust_of(list));
    if (list->checks.pixels)
        failed |= json_object_set_new(json, "checks", checks_of(&list->checks));
    failed |= json_object_set_new(json, "warnings", warnings_of(list));
    if (list->history)
        failed |= json_object_set_new(json, "history", hp_json_history(list->history));
    return hp_json_or_release(json, failed);
}

static json_t *cameras_of(const hp_result *result)
{
    json_t *array = json_array();
    int failed = 0;
    for (size_t i = 0; i < result->list_count && !failed; i++)
        failed = json_array_append_new(array, camera_of(&result->lists[i]));
    return hp_json_or_release(array, failed);
}

/* No clock and no speed: the same photos give the same bytes. */
static int write_lists(const hp_writing *writing, hp_error *err)
{
    const hp_result *result = writing->result;
    json_t *root = json_object();
    int failed = json_object_set_new(root, "hotpix", json_string(HP_VERSION));
    failed |= json_object_set_new(root, "cameras", cameras_of(result));
    failed |= json_object_set_new(root, "skipped", hp_json_skipped(result->skipped, result->skipped_count));
    return hp_json_write(writing->stream, hp_json_or_release(root, failed), err);
}

static bool probe(hp_bytes file)
{
    size_t at = 0;
    while (at < file.size && (file.data[at] == ' ' || (file.data[at] >= '\t' && file.data[at] <= '\r')))
        at++;
    return at < file.size && file.data[at] == '{';
}

const hp_list_format hp_list_json = {.name = "json",
                                     .endings = {".json"},
                                     .many_cameras = true,
                                     .probe = probe,
                                     .read = hp_json_read_lists,
                                     .write = write_lists};
