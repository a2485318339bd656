#include "detect/findings.h"

#include "base/error.h"
#include "base/text.h"
#include "detect/detect.h"
#include "stats/duplicates.h"

enum {
    LEAST_PHOTOS = 5, /* fewer give an answer, and a warning */
    GOOD_PHOTOS = 25, /* from here on most defects that show are found */
};

static int warn_about_metadata(const hp_camera *camera, hp_strings *warnings, hp_error *err)
{
    if (camera->make[0] || camera->model[0])
        return HP_OK;
    return hp_strings_addf(warnings, err, "these photos name no camera: all of %u x %u px are taken to be from one",
                           camera->width, camera->height);
}

static bool is_one_scene(const hp_accumulation *set)
{
    size_t n = set->state.album.taken, scenes = n;
    if (!set->distinct_scenes)
        scenes = hp_album_count_scenes(&set->state.album, LEAST_PHOTOS);
    return scenes < LEAST_PHOTOS && scenes < n;
}

static int warn(const hp_accumulation *set, const hp_detection *found, const hp_camera *camera, hp_strings *warnings,
                hp_error *err)
{
    size_t n = set->state.album.taken;
    int code = warn_about_metadata(camera, warnings, err);
    if (!code && n < LEAST_PHOTOS)
        code = hp_strings_addf(warnings, err,
                               "only %zu photo%s could be used: bad pixels and details of the scene can hardly be told "
                               "apart; %d photos of different scenes find most, %d nearly all",
                               n, n == 1 ? "" : "s", LEAST_PHOTOS, GOOD_PHOTOS);
    if (!code && is_one_scene(set))
        code = hp_strings_addf(warnings, err,
                               "nearly all photos show one scene: its details may be taken for bad pixels; "
                               "photos of other scenes would help");
    if (!code && found->overlays)
        code = hp_strings_addf(warnings, err, "%zu area%s too large for a pixel (a date stamp, a border?) %s left out",
                               found->overlays, found->overlays == 1 ? "" : "s", found->overlays == 1 ? "was" : "were");
    return code;
}

/* Moves what was found into the public list. */
static int fill_list(hp_accumulation *set, hp_detection *found, hp_list *list, hp_error *err)
{
    hp_strings warnings = {0};
    int code = warn(set, found, &list->camera, &warnings, err);
    list->photos_used = set->state.album.taken;
    list->defects = found->defects;
    list->defect_count = found->count;
    list->negative_count = found->negative_count;
    *found = (hp_detection){0};
    list->warnings = warnings.items;
    list->warning_count = warnings.count;
    return code;
}

/* Each photo is compared with each, a time that grows with n^2, only where it is not known that all differ. */
static int effective_share(hp_run *run, const hp_accumulation *set, double *share, hp_error *err)
{
    *share = 1;
    if (set->distinct_scenes)
        return HP_OK;
    double effective;
    int code = hp_album_effective_count(&set->state.album, run->pool, &effective, err);
    *share = effective / (double)set->state.album.taken;
    return code;
}

int hp_findings(hp_run *run, hp_accumulation *set, hp_list *list, hp_error *err)
{
    hp_detection found = {0};
    double share;
    list->skipped = set->skips.items;
    list->skipped_count = set->skips.count;
    set->skips = (hp_skips){0};
    if (set->state.album.taken == 0)
        return HP_OK;
    list->camera = set->state.accumulator->shape.camera;
    int code = effective_share(run, set, &share, err);
    if (!code)
        code = hp_detect((const hp_residual *)set->state.accumulator, share, run->pool, &found, err);
    if (!code && hp_run_must_stop(run))
        code = hp_fail(err, HP_E_STOPPED, "stopped");
    if (!code)
        code = fill_list(set, &found, list, err);
    hp_detection_free(&found);
    return code;
}
