#include "repair/fix.h"

#include "base/error.h"
#include "defects/reading.h"

#include <inttypes.h>
#include <string.h>

static bool same_kind(const hp_camera *list, const hp_camera *photo)
{
    return list->source == HP_SOURCE_UNKNOWN || list->source == photo->source;
}

static bool same_frame(const hp_camera *list, const hp_camera *photo)
{
    return list->width == photo->width && list->height == photo->height;
}

static bool is_for(const hp_camera *list, const hp_camera *photo)
{
    return same_kind(list, photo) && same_frame(list, photo) && hp_camera_same_mosaic(list, photo);
}

/* The first difference to the list that comes closest. */
static int fail_for(const hp_camera *list, const hp_camera *photo, hp_error *err)
{
    char own[HP_LABEL_BYTES], other[HP_LABEL_BYTES];
    if (!hp_camera_agrees(list, photo))
        return hp_fail(err, HP_E_NO_PHOTO, "the list is for %s, the photo of %s", hp_camera_label(list, own),
                       hp_camera_label(photo, other));
    if (!same_kind(list, photo)) {
        const char *kind = hp_source_name(photo->source);
        bool by_hand = !list->model[0] && !list->serial[0];
        return hp_fail(err, HP_E_NO_PHOTO, "the list is for %s photos of %s, the photo is %s%s%s",
                       hp_source_name(list->source), hp_camera_label(list, own), kind,
                       by_hand ? "; if its places are those of such photos, say so by --source " : "",
                       by_hand ? kind : "");
    }
    if (same_frame(list, photo))
        return hp_fail(
            err, HP_E_NO_PHOTO,
            "the list is for photos with colours %s, the photo has %s: its rows are stored in another order, "
            "or begin elsewhere",
            list->cfa, photo->cfa);
    return hp_fail(err, HP_E_NO_PHOTO,
                   "the list is for photos of %" PRIu32 "x%" PRIu32 ", the photo has %" PRIu32 "x%" PRIu32, list->width,
                   list->height, photo->width, photo->height);
}

/* Of bodies without serial numbers, which hp_scan told apart. */
static const hp_list *fail_many(const hp_camera *camera, size_t count, hp_error *err)
{
    char label[HP_LABEL_BYTES];
    hp_fail(err, HP_E_INPUT,
            "%zu lists are for %s, which names no serial number; give the one for this body, from a file of its own",
            count, hp_camera_label(camera, label));
    return NULL;
}

const hp_list *hp_fix_choose(const hp_result *lists, const hp_photo_info *info, hp_error *err)
{
    const hp_list *best = NULL, *near = NULL;
    int best_closeness = 0, near_closeness = -1;
    size_t equal = 0;
    for (size_t i = 0; i < lists->list_count; i++) {
        const hp_list *list = &lists->lists[i];
        int close = hp_camera_closeness(&list->camera, &info->camera);
        bool fits = is_for(&list->camera, &info->camera);
        equal += fits && close > 0 && close == best_closeness;
        if (fits && close > best_closeness) {
            best = list;
            best_closeness = close;
            equal = 1;
        }
        if (close > near_closeness) {
            near = list;
            near_closeness = close;
        }
    }
    if (!best && !near)
        hp_fail(err, HP_E_NO_PHOTO, "there is no list at all");
    else if (!best)
        fail_for(&near->camera, &info->camera, err);
    else if (equal > 1 && !info->camera.serial[0])
        return fail_many(&best->camera, equal, err);
    return best;
}

/* A pixel counts as bad in photos without a date. */
static bool is_bad_at(const hp_defect *d, int64_t taken_s)
{
    if (taken_s == 0)
        return true;
    return taken_s >= d->since_s && (d->until_s == 0 || taken_s < d->until_s);
}

/* What was a column of the sensor is one of smears in a developed photo. */
int hp_fix_pixels(const hp_list *list, const hp_photo_info *info, hp_list *pixels, hp_error *err)
{
    hp_list_maker maker = {.list = {.camera = info->camera}};
    int code = HP_OK;
    for (size_t i = 0; i < list->defect_count && !code; i++) {
        const hp_defect *d = &list->defects[i];
        if (!is_bad_at(d, info->taken_s))
            continue;
        code = hp_defect_is_smeared(&maker.list, d) ? hp_list_add(&maker, d, err) : hp_list_add_pixels(&maker, d, err);
    }
    if (code)
        hp_list_clear(&maker.list);
    hp_list_tidy(&maker.list);
    *pixels = maker.list;
    return code;
}
