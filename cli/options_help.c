#include "options.h"

#include <stdio.h>
#include <string.h>

enum { HELP_COLUMN = 32 };

static void print_option(const cli_option *option)
{
    char left[96];
    char letter[8] = "    ";
    if (option->letter)
        snprintf(letter, sizeof letter, "-%c, ", option->letter);
    int used = snprintf(left, sizeof left, "  %s--%s%s%s", letter, option->name, option->value ? " " : "",
                        option->value ? option->value : "");
    if (used < HELP_COLUMN)
        printf("%-*s", HELP_COLUMN, left);
    else
        printf("%s\n%*s", left, HELP_COLUMN, "");
    for (const char *line = option->help; line;) {
        const char *end = strchr(line, '\n');
        printf("%.*s\n%*s", end ? (int)(end - line) : (int)strlen(line), line, end ? HELP_COLUMN : 0, "");
        line = end ? end + 1 : NULL;
    }
}

void options_print_help(const cli_command *command)
{
    printf("Usage: hotpix %s [OPTION]... %s\n\n%s\n\nOptions:\n", command->name, command->arguments,
           command->description);
    for (size_t i = 0; i < option_count; i++)
        if (options[i].commands & command->bit)
            print_option(&options[i]);
}
