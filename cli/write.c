#include "write.h"

#include "say.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

static bool any_is_fits(const hp_result *result)
{
    bool any = false;
    for (size_t i = 0; i < result->list_count; i++)
        any |= result->lists[i].camera.source == HP_SOURCE_FITS && result->lists[i].defect_count;
    return any;
}

static void say_of_frame(const hp_result *result, const char *output)
{
    char shown[SHOWN_BYTES];
    if (hp_target_misses_frame(result, output))
        say(0, "warning: %s is a list for raws, found in %s: better scan the raws",
            hp_printable(output, shown, sizeof shown),
            any_is_fits(result) ? "FITS files, where the rows of a raw may be upside down"
                                : "developed photos, whose frame may be another");
}

/* Where the name is not the one that was given. */
static void say_files(const hp_result *result, const char *output)
{
    char name[4096], shown[4096];
    for (size_t i = 0; hp_result_file(result, output, i, name, sizeof name); i++)
        if (strcmp(name, hp_target_file(output)) != 0)
            say(0, "wrote %s", hp_printable(name, shown, sizeof shown));
}

static bool is_json(const char *output)
{
    const char *file = hp_target_file(output);
    size_t length = strlen(file);
    return file == output ? length > 5 && !strcasecmp(file + length - 5, ".json") : !strncmp(output, "json:", 5);
}

const char *json_among(const text_list *names)
{
    for (size_t i = 0; i < names->count; i++)
        if (is_json(names->items[i]))
            return hp_target_file(names->items[i]);
    return NULL;
}

int write_result(const cli_settings *settings, const hp_result *result)
{
    int code = 0;
    const char *json = json_among(&settings->outputs);
    hp_result named = *result; /* a report's commands take the list that is written beside it */
    named.list_file = json ? json : result->list_file;
    for (size_t i = 0; i < settings->outputs.count; i++) {
        const char *output = settings->outputs.items[i];
        hp_error err = {0};
        if (hp_result_write_into(&named, settings->like, output, settings->force, &err))
            code = say_error(&err);
        else {
            say_of_frame(result, output);
            if (!settings->quiet)
                say_files(result, output);
        }
    }
    return code;
}
