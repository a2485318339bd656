/* What the commands that work through photos share: run options, targets, skipped photos. */
#ifndef CLI_RUN_H
#define CLI_RUN_H

#include "progress.h"
#include "settings.h"

#include <hotpix.h>

hp_run_options run_options(const cli_settings *settings, cli_progress *progress);
hp_scan_options scan_options(const cli_settings *settings, cli_progress *progress);

typedef int check_target_fn(const char *target, bool force, hp_error *err);

/* Whether every -o can be written and a state is named where one is spoken of, before the work; returns 0 or an exit
 * code, with the message printed. */
int check_outputs(const cli_settings *settings, check_target_fn *check);

/* Names the skipped photos on stderr. Those left out on purpose are counted alone when they are many. */
void say_skipped(const hp_skipped *skipped, size_t count, bool quiet);

/* The same, but those are only counted that are of other cameras, sizes or kinds than what is worked on. */
void say_faults(const hp_skipped *skipped, size_t count, bool quiet);

enum { LIST_NAME_BYTES = 1024 };

/* The camera of a list, and the frame where it has several lists. Returns out, of LIST_NAME_BYTES. */
char *list_name(const hp_result *result, size_t index, char *out);

/* What the library has to say of each camera's list, on stderr. */
void say_warnings(const hp_result *result);

/* The same, but each once, whatever the cameras and kinds of photos that it is said of: for lists that are only used.
 */
void say_warnings_once(const hp_result *result);

/* Whether one of them was skipped for a fault. */
bool has_fault(const hp_skipped *skipped, size_t count);

/* The exit code of a run that ended well. */
int exit_code(const cli_settings *settings, bool fault);

#endif
