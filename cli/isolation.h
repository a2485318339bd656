/* The processes that decode photos: one zygote for the whole program, made when it has no threads yet. */
#ifndef CLI_ISOLATION_H
#define CLI_ISOLATION_H

#include "settings.h"

#include <hotpix.h>

/* Makes the zygote now; otherwise isolation_for does. */
void isolation_begin(void);

/* For hp_run_options.isolation: as the settings want it; NULL for --no-isolation. */
hp_isolation *isolation_for(const cli_settings *settings);

/* Warns where something of it was not to be had. */
void isolation_report(void);
void isolation_end(void);

#endif
