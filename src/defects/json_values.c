#include "defects/json_values.h"

#include "base/error.h"
#include "defects/list.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

int hp_json_get_integer(const json_t *object, const char *key, int64_t least, int64_t most, int64_t *value,
                        hp_error *err)
{
    const json_t *json = json_object_get(object, key);
    if (!json || json_is_null(json))
        return HP_OK;
    if (!json_is_integer(json) || json_integer_value(json) < least || json_integer_value(json) > most)
        return hp_fail(err, HP_E_INPUT, "\"%s\" is not a whole number from %" PRId64 " to %" PRId64, key, least, most);
    *value = json_integer_value(json);
    return HP_OK;
}

int hp_json_get_place(const json_t *object, const char *key, uint32_t *value, hp_error *err)
{
    int64_t number = *value;
    int code = hp_json_get_integer(object, key, 0, HP_SIDE_MOST, &number, err);
    *value = (uint32_t)number;
    return code;
}

int hp_json_get_number(const json_t *object, const char *key, double *value, hp_error *err)
{
    const json_t *json = json_object_get(object, key);
    if (!json || json_is_null(json))
        return HP_OK;
    if (!json_is_number(json) || !(fabs(json_number_value(json)) <= HP_NUMBER_MOST))
        return hp_fail(err, HP_E_INPUT, "\"%s\" is not a number up to %g", key, HP_NUMBER_MOST);
    *value = json_number_value(json);
    return HP_OK;
}

int hp_json_get_text(const json_t *object, const char *key, char *out, size_t size, hp_error *err)
{
    const json_t *json = json_object_get(object, key);
    if (!json || json_is_null(json))
        return HP_OK;
    if (!json_is_string(json))
        return hp_fail(err, HP_E_INPUT, "\"%s\" is not a text", key);
    if (json_string_length(json) >= size)
        return hp_fail(err, HP_E_INPUT, "\"%s\" is longer than %zu bytes", key, size - 1);
    memcpy(out, json_string_value(json), json_string_length(json) + 1);
    return HP_OK;
}

int hp_json_fail_word(const char *key, hp_error *err)
{
    return hp_fail(err, HP_E_INPUT, "\"%s\" is none of the words that it can be", key);
}

int hp_json_get_array(const json_t *object, const char *key, const json_t **array, hp_error *err)
{
    *array = json_object_get(object, key);
    if (!*array || json_is_array(*array))
        return HP_OK;
    return hp_fail(err, HP_E_INPUT, "\"%s\" is not an array", key);
}
