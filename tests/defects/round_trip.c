#include "round_trip.h"

#include "base/error.h"
#include "base/memory.h"
#include "tiny_dng.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { WIDTH = 64, HEIGHT = 48 };

int list_write(const hp_list_format *format, bool big_endian, bool in_sub, const hp_result *result, bytes *out,
               hp_error *err)
{
    bytes photo = tiny_dng(WIDTH, HEIGHT, big_endian, in_sub);
    char *text = NULL;
    size_t size = 0;
    FILE *stream = open_memstream(&text, &size);
    if (!stream)
        abort();
    const hp_writing writing = {stream, result, {photo.data, photo.size}};
    int code = HP_OK;
    for (size_t i = 0; i < result->list_count && !code; i++)
        code = hp_list_check(&result->lists[i], err);
    if (!code && (format->many_cameras || result->list_count == 1))
        code = format->write(&writing, err);
    fclose(stream);
    free(photo.data);
    *out = (bytes){(uint8_t *)text, size};
    return code;
}

hp_result *list_read(const hp_list_format *format, const bytes *file, const hp_list_options *options, hp_error *err)
{
    hp_result *result = hp_calloc(1, sizeof *result, err);
    hp_reading reading = {{file->data, file->size}, options, result};
    if (!result)
        abort();
    int code = format->read(&reading, err);
    if (code && (code != err->code || !err->message[0])) {
        printf("# %s: a failure without a message\n", format->name);
        abort();
    }
    if (code)
        hp_result_free(&result);
    return result;
}

static bool is_tidy(const hp_result *result)
{
    for (size_t i = 0; i < result->list_count; i++) {
        const hp_list *list = &result->lists[i];
        if (hp_list_check(list, NULL) || list->camera.width == 0 || list->camera.height == 0)
            return false;
        for (size_t k = 1; k < list->defect_count; k++) {
            const hp_defect *a = &list->defects[k - 1], *b = &list->defects[k];
            if (a->y > b->y || (a->y == b->y && a->x > b->x))
                return false;
        }
    }
    return true;
}

bool list_round_trips(const hp_list_format *format, const hp_result *result, const char **why)
{
    /* CSV has no place for the frame of a list without any pixel. */
    const hp_camera *camera = &result->lists[0].camera;
    const hp_list_options known = {.width = result->list_count == 1 ? camera->width : 0,
                                   .height = result->list_count == 1 ? camera->height : 0};
    hp_error err = {0};
    hp_result *second = NULL;
    bytes one, two = {0};
    bool good = true;
    if (!is_tidy(result)) {
        *why = "is outside its frame or not in order";
        return false;
    }
    if (list_write(format, false, false, result, &one, &err) || one.size == 0)
        goto done;
    second = list_read(format, &one, &known, &err);
    good = second && !list_write(format, false, false, second, &two, &err) && one.size == two.size &&
           memcmp(one.data, two.data, one.size) == 0;
    *why = second ? "changes when it is written and read" : "is written so that it cannot be read";
done:
    if (!good)
        printf("# %s\n", err.message);
    free(one.data);
    free(two.data);
    hp_result_free(&second);
    return good;
}
