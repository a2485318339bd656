/* What all JSON that is written has in common, on top of jansson. */
#ifndef HP_DEFECTS_JSON_H
#define HP_DEFECTS_JSON_H

#include "hotpix.h"

#include <jansson.h>
#include <stdio.h>

/* New references, NULL for want of memory. */

/* The value as it is, or NULL where a part of it failed, and then it is released. */
json_t *hp_json_or_release(json_t *json, int failed);

/* text as it is where it is valid UTF-8, else as hp_printable shows it. */
json_t *hp_json_text(const char *text);

/* A number rounded to so many decimals (at most 9); null where it is not finite. */
json_t *hp_json_number(double value, int decimals);

/* The array of {"path", "reason", "harmless"}. */
json_t *hp_json_skipped(const hp_skipped *skipped, size_t count);

/* {"used", "skipped"}: how many photos counted, and which did not. */
json_t *hp_json_photos(size_t used, const hp_skipped *skipped, size_t count);

/* A camera, to which more is added, with its "photos". */
json_t *hp_json_camera(const hp_camera *camera, size_t used, const hp_skipped *skipped, size_t count);

/* Writes the value and a line feed and releases it. root NULL: HP_E_MEMORY. Errors of the stream are the caller's. */
int hp_json_write(FILE *stream, json_t *root, hp_error *err);

#endif
