/* The table of commands. A new one is a file cmd_NAME.c, a line in main.c and a bit for the option table. */
#ifndef CLI_COMMAND_H
#define CLI_COMMAND_H

#include "settings.h"

enum {
    EXIT_DONE = 0,
    EXIT_FAILED = 1,
    EXIT_USAGE = 2,
    EXIT_SKIPPED = 3,     /* done, but some photos were skipped for a fault */
    EXIT_INTERRUPTED = -1 /* main ends by the signal that came */
};

/* Which commands an option belongs to. */
enum {
    FOR_SCAN = 1,
    FOR_VARIANCE = 2,
    FOR_CONVERT = 4,
    FOR_DETECT = 8,
    FOR_MERGE = 16,
    FOR_INFO = 32,
    FOR_FORGET = 64,
    FOR_HISTORY = 256,
    FOR_SELFTEST = 1024,
    FOR_FIX = 1 << 12
};

typedef struct cli_command {
    const char *name;
    unsigned bit;
    const char *arguments; /* as the usage line shows them; at least one is needed */
    const char *summary;   /* one line */
    const char *description;
    int (*run)(const cli_settings *settings); /* returns an exit code */
} cli_command;

int cmd_scan(const cli_settings *settings);
int cmd_variance(const cli_settings *settings);
int cmd_convert(const cli_settings *settings);
int cmd_detect(const cli_settings *settings);
int cmd_merge(const cli_settings *settings);
int cmd_info(const cli_settings *settings);
int cmd_forget(const cli_settings *settings);
int cmd_selftest(const cli_settings *settings);
int cmd_history(const cli_settings *settings);
int cmd_fix(const cli_settings *settings);

#endif
