/* Where a result goes: one way for reports and lists alike, two tables that are asked in turn. */
#include "base/error.h"
#include "base/file.h"
#include "photo/spared.h"
#include "report/formats.h"

#include <limits.h>
#include <string.h>

static hp_list_table reports[] = {&hp_report_html, &hp_report_map, &hp_report_svg, NULL};

/* Reports first: map.png is a map, any other .png a mask. */
static hp_list_table *const tables[] = {reports, hp_list_formats, NULL};

static int fail_folder(const char *target, hp_error *err)
{
    char shown[256];
    hp_printable(target, shown, sizeof shown);
    return hp_fail(err, HP_E_ARGUMENT, "%s is a folder; the result is a file, as %s%sbad.json", shown, shown,
                   target[strlen(target) - 1] == '/' ? "" : "/");
}

static int find_format(const char *target, bool has_photo, const hp_list_format **format, const char **file,
                       hp_error *err)
{
    int code = hp_list_target(tables, target, format, file, err);
    if (code)
        return code;
    if (!*format && !strcmp(*file, "-"))
        return hp_fail(err, HP_E_ARGUMENT, "'-': results go to files, what is printed is a table");
    if (!*format && hp_is_folder(target))
        return fail_folder(target, err);
    if (!*format)
        return hp_list_kind_unknown(tables, target, err);
    if ((*format)->inside_photo && !has_photo)
        return hp_fail(err, HP_E_ARGUMENT,
                       "'%s' is written into a copy of a photo: hotpix convert LIST --like PHOTO -o %s:COPY",
                       (*format)->name, (*format)->name);
    return HP_OK;
}

int hp_result_check_target(const char *target, bool force, hp_error *err)
{
    const hp_list_format *format;
    const char *file;
    int code = find_format(target, false, &format, &file, err);
    if (!code)
        code = hp_spare(file, err);
    return code ? code : hp_list_check_file(format, file, force, err);
}

const char *hp_target_file(const char *target)
{
    const hp_list_format *format;
    const char *file;
    (void)hp_list_target(tables, target, &format, &file, NULL); /* which sets it in any case */
    return file;
}

bool hp_target_shows_evidence(const char *target)
{
    const hp_list_format *format;
    const char *file;
    if (hp_list_target(tables, target, &format, &file, NULL))
        return false;
    for (size_t i = 0; reports[i]; i++)
        if (reports[i] == format)
            return true;
    return false;
}

bool hp_target_misses_frame(const hp_result *result, const char *target)
{
    const hp_list_format *format;
    const char *file;
    return !hp_list_target(tables, target, &format, &file, NULL) && format && hp_list_misses_frame(format, result);
}

bool hp_result_file(const hp_result *result, const char *target, size_t index, char *name, size_t size)
{
    const hp_list_format *format;
    const char *file;
    return !find_format(target, true, &format, &file, NULL) && hp_list_file(format, result, file, index, name, size);
}

/* The photo itself, or a copy with another list: all its bytes, but for those that point to the directory. */
static bool is_copy(const char *file, hp_bytes photo)
{
    enum { POINTER_BYTES = 4 };
    hp_file_buffer buffer = {0};
    uint64_t size;
    size_t changed = 0;
    bool whole = !hp_file_read(file, photo.size, &buffer, &size, NULL) && buffer.size == photo.size;
    for (size_t i = 0; whole && i < photo.size; i++)
        changed += buffer.data[i] != photo.data[i];
    hp_file_buffer_free(&buffer);
    return whole && changed <= POINTER_BYTES;
}

static int spare_others(const char *file, hp_bytes photo, hp_error *err)
{
    return hp_spare(file, NULL) && is_copy(file, photo) ? HP_OK : hp_spare(file, err);
}

static int spare_all(const hp_list_format *format, const hp_result *result, const char *file, hp_error *err)
{
    char name[PATH_MAX];
    int code = HP_OK;
    for (size_t i = 0; !code && !format->inside_photo && hp_list_file(format, result, file, i, name, sizeof name); i++)
        code = hp_spare(name, err);
    return code;
}

int hp_result_write(const hp_result *result, const char *target, bool force, hp_error *err)
{
    return hp_result_write_into(result, NULL, target, force, err);
}

int hp_result_write_into(const hp_result *result, const char *photo, const char *target, bool force, hp_error *err)
{
    const hp_list_format *format;
    const char *file;
    hp_file_buffer buffer = {0};
    uint64_t size;
    int code = find_format(target, photo != NULL, &format, &file, err);
    if (!code)
        code = spare_all(format, result, file, err);
    if (code)
        return code;
    if (format->inside_photo) {
        code = hp_file_read(photo, SIZE_MAX, &buffer, &size, err);
        if (code)
            hp_fail_in(err, code, photo);
        else
            code = spare_others(file, (hp_bytes){buffer.data, buffer.size}, err);
    }
    if (!code)
        code = hp_list_write(format, result, (hp_bytes){buffer.data, buffer.size}, file, force, err);
    hp_file_buffer_free(&buffer);
    return code;
}
