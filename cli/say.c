#include "say.h"

#include "command.h"

#include <stdarg.h>
#include <stdio.h>

static void print(const char *command, const char *format, va_list arguments)
{
    fprintf(stderr, "hotpix%s%s: ", command ? " " : "", command ? command : "");
    vfprintf(stderr, format, arguments);
    fputc('\n', stderr);
}

int say(int code, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    print(NULL, format, arguments);
    va_end(arguments);
    return code;
}

int say_usage(const char *command, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    print(command, format, arguments);
    va_end(arguments);
    fprintf(stderr, "Try 'hotpix %s%s--help'.\n", command ? command : "", command ? " " : "");
    return EXIT_USAGE;
}

int say_error(const hp_error *err)
{
    switch (err->code) {
    case HP_E_STOPPED:
        return EXIT_INTERRUPTED;
    case HP_E_ARGUMENT:
        return say(EXIT_USAGE, "%s", err->message);
    default:
        return say(EXIT_FAILED, "%s", err->message);
    }
}

const char *plural(size_t count)
{
    return count == 1 ? "" : "s";
}
