/* Names of the files when a format holds one camera and there are several. */
#ifndef HP_DEFECTS_FILE_NAMES_H
#define HP_DEFECTS_FILE_NAMES_H

#include "base/text.h"
#include "hotpix.h"

/*
 * Adds one name for each list of the result: "out.txt" becomes "out-Model-Serial.txt", with "unknown" for a model
 * that is not known, "_" for characters other than [A-Za-z0-9._-], the kind of photos where there are several of one
 * camera ("out-Model-raw.txt"), the frame where there are several of one kind ("out-Model-4000x3000.txt"), and a number
 * where two would still be equal.
 */
int hp_file_names(const hp_result *result, const char *file, hp_strings *names, hp_error *err);

/*
 * The same in a folder, by the names that a program looks for; HP_E_ARGUMENT where two would be equal, or a camera has
 * no name.
 */
int hp_file_names_in(const hp_result *result, const char *folder,
                     void (*file_name)(const hp_camera *camera, char *out, size_t size), hp_strings *names,
                     hp_error *err);

#endif
