#include "defects/list.h"

#include "base/error.h"
#include "base/skips.h"

#include <inttypes.h>
#include <stdlib.h>

static int compare(const void *left, const void *right)
{
    const hp_defect *a = left;
    const hp_defect *b = right;
    if (a->y != b->y)
        return a->y < b->y ? -1 : 1;
    return (a->x > b->x) - (a->x < b->x);
}

void hp_defects_sort(hp_defect *defects, size_t count)
{
    if (count > 1)
        qsort(defects, count, sizeof *defects, compare);
}

static bool fits(uint32_t start, uint32_t length, uint32_t limit)
{
    return length > 0 && length <= limit && start <= limit - length;
}

int hp_list_check(const hp_list *list, hp_error *err)
{
    uint32_t width = list->camera.width;
    uint32_t height = list->camera.height;
    for (size_t i = 0; i < list->defect_count; i++) {
        const hp_defect *d = &list->defects[i];
        if (d->x >= width || d->y >= height)
            return hp_fail(err, HP_E_INPUT,
                           "defect %" PRIu32 ",%" PRIu32 " lies outside the frame of %" PRIu32 "x%" PRIu32, d->x, d->y,
                           width, height);
        if (!fits(d->box.x, d->box.width, width) || !fits(d->box.y, d->box.height, height))
            return hp_fail(err, HP_E_INPUT,
                           "the box of defect %" PRIu32 ",%" PRIu32 " reaches outside the frame of %" PRIu32
                           "x%" PRIu32,
                           d->x, d->y, width, height);
    }
    return HP_OK;
}

void hp_list_clear(hp_list *list)
{
    hp_skipped_free(list->skipped, list->skipped_count);
    for (size_t i = 0; i < list->warning_count; i++)
        free(list->warnings[i]);
    free(list->warnings);
    free(list->defects);
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
