#include "defects/file_names.h"

#include "base/error.h"
#include "base/text.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum { LABEL = 160 };

static void name_camera(const hp_camera *camera, char *out, size_t size)
{
    const char *model = camera->model[0] ? camera->model : "unknown";
    snprintf(out, size, "%s%s%s", model, camera->serial[0] ? "-" : "", camera->serial);
    hp_text_for_name(out);
}

/* Offset of the last dot of the file's own name, its length where there is none. */
static size_t stem_length(const char *file)
{
    const char *slash = strrchr(file, '/');
    const char *own = slash ? slash + 1 : file;
    const char *dot = strrchr(own, '.');
    return dot && dot != own ? (size_t)(dot - file) : strlen(file);
}

/* Without regard to case: some file systems do not tell "a" from "A". */
static bool is_taken(const hp_strings *names, const char *name)
{
    for (size_t i = 0; i < names->count; i++)
        if (hp_text_alike(names->items[i], name, SIZE_MAX))
            return true;
    return false;
}

/*
 * Other lists of its camera's name may be for photos of another kind, as those of a RAW and its JPEG are, or for
 * another size, as thumbnails are, or for FITS whose rows are stored in another order, so that other colours come
 * first: each name tells then which it is.
 */
static void tell_apart(const hp_result *result, const hp_camera *camera, char *label, size_t size)
{
    bool kinds = false, frames = false, mosaics = false;
    for (size_t i = 0; i < result->list_count; i++) {
        const hp_camera *other = &result->lists[i].camera;
        char its[LABEL];
        name_camera(other, its, sizeof its);
        if (!hp_text_alike(its, label, SIZE_MAX))
            continue;
        kinds |= other->source != camera->source;
        mosaics |= other->source == camera->source && strcmp(other->cfa, camera->cfa) != 0;
        frames |= other->source == camera->source && (other->width != camera->width || other->height != camera->height);
    }
    if (kinds)
        snprintf(label + strlen(label), size - strlen(label), "-%s", hp_source_name(camera->source));
    if (mosaics && !frames)
        snprintf(label + strlen(label), size - strlen(label), "-%s", camera->cfa[0] ? camera->cfa : "grey");
    if (frames)
        snprintf(label + strlen(label), size - strlen(label), "-%" PRIu32 "x%" PRIu32, camera->width, camera->height);
}

static int add_name(const hp_result *result, const hp_camera *camera, const char *file, hp_strings *names,
                    hp_error *err)
{
    char name[4096];
    char label[LABEL + 48];
    char more[24] = "";
    size_t stem = stem_length(file);
    name_camera(camera, label, LABEL);
    tell_apart(result, camera, label, sizeof label);
    for (size_t attempt = 1;; attempt++) {
        if (attempt > 1)
            snprintf(more, sizeof more, "-%zu", attempt);
        int length = snprintf(name, sizeof name, "%.*s-%s%s%s", (int)stem, file, label, more, file + stem);
        if (length < 0 || (size_t)length >= sizeof name)
            return hp_fail(err, HP_E_ARGUMENT, "the name of the output is longer than %zu bytes", sizeof name);
        if (!is_taken(names, name))
            return hp_strings_add(names, name, err);
    }
}

int hp_file_names(const hp_result *result, const char *file, hp_strings *names, hp_error *err)
{
    int code = HP_OK;
    for (size_t i = 0; i < result->list_count && !code; i++)
        code = add_name(result, &result->lists[i].camera, file, names, err);
    return code;
}

/* What tells two lists apart that the name does not, as hotpix convert is asked for one. */
static int fail_equal(const hp_camera *first, const hp_camera *second, const char *file, hp_error *err)
{
    char name[512];
    hp_printable(file, name, sizeof name);
    if (first->source != second->source)
        return hp_fail(err, HP_E_ARGUMENT,
                       "two lists would be '%s': hotpix convert LIST.json --source %s, or %s, chooses", name,
                       hp_source_name(first->source), hp_source_name(second->source));
    if (first->width != second->width || first->height != second->height)
        return hp_fail(err, HP_E_ARGUMENT,
                       "two lists would be '%s': hotpix convert LIST.json --size %" PRIu32 "x%" PRIu32 ", or %" PRIu32
                       "x%" PRIu32 ", chooses",
                       name, first->width, first->height, second->width, second->height);
    if (strcmp(first->model, second->model) != 0 || strcmp(first->serial, second->serial) != 0)
        return hp_fail(err, HP_E_ARGUMENT, "two lists would be '%s': hotpix convert LIST.json --camera chooses", name);
    return hp_fail(
        err, HP_E_ARGUMENT,
        "two lists would be '%s', of bodies that name no serial number: -o rawtherapee:NAME.badpixels writes "
        "both, each under a name of its own",
        name);
}

static size_t find_taken(const hp_strings *names, const char *name)
{
    size_t i = 0;
    while (!hp_text_alike(names->items[i], name, SIZE_MAX))
        i++;
    return i;
}

int hp_file_names_in(const hp_result *result, const char *folder,
                     void (*file_name)(const hp_camera *camera, char *out, size_t size), hp_strings *names,
                     hp_error *err)
{
    int code = HP_OK;
    size_t slash = strlen(folder);
    const char *between = slash && folder[slash - 1] == '/' ? "" : "/";
    for (size_t i = 0; i < result->list_count && !code; i++) {
        char own[256], name[4096];
        file_name(&result->lists[i].camera, own, sizeof own);
        if (!own[0])
            return hp_fail(err, HP_E_ARGUMENT,
                           "the file's name is made of the camera's make and model, which are not both known%s",
                           result->list_count > 1 ? " of one: hotpix convert LIST.json --camera NAME chooses another"
                                                  : "");
        int length = snprintf(name, sizeof name, "%s%s%s", folder, between, own);
        if (length < 0 || (size_t)length >= sizeof name)
            return hp_fail(err, HP_E_ARGUMENT, "the name of the output is longer than %zu bytes", sizeof name);
        if (is_taken(names, name))
            return fail_equal(&result->lists[find_taken(names, name)].camera, &result->lists[i].camera, own, err);
        code = hp_strings_add(names, name, err);
    }
    return code;
}
