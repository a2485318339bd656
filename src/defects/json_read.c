#include "defects/json_read.h"

#include "base/error.h"
#include "base/memory.h"
#include "base/skips.h"
#include "base/text.h"
#include "defects/json_values.h"

#include <string.h>

/* ---- what lists are made of ---- */

static int get_box(const json_t *object, hp_defect *defect, hp_error *err)
{
    const json_t *box = json_object_get(object, "box");
    uint32_t values[4];
    if (!box || json_is_null(box))
        return HP_OK;
    for (size_t i = 0; i < 4; i++) {
        const json_t *value = json_array_get(box, i);
        if (!json_is_integer(value) || json_integer_value(value) < 0 || json_integer_value(value) > HP_SIDE_MOST)
            return hp_fail(err, HP_E_INPUT, "\"box\" is not [x, y, width, height]");
        values[i] = (uint32_t)json_integer_value(value);
    }
    defect->box = (hp_box){values[0], values[1], values[2], values[3]};
    return HP_OK;
}

static int get_words(const json_t *object, hp_defect *defect, hp_error *err)
{
    char kind[16] = "hot", grade[16] = "certain", shape[16] = "pixel";
    int code = hp_json_get_text(object, "kind", kind, sizeof kind, err);
    if (!code)
        code = hp_json_get_text(object, "grade", grade, sizeof grade, err);
    if (!code)
        code = hp_json_get_text(object, "shape", shape, sizeof shape, err);
    if (!code && !hp_kind_find(kind, &defect->kind))
        code = hp_json_fail_word("kind", err);
    if (!code && !hp_grade_find(grade, &defect->grade))
        code = hp_json_fail_word("grade", err);
    if (!code && !hp_shape_find(shape, &defect->shape))
        code = hp_json_fail_word("shape", err);
    return code;
}

static int get_numbers(const json_t *json, hp_defect *defect, hp_error *err)
{
    const struct {
        const char *key;
        double *value;
    } numbers[] = {{"score", &defect->score},
                   {"expected_false", &defect->expected_false},
                   {"mean", &defect->mean},
                   {"deviation", &defect->deviation},
                   {"dark_current", &defect->dark_current}};
    int code = HP_OK;
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers && !code; i++)
        code = hp_json_get_number(json, numbers[i].key, numbers[i].value, err);
    return code;
}

static int get_defect(const json_t *json, hp_defect *defect, hp_error *err)
{
    uint32_t x = 0, y = 0;
    if (!json_is_integer(json_object_get(json, "x")) || !json_is_integer(json_object_get(json, "y")))
        return hp_fail(err, HP_E_INPUT, "has no whole \"x\" and \"y\"");
    int code = hp_json_get_place(json, "x", &x, err);
    if (!code)
        code = hp_json_get_place(json, "y", &y, err);
    if (code)
        return code;
    *defect = hp_defect_point(x, y);
    code = get_words(json, defect, err);
    if (!code)
        code = get_numbers(json, defect, err);
    if (!code)
        code = get_box(json, defect, err);
    if (!code)
        code = hp_json_get_integer(json, "since", 0, INT64_MAX, &defect->since_s, err);
    if (!code)
        code = hp_json_get_integer(json, "until", 0, INT64_MAX, &defect->until_s, err);
    return code;
}

static int get_defects(const json_t *camera, hp_list_maker *maker, hp_error *err)
{
    const json_t *array;
    int code = hp_json_get_array(camera, "defects", &array, err);
    if (!code && !array)
        code = hp_fail(err, HP_E_INPUT, "holds no \"defects\"");
    for (size_t i = 0; i < json_array_size(array) && !code; i++) {
        hp_defect defect;
        char where[32];
        code = get_defect(json_array_get(array, i), &defect, err);
        if (!code)
            code = hp_list_add(maker, &defect, err);
        snprintf(where, sizeof where, "defect %zu", i + 1);
        if (code)
            hp_fail_in(err, code, where);
    }
    return code;
}

