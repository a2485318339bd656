/*
 * Values of a JSON object, by key. Absent ones, and null, leave what is there; what is of another type or beyond the
 * bounds is HP_E_INPUT, naming the key.
 */
#ifndef HP_DEFECTS_JSON_VALUES_H
#define HP_DEFECTS_JSON_VALUES_H

#include "hotpix.h"

#include <jansson.h>

int hp_json_get_integer(const json_t *object, const char *key, int64_t least, int64_t most, int64_t *value,
                        hp_error *err);

/* From 0 to HP_SIDE_MOST. */
int hp_json_get_place(const json_t *object, const char *key, uint32_t *value, hp_error *err);

/* Up to HP_NUMBER_MOST, of either sign. */
int hp_json_get_number(const json_t *object, const char *key, double *value, hp_error *err);
int hp_json_get_text(const json_t *object, const char *key, char *out, size_t size, hp_error *err);

/* *array is NULL where there is none. */
int hp_json_get_array(const json_t *object, const char *key, const json_t **array, hp_error *err);

/* HP_E_INPUT: none of the words that it can be. */
int hp_json_fail_word(const char *key, hp_error *err);

#endif
