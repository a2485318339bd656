#include "defects/list_format.h"

#include "base/error.h"
#include "base/file.h"
#include "base/memory.h"
#include "defects/file_names.h"
#include "defects/list.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

const hp_list_format hp_list_formats[] = {
    {"json", {".json"}, true, hp_write_json},
    {"csv", {".csv"}, true, hp_write_csv},
    {"dcraw", {".badpixels", ".txt"}, false, hp_write_dcraw},
};
const size_t hp_list_format_count = sizeof hp_list_formats / sizeof *hp_list_formats;

/* "json (.json), csv (.csv), dcraw (.badpixels .txt)" */
static const char *name_kinds(char *out, size_t size)
{
    size_t used = 0;
    for (size_t i = 0; i < hp_list_format_count && used < size; i++) {
        const hp_list_format *f = &hp_list_formats[i];
        used += (size_t)snprintf(out + used, size - used, "%s%s (%s%s%s)", i ? ", " : "", f->name, f->endings[0],
                                 f->endings[1] ? " " : "", f->endings[1] ? f->endings[1] : "");
    }
    return out;
}

static const hp_list_format *find_by_name(const char *name, size_t length)
{
    for (size_t i = 0; i < hp_list_format_count; i++)
        if (strlen(hp_list_formats[i].name) == length && !strncmp(hp_list_formats[i].name, name, length))
            return &hp_list_formats[i];
    return NULL;
}

static bool ends_with(const char *text, const char *ending)
{
    size_t length = strlen(text);
    size_t tail = strlen(ending);
    return length >= tail && !strcasecmp(text + length - tail, ending);
}

static const hp_list_format *find_by_ending(const char *file)
{
    for (size_t i = 0; i < hp_list_format_count; i++)
        for (const char *const *ending = hp_list_formats[i].endings; *ending; ending++)
            if (ends_with(file, *ending))
                return &hp_list_formats[i];
    return NULL;
}

/* Length of the word before a colon, 0 where the target does not begin with one. */
static size_t kind_length(const char *target)
{
    size_t length = 0;
    while (isalnum((unsigned char)target[length]))
        length++;
    return target[length] == ':' ? length : 0;
}

int hp_list_target(const char *target, const hp_list_format **format, const char **file, hp_error *err)
{
    char kinds[256];
    char shown[256];
    size_t length = kind_length(target);
    *file = length ? target + length + 1 : target;
    *format = length ? find_by_name(target, length) : find_by_ending(target);
    hp_printable(target, shown, sizeof shown);
    if (!*format && length)
        return hp_fail(err, HP_E_ARGUMENT, "'%.*s' in '%s' is no kind of list; there are %s", (int)length, target,
                       shown, name_kinds(kinds, sizeof kinds));
    if (!*format)
        return hp_fail(err, HP_E_ARGUMENT,
                       "the name '%s' does not tell the kind of list; there are %s, and KIND:FILE takes any name",
                       shown, name_kinds(kinds, sizeof kinds));
    if (!**file)
        return hp_fail(err, HP_E_ARGUMENT, "'%s' names no file", shown);
    return HP_OK;
}

int hp_result_check_target(const char *target, bool force, hp_error *err)
{
    const hp_list_format *format;
    const char *file;
    int code = hp_list_target(target, &format, &file, err);
    return code ? code : hp_output_check(file, force, err);
}

static int write_file(const hp_list_format *format, const hp_result *result, const char *file, bool force,
                      hp_error *err)
{
    hp_output output;
    int code = hp_output_open(&output, file, force, err);
    if (code)
        return code;
    code = format->write(output.stream, result, err);
    if (!code)
        return hp_output_commit(&output, err);
    hp_output_discard(&output);
    return hp_fail_in(err, code, file);
}

/* All names are tried before the first file is written, so that an old file among them leaves all as they were. */
static int write_each(const hp_list_format *format, const hp_result *result, const char *file, bool force,
                      hp_error *err)
{
    hp_strings names = {0};
    int code = hp_file_names(result, file, &names, err);
    for (size_t i = 0; i < names.count && !code; i++)
        code = hp_output_check(names.items[i], force, err);
    for (size_t i = 0; i < names.count && !code; i++) {
        const hp_result one = {.lists = &result->lists[i], .list_count = 1};
        code = write_file(format, &one, names.items[i], force, err);
    }
    hp_strings_free(&names);
    return code;
}

/* A camera that no photo was used of has nothing to say: it must not turn the one file asked for into two. */
static int choose_lists(const hp_result *result, hp_result *chosen, hp_error *err)
{
    chosen->lists = hp_calloc(result->list_count, sizeof *chosen->lists, err);
    if (!chosen->lists)
        return HP_E_MEMORY;
    for (size_t i = 0; i < result->list_count; i++)
        if (result->lists[i].photos_used || result->lists[i].defect_count)
            chosen->lists[chosen->list_count++] = result->lists[i];
    return chosen->list_count ? HP_OK : hp_fail(err, HP_E_NO_PHOTO, "there is no camera to write a list of");
}

static int write_one_camera_files(const hp_list_format *format, const hp_result *result, const char *file, bool force,
                                  hp_error *err)
{
    hp_result chosen = {0};
    int code = choose_lists(result, &chosen, err);
    if (code)
        hp_fail_in(err, code, file);
    else if (chosen.list_count == 1)
        code = write_file(format, &chosen, file, force, err);
    else
        code = write_each(format, &chosen, file, force, err);
    free(chosen.lists);
    return code;
}

int hp_result_write(const hp_result *result, const char *target, bool force, hp_error *err)
{
    const hp_list_format *format;
    const char *file;
    int code = hp_list_target(target, &format, &file, err);
    for (size_t i = 0; i < result->list_count && !code; i++)
        code = hp_list_check(&result->lists[i], err);
    if (code)
        return code;
    return format->many_cameras ? write_file(format, result, file, force, err)
                                : write_one_camera_files(format, result, file, force, err);
}
