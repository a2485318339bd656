/* What all JSON that is written has in common, on top of jansson. */
#ifndef HP_DEFECTS_JSON_H
#define HP_DEFECTS_JSON_H

#include "hotpix.h"

#include <jansson.h>
#include <stdio.h>

/* New references, NULL for want of memory. */

/* text as it is where it is valid UTF-8, else as hp_printable shows it. */
json_t *hp_json_text(const char *text);

/* A number rounded to so many decimals (at most 9); null where it is not finite. */
json_t *hp_json_number(double value, int decimals);

/* The array of {"path", "reason", "harmless"}. */
json_t *hp_json_skipped(const hp_skipped *skipped, size_t count);

/* Writes the value and a line feed and releases it. root NULL: HP_E_MEMORY. Errors of the stream are the caller's. */
int hp_json_write(FILE *stream, json_t *root, hp_error *err);

#endif