static int get_skipped(const json_t *object, hp_skipped **items, size_t *count, hp_error *err)
{
    const json_t *array;
    hp_skips skips = {0};
    int code = hp_json_get_array(object, "skipped", &array, err);
    for (size_t i = 0; i < json_array_size(array) && !code; i++) {
        const json_t *item = json_array_get(array, i);
        const char *path = json_string_value(json_object_get(item, "path"));
        const char *reason = json_string_value(json_object_get(item, "reason"));
        code = hp_skips_add(&skips, path ? path : "", reason ? reason : "",
                            json_is_true(json_object_get(item, "harmless")), err);
        if (code)
            break;
        skips.items[i].others = json_is_true(json_object_get(item, "others"));
        skips.items[i].unfit = json_is_true(json_object_get(item, "unfit"));
    }
    *items = skips.items;
    *count = skips.count;
    return code;
}

static int get_warnings(const json_t *camera, hp_list *list, hp_error *err)
{
    const json_t *array;
    hp_strings warnings = {0};
    int code = hp_json_get_array(camera, "warnings", &array, err);
    for (size_t i = 0; i < json_array_size(array) && !code; i++) {
        const char *text = json_string_value(json_array_get(array, i));
        code = hp_strings_add(&warnings, text ? text : "", err);
    }
    list->warnings = warnings.items;
    list->warning_count = warnings.count;
    return code;
}

static int get_spot(const json_t *json, hp_dust *dust, hp_error *err)
{
    *dust = (hp_dust){0};
    int code = hp_json_get_place(json, "x", &dust->x, err);
    if (!code)
        code = hp_json_get_place(json, "y", &dust->y, err);
    if (!code)
        code = hp_json_get_place(json, "diameter", &dust->diameter, err);
    return code ? code : hp_json_get_number(json, "mean", &dust->mean, err);
}

static int get_dust(const json_t *camera, hp_list *list, hp_error *err)
{
    const json_t *array;
    int code = hp_json_get_array(camera, "dust", &array, err);
    size_t count = json_array_size(array);
    if (code || count == 0)
        return code;
    list->dust = hp_calloc(count, sizeof *list->dust, err);
    if (!list->dust)
        return HP_E_MEMORY;
    for (size_t i = 0; i < count && !code; i++, list->dust_count++)
        code = get_spot(json_array_get(array, i), &list->dust[i], err);
    return code;
}

/* Of the whole set of photos that the list was found in. */
static int get_checks(const json_t *camera, hp_checks *checks, hp_error *err)
{
    const json_t *json = json_object_get(camera, "checks");
    int64_t pixels = 0, kept_count = 0;
    checks->kept_share = -1;
    const struct {
        const char *key;
        double *value;
    } shares[] = {{"phase_share", &checks->phase_share}, {"block_share", &checks->block_share},
                  {"kept_share", &checks->kept_share},   {"turned_sigmas", &checks->turned_sigmas},
                  {"weak_share", &checks->weak_share},   {"unsteady_share", &checks->unsteady_share}};
    int code = hp_json_get_integer(json, "pixels", 0, INT32_MAX, &pixels, err);
    if (!code)
        code = hp_json_get_integer(json, "kept_count", 0, INT32_MAX, &kept_count, err);
    if (!code)
        code = hp_json_get_place(json, "phase_x", &checks->phase_x, err);
    if (!code)
        code = hp_json_get_place(json, "phase_y", &checks->phase_y, err);
    for (size_t i = 0; i < sizeof shares / sizeof *shares && !code; i++)
        code = hp_json_get_number(json, shares[i].key, shares[i].value, err);
    checks->pixels = (size_t)pixels;
    checks->kept_count = (size_t)kept_count;
    return code;
}

static int get_camera(const json_t *json, hp_camera *camera, hp_error *err)
{
    char source[16] = "unknown";
    int64_t bits = 0;
    int code = hp_json_get_text(json, "make", camera->make, sizeof camera->make, err);
    if (!code)
        code = hp_json_get_text(json, "model", camera->model, sizeof camera->model, err);
    if (!code)
        code = hp_json_get_text(json, "serial", camera->serial, sizeof camera->serial, err);
    if (!code)
        code = hp_json_get_place(json, "width", &camera->width, err);
    if (!code)
        code = hp_json_get_place(json, "height", &camera->height, err);
    if (!code)
        code = hp_json_get_text(json, "source", source, sizeof source, err);
    if (!code && !hp_source_find(source, &camera->source))
        code = hp_json_fail_word("source", err);
    if (!code)
        code = hp_json_get_text(json, "cfa", camera->cfa, sizeof camera->cfa, err);
    if (!code && !hp_text_is_word(camera->cfa))
        code = hp_fail(err, HP_E_INPUT, "\"cfa\" is not a row of letters");
    if (!code)
        code = hp_json_get_integer(json, "bits", 0, 64, &bits, err);
    camera->bits = (unsigned)bits;
    return code;
}

