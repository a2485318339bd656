#include "base/error.h"
#include "base/file.h"
#include "base/memory.h"
#include "defects/file_names.h"
#include "defects/list_format.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static bool has_ending(const char *file)
{
    const char *slash = strrchr(file, '/');
    return strchr(slash ? slash + 1 : file, '.') != NULL;
}

/* Under a name without an ending the list would lie where its program never looks: a folder is meant. */
static bool is_for_folder(const hp_list_format *format, const char *file)
{
    return format->file_name && (hp_is_folder(file) || !has_ending(file));
}

static int check_folder(const char *folder, hp_error *err)
{
    struct stat status;
    if (stat(folder, &status))
        hp_fail(err, HP_E_IO, "there is no such folder for the list, whose name is the camera's: %s", strerror(errno));
    else if (!S_ISDIR(status.st_mode))
        hp_fail(err, HP_E_IO, "is no folder for the list, whose name is the camera's");
    else if (access(folder, W_OK | X_OK))
        hp_fail(err, HP_E_IO, "cannot be written: %s", strerror(errno));
    else
        return HP_OK;
    return hp_fail_in(err, HP_E_IO, folder);
}

int hp_list_check_file(const hp_list_format *format, const char *file, bool force, hp_error *err)
{
    return is_for_folder(format, file) ? check_folder(file, err) : hp_output_check(file, force, err);
}

static int write_file(const hp_list_format *format, const hp_result *result, hp_bytes photo, const char *file,
                      bool force, hp_error *err)
{
    hp_output output;
    int code = hp_output_open(&output, file, force, err);
    if (code)
        return code;
    const hp_writing writing = {output.stream, result, photo};
    code = format->write(&writing, err);
    if (!code)
        return hp_output_commit(&output, err);
    hp_output_discard(&output);
    return hp_fail_in(err, code, file);
}

/* All names are tried before the first file is written, so that an old file among them leaves all as they were. */
static int write_each(const hp_list_format *format, const hp_result *result, hp_bytes photo, const hp_strings *names,
                      bool force, hp_error *err)
{
    int code = HP_OK;
    for (size_t i = 0; i < names->count && !code; i++)
        code = hp_output_check(names->items[i], force, err);
    for (size_t i = 0; i < names->count && !code; i++) {
        const hp_result one = {.lists = &result->lists[i], .list_count = 1};
        code = write_file(format, &one, photo, names->items[i], force, err);
    }
    return code;
}

static bool says_something(const hp_list *list)
{
    return list->photos_used || list->defect_count;
}

static bool has_raw_of_name(const hp_list_format *format, const hp_result *result, const hp_list *list)
{
    char own[256], other[256];
    format->file_name(&list->camera, own, sizeof own);
    for (size_t i = 0; i < result->list_count; i++) {
        if (result->lists[i].camera.source != HP_SOURCE_RAW || !says_something(&result->lists[i]))
            continue;
        format->file_name(&result->lists[i].camera, other, sizeof other);
        if (!strcmp(own, other))
            return true;
    }
    return false;
}

/*
 * A camera that no photo was used of has nothing to say: it must not turn the one file asked for into two. A program
 * that looks for a name looks for the list of raws: that of the JPEGs beside them gives way.
 */
static bool is_chosen(const hp_list_format *format, const hp_result *result, const hp_list *list, bool in_folder)
{
    if (result->list_count == 1)
        return true;
    if (!says_something(list))
        return false;
    return !in_folder || list->camera.source == HP_SOURCE_RAW || !has_raw_of_name(format, result, list);
}

static bool has_raws(const hp_result *result, const hp_camera *camera)
{
    for (size_t i = 0; i < result->list_count; i++) {
        const hp_camera *other = &result->lists[i].camera;
        if (other->source == HP_SOURCE_RAW && says_something(&result->lists[i]) && hp_camera_agrees(other, camera))
            return true;
    }
    return false;
}

