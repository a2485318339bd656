#include "defects/list.h"

#include "base/error.h"
#include "base/memory.h"
#include "base/skips.h"
#include "base/text.h"
#include "defects/history.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdlib.h>

int hp_list_add(hp_list_maker *maker, const hp_defect *defect, hp_error *err)
{
    hp_list *list = &maker->list;
    if (list->defect_count >= HP_DEFECTS_MOST)
        return hp_fail(err, HP_E_INPUT, "holds more than %d bad pixels", HP_DEFECTS_MOST);
    int code = hp_grow((void **)&list->defects, &maker->capacity, list->defect_count + 1, sizeof *defect, err);
    if (!code)
        list->defects[list->defect_count++] = *defect;
    return code;
}

hp_defect hp_defect_point(uint32_t x, uint32_t y)
{
    return (hp_defect){.x = x, .y = y, .kind = HP_HOT, .grade = HP_CERTAIN, .box = {x, y, 1, 1}};
}

hp_defect hp_defect_area(hp_box box)
{
    return (hp_defect){.x = box.x + (box.width - 1) / 2,
                       .y = box.y + (box.height - 1) / 2,
                       .kind = HP_HOT,
                       .grade = HP_CERTAIN,
                       .box = box};
}

hp_shape hp_box_shape(const hp_box *box)
{
    if (box->height > HP_FOOTPRINT_MOST && box->width <= HP_FOOTPRINT_MOST)
        return HP_SHAPE_COLUMN;
    if (box->width > HP_FOOTPRINT_MOST && box->height <= HP_FOOTPRINT_MOST)
        return HP_SHAPE_ROW;
    return box->width > 1 || box->height > 1 ? HP_SHAPE_CLUSTER : HP_SHAPE_PIXEL;
}

static int order(int64_t a, int64_t b)
{
    return (a > b) - (a < b);
}

static int compare_boxes(const hp_box *a, const hp_box *b)
{
    int by = order(a->y, b->y);
    by = by ? by : order(a->x, b->x);
    by = by ? by : order(b->height, a->height); /* the larger first */
    return by ? by : order(b->width, a->width);
}

static int compare(const void *left, const void *right)
{
    const hp_defect *a = left, *b = right;
    int by = order(a->y, b->y);
    by = by ? by : order(a->x, b->x);
    by = by ? by : compare_boxes(&a->box, &b->box);
    by = by ? by : order(a->since_s, b->since_s); /* bad since ever before bad since a day */
    by = by ? by : order(a->until_s, b->until_s);
    by = by ? by : order(b->grade, a->grade);
    by = by ? by : order(a->kind, b->kind);
    return by ? by : (a->score < b->score) - (a->score > b->score);
}

void hp_defects_sort(hp_defect *defects, size_t count)
{
    if (count > 1)
        qsort(defects, count, sizeof *defects, compare);
}

static bool same_pixel(const hp_list *list, const hp_defect *a, const hp_defect *b)
{
    if (a->x != b->x || a->y != b->y)
        return false;
    return compare_boxes(&a->box, &b->box) == 0 || (hp_defect_is_smeared(list, a) && hp_defect_is_smeared(list, b));
}

void hp_list_tidy(hp_list *list)
{
    size_t count = 0;
    hp_defects_sort(list->defects, list->defect_count);
    for (size_t i = 0; i < list->defect_count; i++)
        if (count == 0 || !same_pixel(list, &list->defects[count - 1], &list->defects[i]))
            list->defects[count++] = list->defects[i];
    list->defect_count = count;
}

size_t hp_list_find(const hp_list *list, uint32_t x, uint32_t y)
{
    size_t from = 0, to = list->defect_count;
    while (from < to) {
        size_t middle = from + (to - from) / 2;
        const hp_defect *d = &list->defects[middle];
        if (d->y < y || (d->y == y && d->x < x))
            from = middle + 1;
        else
            to = middle;
    }
    return from;
}

bool hp_list_has(const hp_list *list, const hp_defect *defect)
{
    size_t at = hp_list_find(list, defect->x, defect->y);
    for (; at < list->defect_count && list->defects[at].x == defect->x && list->defects[at].y == defect->y; at++)
        if (same_pixel(list, &list->defects[at], defect))
            return true;
    return false;
}

static bool fits(uint32_t start, uint32_t length, uint32_t limit)
{
    return length > 0 && length <= limit && start <= limit - length;
}

static bool holds(const hp_box *box, const hp_defect *d)
{
    return d->x >= box->x && d->x - box->x < box->width && d->y >= box->y && d->y - box->y < box->height;
}

