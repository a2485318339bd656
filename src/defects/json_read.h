/* The reader of the lists that format_json.c writes. */
#ifndef HP_DEFECTS_JSON_READ_H
#define HP_DEFECTS_JSON_READ_H

#include "defects/reading.h"

/*
 * Adds the lists that fit the options; where none does, it fails as the first. Keys that are not known are passed
 * over, those that are missing hold nothing; x and y are needed.
 */
int hp_json_read_lists(hp_reading *reading, hp_error *err);

#endif
