/* The table of list formats. A new one is a file beside format_json.c and a line in list_format.c. */
#ifndef HP_DEFECTS_LIST_FORMAT_H
#define HP_DEFECTS_LIST_FORMAT_H

#include "hotpix.h"

#include <stdio.h>

/*
 * Writes the lists of a result to a stream: exactly one where the format holds one camera. Every defect is inside
 * its frame (hp_list_check has passed) and in order. Errors of the stream need not be looked at: the caller does.
 */
typedef int hp_list_writer(FILE *stream, const hp_result *result, hp_error *err);

typedef struct hp_list_format {
    const char *name;       /* as in KIND:FILE */
    const char *endings[3]; /* of file names, with the dot, lower case, NULL after the last */
    bool many_cameras;      /* one file may hold several */
    hp_list_writer *write;
} hp_list_format;

extern const hp_list_format hp_list_formats[];
extern const size_t hp_list_format_count;

/*
 * Splits a target into its format and its file name, which points into target.
 * HP_E_ARGUMENT, naming the kinds, when neither KIND: nor the ending tells the format.
 */
int hp_list_target(const char *target, const hp_list_format **format, const char **file, hp_error *err);

int hp_write_json(FILE *stream, const hp_result *result, hp_error *err);
int hp_write_csv(FILE *stream, const hp_result *result, hp_error *err);
int hp_write_dcraw(FILE *stream, const hp_result *result, hp_error *err);

#endif
