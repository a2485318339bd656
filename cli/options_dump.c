#include "options.h"

#include <stdio.h>
#include <string.h>

static void print_lines(const char *what, const char *text)
{
    for (const char *line = text; line;) {
        const char *end = strchr(line, '\n');
        printf("%s\t%.*s\n", what, end ? (int)(end - line) : (int)strlen(line), line);
        line = end ? end + 1 : NULL;
    }
}

static const char *kind_name(option_kind kind)
{
    switch (kind) {
    case OPTION_FLAG:
        return "flag";
    case OPTION_WORD:
        return "word";
    case OPTION_NUMBER:
        return "number";
    case OPTION_SIZE:
        return "size";
    case OPTION_TEXTS:
        return "texts";
    case OPTION_TEXT:
        return "text";
    case OPTION_FRAME:
        return "frame";
    case OPTION_RATE:
        return "rate";
    }
    return "";
}

static void dump_option(const cli_option *option)
{
    char letter[] = {option->letter, 0};
    printf("option\t%s\t%s\t%s\t%s\n", option->name, letter, kind_name(option->kind),
           option->value ? option->value : "");
    print_lines("help", option->help);
}

void options_dump(const cli_command *command)
{
    printf("command\t%s\t%s\t%s\n", command->name, command->arguments, command->summary);
    print_lines("description", command->description);
    for (size_t i = 0; i < option_count; i++)
        if (options[i].commands & command->bit)
            dump_option(&options[i]);
}
