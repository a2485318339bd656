/* A command line: the first byte is the command, words end with a newline. What is accepted keeps within its bounds. */
#include "../../cli/options.h"
#include "failing.h"

#include <stdlib.h>
#include <string.h>

enum { MOST_WORDS = 64, MOST_BYTES = 4096 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static unsigned all_commands(void)
{
    unsigned all = 0;
    for (size_t i = 0; i < option_count; i++)
        all |= options[i].commands;
    return all;
}

static cli_command command_of(uint8_t which)
{
    unsigned bits[32], count = 0;
    for (unsigned bit = 1; bit; bit <<= 1)
        if (all_commands() & bit)
            bits[count++] = bit;
    return (cli_command){.name = "fuzz", .bit = bits[which % count], .arguments = "", .summary = "", .description = ""};
}

static unsigned words_of(const char *value)
{
    unsigned words = 1;
    for (const char *c = value; *c; c++)
        words += *c == '|';
    return words;
}

static void check_field(const cli_option *option, const cli_settings *settings, const cli_settings *without)
{
    const void *field = (const char *)settings + option->offset;
    if (option->kind == OPTION_WORD) {
        int word;
        memcpy(&word, field, sizeof word);
        if (word < 0 || (unsigned)word >= words_of(option->value))
            fuzz_wrong("a word is one of its option's");
    }
    if (option->kind == OPTION_NUMBER) {
        uint64_t number, untold;
        memcpy(&number, field, sizeof number);
        memcpy(&untold, (const char *)without + option->offset, sizeof untold);
        if (number > option->most && number != untold)
            fuzz_wrong("a number is within its bounds, or was not given");
    }
    if (option->kind == OPTION_RATE) {
        double rate;
        memcpy(&rate, field, sizeof rate);
        if (rate != 0 && !(rate >= 1e-6 && rate <= 1e6))
            fuzz_wrong("a rate is within its bounds, or was not given");
    }
}

static void check(const cli_command *command, int argc, const cli_settings *settings)
{
    if (settings->arguments.count + settings->outputs.count > (size_t)argc)
        fuzz_wrong("no more arguments than words");
    cli_settings without; /* any option */
    if (options_parse(command, 0, NULL, &without) == 0)
        for (size_t i = 0; i < option_count; i++)
            if (options[i].commands & command->bit)
                check_field(&options[i], settings, &without);
    settings_free(&without);
}

static bool attempt(const uint8_t *data, size_t size, bool starved)
{
    char text[MOST_BYTES + 1], *argv[MOST_WORDS + 1];
    int argc = 0;
    if (starved || size < 1 || size > MOST_BYTES)
        return false;
    memcpy(text, data + 1, size - 1);
    text[size - 1] = 0;
    for (char *word = text; *word && argc < MOST_WORDS;) {
        char *end = word + strcspn(word, "\n");
        argv[argc++] = word;
        word = *end ? end + 1 : end;
        *end = 0;
    }
    argv[argc] = NULL;
    cli_command command = command_of(data[0]);
    cli_settings settings;
    int code = options_parse(&command, argc, argv, &settings);
    if (code != 0 && code != EXIT_USAGE && code != EXIT_FAILED)
        fuzz_wrong("a wrong line is wrong usage");
    if (code == 0)
        check(&command, argc, &settings);
    settings_free(&settings);
    return code == 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    fuzz_with_failing_memory(attempt, data, size);
    return 0;
}
