#include "base/error.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

int hp_fail(hp_error *err, int code, const char *format, ...)
{
    if (err) {
        va_list arguments;
        va_start(arguments, format);
        vsnprintf(err->message, sizeof err->message, format, arguments);
        va_end(arguments);
        err->code = code;
    }
    return code;
}

int hp_fail_in(hp_error *err, int code, const char *prefix)
{
    if (err) {
        char name[512];
        char old[sizeof err->message];
        memcpy(old, err->message, sizeof old);
        snprintf(err->message, sizeof err->message, "%s: %.500s", hp_printable(prefix, name, sizeof name), old);
        err->code = code;
    }
    return code;
}