static int check_defect(const hp_defect *d, uint32_t width, uint32_t height, hp_error *err)
{
    if (d->x >= width || d->y >= height)
        return hp_fail(err, HP_E_INPUT, "defect %" PRIu32 ",%" PRIu32 " lies outside the frame of %" PRIu32 "x%" PRIu32,
                       d->x, d->y, width, height);
    if (!fits(d->box.x, d->box.width, width) || !fits(d->box.y, d->box.height, height))
        return hp_fail(err, HP_E_INPUT,
                       "the box of defect %" PRIu32 ",%" PRIu32 " reaches outside the frame of %" PRIu32 "x%" PRIu32,
                       d->x, d->y, width, height);
    if (!holds(&d->box, d))
        return hp_fail(err, HP_E_INPUT, "the box of defect %" PRIu32 ",%" PRIu32 " does not hold it", d->x, d->y);
    return HP_OK;
}

int hp_list_check(const hp_list *list, hp_error *err)
{
    int code = HP_OK;
    for (size_t i = 0; i < list->defect_count && !code; i++)
        code = check_defect(&list->defects[i], list->camera.width, list->camera.height, err);
    return code;
}

bool hp_camera_develops(const hp_camera *camera)
{
    return camera->source == HP_SOURCE_JPEG || camera->source == HP_SOURCE_HEIC;
}

bool hp_defect_is_smeared(const hp_list *list, const hp_defect *defect)
{
    return hp_camera_develops(&list->camera) && defect->box.width <= HP_FOOTPRINT_MOST &&
           defect->box.height <= HP_FOOTPRINT_MOST;
}

int hp_list_add_pixels(hp_list_maker *maker, const hp_defect *defect, hp_error *err)
{
    const hp_box *box = &defect->box;
    int code = HP_OK;
    hp_defect pixel = *defect;
    pixel.shape = HP_SHAPE_PIXEL;
    for (uint32_t y = box->y; y - box->y < box->height && !code; y++)
        for (uint32_t x = box->x; x - box->x < box->width && !code; x++) {
            pixel.x = x;
            pixel.y = y;
            pixel.box = (hp_box){x, y, 1, 1};
            code = hp_list_add(maker, &pixel, err);
        }
    return code;
}

int hp_list_points(const hp_list *list, hp_list *points, hp_error *err)
{
    hp_list_maker maker = {.list = {.camera = list->camera}};
    int code = HP_OK;
    for (size_t i = 0; i < list->defect_count && !code; i++) {
        hp_defect pixel = list->defects[i];
        if (hp_defect_is_smeared(list, &pixel))
            pixel.box = (hp_box){pixel.x, pixel.y, 1, 1};
        code = hp_list_add_pixels(&maker, &pixel, err);
    }
    if (code)
        hp_list_clear(&maker.list);
    hp_list_tidy(&maker.list);
    *points = maker.list;
    return code;
}

int hp_result_add(hp_result *result, hp_list *list, hp_error *err)
{
    hp_list *grown = NULL;
    size_t bytes;
    if (hp_multiply(result->list_count + 1, sizeof *grown, 1, &bytes))
        grown = realloc(result->lists, bytes);
    if (!grown)
        return hp_fail(err, HP_E_MEMORY, "no memory for %zu lists", result->list_count + 1);
    result->lists = grown;
    result->lists[result->list_count++] = *list;
    *list = (hp_list){0};
    return HP_OK;
}

void hp_evidence_free(hp_evidence **evidence)
{
    if (!*evidence)
        return;
    free((*evidence)->score);
    free((*evidence)->crops);
    free((*evidence)->folder);
    free(*evidence);
    *evidence = NULL;
}

int hp_list_warn(hp_list *list, hp_error *err, const char *format, ...)
{
    va_list values;
    hp_strings warnings = {list->warnings, list->warning_count, list->warning_count};
    va_start(values, format);
    int code = hp_strings_vaddf(&warnings, err, format, values);
    va_end(values);
    list->warnings = warnings.items;
    list->warning_count = warnings.count;
    return code;
}

void hp_list_clear(hp_list *list)
{
    hp_skipped_free(list->skipped, list->skipped_count);
    for (size_t i = 0; i < list->warning_count; i++)
        free(list->warnings[i]);
    free(list->warnings);
    free(list->dust);
    free(list->defects);
    hp_history_free(&list->history);
    hp_evidence_free(&list->evidence);
    *list = (hp_list){0};
}

void hp_result_free(hp_result **result)
{
    if (!*result)
        return;
    for (size_t i = 0; i < (*result)->list_count; i++)
        hp_list_clear(&(*result)->lists[i]);
    free((*result)->lists);
    hp_skipped_free((*result)->skipped, (*result)->skipped_count);
    free(*result);
    *result = NULL;
}