static int get_counts(const json_t *json, hp_list *list, hp_error *err)
{
    const json_t *photos = json_object_get(json, "photos");
    int64_t used = 0, negative = 0;
    int code = hp_json_get_integer(photos, "used", 0, INT32_MAX, &used, err);
    if (!code)
        code = get_skipped(photos, &list->skipped, &list->skipped_count, err);
    if (!code)
        code = hp_json_get_integer(json, "negative", 0, INT32_MAX, &negative, err);
    list->photos_used = (size_t)used;
    list->negative_count = (size_t)negative;
    return code;
}

/* *fits is false where the list is whole but not for what is asked for, or nothing tells its frame; err then says why.
 */
static int get_list(hp_reading *reading, const json_t *json, bool *fits, hp_error *err)
{
    hp_list_maker maker = {0};
    hp_list *list = &maker.list;
    *fits = true;
    int code = get_camera(json, &list->camera, err);
    if (!code && hp_reading_settle(reading, list, HP_SOURCE_UNKNOWN, err)) {
        *fits = false;
        goto done;
    }
    if (!code)
        code = get_counts(json, list, err);
    if (!code)
        code = get_warnings(json, list, err);
    if (!code)
        code = get_dust(json, list, err);
    if (!code)
        code = get_checks(json, &list->checks, err);
    if (!code)
        code = get_defects(json, &maker, err);
    if (!code)
        code = hp_reading_add(reading, list, err);
done:
    hp_list_clear(list);
    return code;
}

/* What else hotpix writes as JSON: read as lists without a pixel, they would repair nothing. */
static const char *maker_of(const json_t *root, const json_t *cameras)
{
    if (json_object_get(json_array_get(cameras, 0), "steps"))
        return "selftest";
    return json_object_get(root, "mean_m2") ? "variance" : NULL;
}

static int get_lists(hp_reading *reading, const json_t *root, hp_error *err)
{
    const json_t *cameras = json_object_get(root, "cameras");
    const char *maker = maker_of(root, cameras);
    hp_error first = {0}, unsettled = {0};
    if (maker)
        return hp_fail(err, HP_E_INPUT, "is what hotpix %s found out, no list of bad pixels: hotpix scan makes one",
                       maker);
    if (!json_is_array(cameras))
        return hp_fail(err, HP_E_INPUT, "holds no \"cameras\"");
    for (size_t i = 0; i < json_array_size(cameras); i++) {
        hp_error own = {0};
        bool fits;
        int code = get_list(reading, json_array_get(cameras, i), &fits, &own);
        if (code) {
            char where[32];
            snprintf(where, sizeof where, "camera %zu", i + 1);
            hp_fail_in(&own, code, where);
            return hp_fail(err, code, "%s", own.message);
        }
        if (!fits && !first.code)
            first = own;
        if (!fits && own.code == HP_E_ARGUMENT && !unsettled.code)
            unsettled = own;
    }
    if (reading->result->list_count && unsettled.code)
        return hp_reading_fail_one(&unsettled, json_array_size(cameras), err);
    if (reading->result->list_count || !first.code)
        return get_skipped(root, &reading->result->skipped, &reading->result->skipped_count, err);
    return hp_reading_fail_none(&first, json_array_size(cameras), err);
}

int hp_json_read_lists(hp_reading *reading, hp_error *err)
{
    json_error_t fault;
    json_t *root = json_loadb((const char *)reading->file.data, reading->file.size, 0, &fault);
    if (!root) {
        char shown[JSON_ERROR_TEXT_LENGTH + 64];
        return hp_fail(err, HP_E_INPUT, "is no JSON: line %d: %s", fault.line,
                       hp_printable(fault.text, shown, sizeof shown));
    }
    int code = get_lists(reading, root, err);
    json_decref(root);
    return code;
}
