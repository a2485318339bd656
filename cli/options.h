/* Options: one const table that is parsed from and printed as help. */
#ifndef CLI_OPTIONS_H
#define CLI_OPTIONS_H

#include "command.h"
#include "settings.h"

#include <stdint.h>

/* The field it fills: bool, int (index of the word), uint64_t, uint64_t, text_list, const char *, cli_frame, double. */
typedef enum option_kind {
    OPTION_FLAG,
    OPTION_WORD,
    OPTION_NUMBER,
    OPTION_SIZE,
    OPTION_TEXTS,
    OPTION_TEXT,
    OPTION_FRAME,
    OPTION_RATE
} option_kind;

typedef struct cli_option {
    const char *name; /* long, without the dashes */
    char letter;      /* 0: none */
    option_kind kind;
    unsigned commands; /* bits of command.h */
    size_t offset;     /* of the field in settings */
    const char *value; /* what help calls it; the words themselves, with |, of OPTION_WORD; NULL: takes none */
    uint64_t least, most;
    const char *help; /* further lines after \n */
} cli_option;

extern const cli_option options[];
extern const size_t option_count;

/*
 * Fills settings from argv[0..argc), which begins behind the command's name. Options may stand behind arguments;
 * "--" ends them. Returns 0, or EXIT_USAGE with the message printed. settings is to be freed in either case.
 */
int options_parse(const cli_command *command, int argc, char **argv, cli_settings *settings);
void settings_free(cli_settings *settings);

/* The usage line, description and options of a command, on stdout. */
void options_print_help(const cli_command *command);

/*
 * The same for tools/tables, which makes manual pages and completions of it: a word, then fields behind tabs, a line.
 * "command" NAME ARGUMENTS SUMMARY, "description" LINE ...; "option" NAME LETTER KIND VALUE, "help" LINE ...
 */
void options_dump(const cli_command *command);

#endif
