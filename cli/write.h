/* What -o asks for. */
#ifndef CLI_WRITE_H
#define CLI_WRITE_H

#include "settings.h"

#include <hotpix.h>

/*
 * Writes the result to every -o, with a warning where a list is for other photos; one file that cannot be written does
 * not keep the others from being. Returns 0 or an exit code.
 */
int write_result(const cli_settings *settings, const hp_result *result);

/* The first of these targets or lists that is JSON by its name: its file; NULL where none is. */
const char *json_among(const text_list *names);

#endif
