#include "defects/makers.h"

#include "base/error.h"
#include "base/memory.h"

#include <stdlib.h>
#include <string.h>

enum { CAMERAS_MOST = 1024 };

static bool same_camera(const hp_camera *a, const hp_camera *b)
{
    return !strcmp(a->make, b->make) && !strcmp(a->model, b->model) && !strcmp(a->serial, b->serial) &&
           a->width == b->width && a->height == b->height && a->source == b->source;
}

static int add_maker(hp_makers *makers, const hp_camera *camera, hp_error *err)
{
    if (makers->count == CAMERAS_MOST)
        return hp_fail(err, HP_E_INPUT, "is for more than %d cameras", CAMERAS_MOST);
    int code = hp_grow((void **)&makers->items, &makers->capacity, makers->count + 1, sizeof *makers->items, err);
    if (!code)
        makers->items[makers->count++] = (hp_list_maker){.list = {.camera = *camera}};
    return code;
}

int hp_makers_add(hp_makers *makers, const hp_camera *camera, const hp_defect *defect, hp_error *err)
{
    for (size_t i = makers->count; i > 0; i--)
        if (same_camera(&makers->items[i - 1].list.camera, camera))
            return hp_list_add(&makers->items[i - 1], defect, err);
    int code = add_maker(makers, camera, err);
    return code ? code : hp_list_add(&makers->items[makers->count - 1], defect, err);
}

/* Lists that turn out to be for one camera, now that all is known, are one. */
static int join(hp_makers *makers, size_t index, hp_error *err)
{
    const hp_list *list = &makers->items[index].list;
    int code = HP_OK;
    for (size_t i = 0; i < index; i++) {
        if (!same_camera(&makers->items[i].list.camera, &list->camera))
            continue;
        for (size_t k = 0; k < list->defect_count && !code; k++)
            code = hp_list_add(&makers->items[i], &list->defects[k], err);
        hp_list_clear(&makers->items[index].list);
        return code;
    }
    return code;
}

int hp_makers_give(hp_makers *makers, hp_reading *reading, hp_error *err)
{
    hp_error first = {0}, unsettled = {0};
    int code = makers->count ? HP_OK : add_maker(makers, &(hp_camera){0}, err);
    for (size_t i = 0; i < makers->count && !code; i++) {
        hp_error own = {0};
        if (hp_reading_settle(reading, &makers->items[i].list, HP_SOURCE_UNKNOWN, &own)) {
            first = first.code ? first : own;
            unsettled = unsettled.code || own.code != HP_E_ARGUMENT ? unsettled : own;
            hp_list_clear(&makers->items[i].list);
        } else {
            code = join(makers, i, err);
        }
    }
    for (size_t i = 0; i < makers->count && !code; i++)
        if (makers->items[i].list.camera.width)
            code = hp_reading_add(reading, &makers->items[i].list, err);
    if (!code && reading->result->list_count && unsettled.code)
        return hp_reading_fail_one(&unsettled, makers->count, err);
    if (code || reading->result->list_count || !first.code)
        return code;
    return hp_reading_fail_none(&first, makers->count, err);
}

void hp_makers_free(hp_makers *makers)
{
    for (size_t i = 0; i < makers->count; i++)
        hp_list_clear(&makers->items[i].list);
    free(makers->items);
    *makers = (hp_makers){0};
}
