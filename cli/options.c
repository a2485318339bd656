#include "options.h"

#include "say.h"
#include "values.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* What is left of the command line. */
typedef struct cli_parser {
    const cli_command *command;
    int argc;
    char **argv;
    int next;
    cli_settings *settings;
} cli_parser;

static const cli_option *find(const cli_command *command, const char *name, size_t length, char letter)
{
    for (size_t i = 0; i < option_count; i++) {
        const cli_option *o = &options[i];
        if (!(o->commands & command->bit))
            continue;
        if (name ? strlen(o->name) == length && !strncmp(o->name, name, length) : o->letter && o->letter == letter)
            return o;
    }
    return NULL;
}

static int fail_unknown(const cli_parser *parser, const char *argument)
{
    const char *best = NULL;
    unsigned least = 3;
    size_t length = strcspn(argument, "=");
    for (size_t i = 0; i < option_count; i++) {
        if (!(options[i].commands & parser->command->bit) || argument[1] != '-' || length < 2)
            continue;
        bool begins = length > 3 && !strncmp(argument + 2, options[i].name, length - 2); /* "--out" */
        unsigned distance = begins ? 0 : edit_distance(argument + 2, length - 2, options[i].name);
        if (distance < least) {
            least = distance;
            best = options[i].name;
        }
    }
    char shown[SHOWN_BYTES];
    hp_printable(argument, shown, sizeof shown);
    if (best)
        return say_usage(parser->command->name, "unknown option '%s'; did you mean '--%s'?", shown, best);
    return say_usage(parser->command->name, "unknown option '%s'", shown);
}

static int store(const cli_parser *parser, const cli_option *option, const char *name, const char *value)
{
    void *field = (char *)parser->settings + option->offset;
    char expected[128];
    bool good = true;
    switch (option->kind) {
    case OPTION_FLAG:
        *(bool *)field = true;
        break;
    case OPTION_WORD:
        good = value_word(value, option->value, field);
        snprintf(expected, sizeof expected, "%s", option->value);
        break;
    case OPTION_NUMBER:
        good = value_number(value, option->least, option->most, field);
        snprintf(expected, sizeof expected, "a number from %llu to %llu", (unsigned long long)option->least,
                 (unsigned long long)option->most);
        break;
    case OPTION_SIZE:
        good = value_size(value, field);
        snprintf(expected, sizeof expected, "a number of bytes, as 600M or 2G");
        break;
    case OPTION_TEXTS: {
        text_list *list = field;
        list->items[list->count++] = value;
        break;
    }
    case OPTION_TEXT: {
        const char **text = field;
        if (*text)
            return say_usage(parser->command->name, "%s is given twice; it takes one %s", name, option->value);
        *text = value;
        break;
    }
    case OPTION_RATE:
        good = value_rate(value, field);
        snprintf(expected, sizeof expected, "a number from 0.000001 to 1000000");
        break;
    case OPTION_FRAME: {
        cli_frame *frame = field;
        good = value_frame(value, &frame->width, &frame->height);
        snprintf(expected, sizeof expected, "the width and height of a photo, as 3872x2592");
        break;
    }
    }
    if (good)
        return 0;
    char shown[SHOWN_BYTES];
    return say_usage(parser->command->name, "%s takes %s, not '%s'", name, expected,
                     hp_printable(value, shown, sizeof shown));
}

/* value: what is attached to the option itself, NULL where nothing is. */
static int take(cli_parser *parser, const cli_option *option, const char *name, const char *value)
{
    if (!option->value && value)
        return say_usage(parser->command->name, "%s takes no value", name);
    if (option->value && !value) {
        if (parser->next == parser->argc)
            return say_usage(parser->command->name, "%s needs a value: %s", name, option->value);
        value = parser->argv[parser->next++];
    }
    if (value && !*value && (option->kind == OPTION_TEXT || option->kind == OPTION_TEXTS))
        return say_usage(parser->command->name, "%s needs a value, and what is given is empty: %s", name,
                         option->value);
    return store(parser, option, name, value);
}

static int take_long(cli_parser *parser, const char *argument)
{
    const char *equals = strchr(argument, '=');
    size_t length = equals ? (size_t)(equals - argument) - 2 : strlen(argument) - 2;
    const cli_option *option = find(parser->command, argument + 2, length, 0);
    char name[64];
    if (!option)
        return fail_unknown(parser, argument);
    snprintf(name, sizeof name, "--%s", option->name);
    return take(parser, option, name, equals ? equals + 1 : NULL);
}

/* "-qj4" is "-q -j 4". */
static int take_letters(cli_parser *parser, const char *argument)
{
    int code = 0;
    for (const char *letter = argument + 1; *letter && !code; letter++) {
        const cli_option *option = find(parser->command, NULL, 0, *letter);
        char name[] = {'-', *letter, 0};
        if (!option)
            return fail_unknown(parser, name);
        const char *attached = option->value && letter[1] ? letter + 1 : NULL;
        code = take(parser, option, name, attached);
        if (attached)
            break;
    }
    return code;
}

int options_parse(const cli_command *command, int argc, char **argv, cli_settings *settings)
{
    cli_parser parser = {command, argc, argv, 0, settings};
    size_t room = (size_t)argc + 1;
    *settings = (cli_settings){.checkpoint_s = NOT_GIVEN};
    settings->arguments.items = calloc(room, sizeof *settings->arguments.items);
    settings->outputs.items = calloc(room, sizeof *settings->outputs.items);
    if (!settings->arguments.items || !settings->outputs.items)
        return say(EXIT_FAILED, "no memory for the command line");
    int code = 0;
    bool ended = false;
    while (parser.next < argc && !code) {
        const char *argument = argv[parser.next++];
        if (!argument[0])
            code = say_usage(command->name, "an argument is empty, where a name should be");
        else if (ended || argument[0] != '-' || !argument[1])
            settings->arguments.items[settings->arguments.count++] = argument;
        else if (!strcmp(argument, "--"))
            ended = true;
        else
            code = argument[1] == '-' ? take_long(&parser, argument) : take_letters(&parser, argument);
    }
    return code;
}

void settings_free(cli_settings *settings)
{
    free(settings->arguments.items);
    free(settings->outputs.items);
    *settings = (cli_settings){0};
}
