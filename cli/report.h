/* What is done with a result: faults and warnings to stderr, files written, the table to stdout. */
#ifndef CLI_REPORT_H
#define CLI_REPORT_H

#include "settings.h"

#include <hotpix.h>

/* Each returns the exit code. */
int report_result(const cli_settings *settings, const hp_result *result);
int report_history(const cli_settings *settings, const hp_result *result);
int report_variance(const cli_settings *settings, const hp_variance_result *result);

/* The photos that a result left out, as report_result names them; for a run that failed as none was of use. */
void say_unusable(const hp_result *result, bool quiet);

/* The files that a history was not read from, likewise. */
void say_history_skipped(const hp_result *result, bool quiet);

#endif
