#include "detect/dated.h"

#include "base/error.h"
#include "base/memory.h"
#include "defects/reading.h"
#include "photo/metadata.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { DAY_S = 86400, YEAR_LEAST = 1990 };

static bool is_of(const hp_camera *photo, const hp_camera *list)
{
    bool same_source = list->source == HP_SOURCE_UNKNOWN || list->source == photo->source;
    return same_source && list->width == photo->width && list->height == photo->height &&
           hp_camera_agrees(list, photo) && hp_camera_same_mosaic(list, photo);
}

/* Two bodies have different bad pixels: a list without a name must not be held against both. */
static int learn(hp_camera *known, const hp_camera *photo, hp_error *err)
{
    char one[HP_LABEL_BYTES], other[HP_LABEL_BYTES];
    if (!hp_camera_agrees(known, photo))
        return hp_fail(err, HP_E_INPUT, "the photos are of several cameras, %s and %s, and the list does not say which",
                       hp_camera_label(known, one), hp_camera_label(photo, other));
    if (!hp_camera_same_mosaic(known, photo))
        return hp_fail(
            err, HP_E_INPUT,
            "the photos have colours %s and %s, as where rows are stored in two orders, and the list does not "
            "say which",
            known->cfa, photo->cfa);
    hp_camera_learn(known, photo);
    if (!known->cfa[0])
        memcpy(known->cfa, photo->cfa, sizeof known->cfa);
    known->source = photo->source;
    return HP_OK;
}

/* NULL: it has a good one. */
static const char *fault_of_date(int64_t taken_s, int64_t now_s)
{
    if (taken_s == 0)
        return "has no date";
    if (taken_s < hp_metadata_seconds(YEAR_LEAST, 1, 1, 0, 0, 0))
        return "has a date before 1990: the camera's clock was not set";
    return taken_s > now_s + DAY_S ? "has a date in the future" : NULL;
}

static int compare(const void *a, const void *b)
{
    const hp_photo *first = *(const hp_photo *const *)a, *second = *(const hp_photo *const *)b;
    if (first->info.taken_s != second->info.taken_s)
        return first->info.taken_s < second->info.taken_s ? -1 : 1;
    return strcmp(first->path, second->path);
}

/* A list without a name may be for any photo, but not for those that another is made for. */
static bool is_of_closer(const hp_camera *photo, const hp_list *lists, size_t count, size_t index)
{
    int own = hp_camera_closeness(&lists[index].camera, photo);
    for (size_t i = 0; i < count; i++)
        if (is_of(photo, &lists[i].camera) && hp_camera_closeness(&lists[i].camera, photo) > own)
            return true;
    return false;
}

int hp_dated_choose(const hp_photo_set *set, hp_list *lists, size_t count, size_t index, hp_dated *dated, hp_error *err)
{
    int64_t now_s = (int64_t)time(NULL);
    hp_camera *camera = &lists[index].camera, known = *camera;
    *dated = (hp_dated){0};
    dated->photos = hp_calloc(set->count ? set->count : 1, sizeof *dated->photos, err);
    int code = dated->photos ? HP_OK : HP_E_MEMORY;
    for (size_t i = 0; i < set->count && !code; i++) {
        const hp_photo *photo = &set->photos[i];
        if (!is_of(&photo->info.camera, camera) || is_of_closer(&photo->info.camera, lists, count, index))
            continue;
        const char *fault = fault_of_date(photo->info.taken_s, now_s);
        code = learn(&known, &photo->info.camera, err);
        if (code)
            break;
        if (fault)
            code = hp_skips_add(&dated->set_aside, photo->path, fault, false, err);
        else
            dated->photos[dated->count++] = photo;
    }
    if (dated->count)
        qsort(dated->photos, dated->count, sizeof *dated->photos, compare);
    if (!code)
        *camera = known;
    return code;
}

size_t hp_dated_others(const hp_photo_set *set, const hp_list *lists, size_t count)
{
    size_t others = 0;
    for (size_t i = 0; i < set->count; i++) {
        size_t k = 0;
        while (k < count && !is_of(&set->photos[i].info.camera, &lists[k].camera))
            k++;
        others += k == count;
    }
    return others;
}

void hp_dated_free(hp_dated *dated)
{
    free(dated->photos);
    hp_skipped_free(dated->set_aside.items, dated->set_aside.count);
    *dated = (hp_dated){0};
}

int hp_dated_set_aside(hp_dated *dated, size_t index, const char *reason, bool harmless, hp_error *err)
{
    const hp_photo *photo = dated->photos[index];
    memmove(dated->photos + index, dated->photos + index + 1, (dated->count - index - 1) * sizeof *dated->photos);
    dated->count--;
    return hp_skips_add(&dated->set_aside, photo->path, reason, harmless, err);
}
