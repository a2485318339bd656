/* One line on stderr that says how far a run is, and is gone at its end. */
#ifndef CLI_PROGRESS_H
#define CLI_PROGRESS_H

#include "settings.h"

#include <hotpix.h>

typedef struct cli_progress {
    bool on;
    bool shown;
    double last_s;  /* when the line was written */
    size_t columns; /* of the terminal */
    size_t length;  /* of the line that stands there */
} cli_progress;

cli_progress progress_start(const cli_settings *settings);

/* An hp_progress_fn; context is the progress. */
void progress_update(void *context, const hp_progress *now);

/* Erases the line. */
void progress_end(cli_progress *progress);

#endif