/* Its rows or its border may be others than those of the raws. */
static bool has_other_frame(const hp_camera *camera)
{
    return hp_camera_develops(camera) || camera->source == HP_SOURCE_FITS;
}

/* Where there is one of the camera's raws too, that is the one for its program. */
bool hp_list_misses_frame(const hp_list_format *format, const hp_result *result)
{
    for (size_t i = 0; format->for_raws && i < result->list_count; i++) {
        const hp_list *list = &result->lists[i];
        if (list->defect_count && has_other_frame(&list->camera) && !has_raws(result, &list->camera))
            return true;
    }
    return false;
}

static int choose_lists(const hp_list_format *format, const hp_result *result, bool in_folder, hp_result *chosen,
                        hp_error *err)
{
    chosen->lists = hp_calloc(result->list_count, sizeof *chosen->lists, err);
    if (!chosen->lists)
        return HP_E_MEMORY;
    for (size_t i = 0; i < result->list_count; i++)
        if (is_chosen(format, result, &result->lists[i], in_folder))
            chosen->lists[chosen->list_count++] = result->lists[i];
    return chosen->list_count ? HP_OK : hp_fail(err, HP_E_NO_PHOTO, "there is no camera to write a list of");
}

static int name_files(const hp_list_format *format, const hp_result *result, const char *file, hp_strings *names,
                      hp_error *err)
{
    if (is_for_folder(format, file))
        return hp_file_names_in(result, file, format->file_name, names, err);
    if (result->list_count == 1)
        return hp_strings_add(names, file, err);
    return hp_file_names(result, file, names, err);
}

/* The lists of a format for one camera, and the name of each one's file. */
static int choose_files(const hp_list_format *format, const hp_result *result, const char *file, hp_result *chosen,
                        hp_strings *names, hp_error *err)
{
    int code = choose_lists(format, result, is_for_folder(format, file), chosen, err);
    if (!code && format->inside_photo && chosen->list_count > 1)
        code = hp_fail(err, HP_E_ARGUMENT,
                       "there are lists for %zu cameras or kinds of photos, and a photo is of one: --camera, --source "
                       "or --size chooses",
                       chosen->list_count);
    if (!code)
        code = name_files(format, chosen, file, names, err);
    return code ? hp_fail_in(err, code, file) : HP_OK;
}

static int write_one_camera_files(const hp_list_format *format, const hp_result *result, hp_bytes photo,
                                  const char *file, bool force, hp_error *err)
{
    hp_result chosen = {0};
    hp_strings names = {0};
    int code = choose_files(format, result, file, &chosen, &names, err);
    if (!code && is_for_folder(format, file))
        code = check_folder(file, err);
    if (!code)
        code = write_each(format, &chosen, photo, &names, force, err);
    hp_strings_free(&names);
    free(chosen.lists);
    return code;
}

bool hp_list_file(const hp_list_format *format, const hp_result *result, const char *file, size_t index, char *name,
                  size_t size)
{
    hp_result chosen = {0};
    hp_strings names = {0};
    bool there = false;
    if (format->many_cameras)
        there = index == 0 && (size_t)snprintf(name, size, "%s", file) < size;
    else if (!choose_files(format, result, file, &chosen, &names, NULL) && index < names.count)
        there = (size_t)snprintf(name, size, "%s", names.items[index]) < size;
    hp_strings_free(&names);
    free(chosen.lists);
    return there;
}

int hp_list_write(const hp_list_format *format, const hp_result *result, hp_bytes photo, const char *file, bool force,
                  hp_error *err)
{
    int code = HP_OK;
    for (size_t i = 0; i < result->list_count && !code; i++)
        code = hp_list_check(&result->lists[i], err);
    if (code)
        return code;
    return format->many_cameras ? write_file(format, result, photo, file, force, err)
                                : write_one_camera_files(format, result, photo, file, force, err);
}
