#include "detect/findings.h"

#include "base/error.h"
#include "defects/list.h"
#include "detect/detect.h"
#include "detect/maps.h"
#include "stats/duplicates.h"

#include <math.h>
#include <string.h>

enum {
    LEAST_PHOTOS = 5, /* fewer give an answer, and a warning */
    PHASE_LEAST =
        20, /* px of each phase of a developed picture; with 12 there was a false one in each set, with 24 in ten */
};

#define SURROUND_MOST 0.125 /* of the frame: more is told */
#define KEPT_LEAST 0.4
#define BLOCK_MOST 0.45
#define WEAK_MOST 0.4

static int warn_about_metadata(hp_list *list, hp_error *err)
{
    const hp_camera *camera = &list->camera;
    if (camera->make[0] || camera->model[0])
        return HP_OK;
    return hp_list_warn(list, err, "these photos name no camera: all of %u x %u px are taken to be from one",
                        camera->width, camera->height);
}

static bool is_one_scene(const hp_accumulation *set)
{
    size_t n = set->state.album.taken, scenes = n;
    if (!set->distinct_scenes)
        scenes = hp_album_count_scenes(&set->state.album, LEAST_PHOTOS);
    return scenes < LEAST_PHOTOS && scenes < n;
}

/* Darks, bias frames and flats do not. */
static bool shows_scenes(const hp_album *album)
{
    for (size_t i = 0; i < album->count; i++)
        if (album->items[i].verdict == HP_PHOTO_TAKEN && hp_thumbnail_shows_scene(&album->items[i].scene.thumbnail))
            return true;
    return false;
}

static bool is_one_alone(const hp_accumulation *set)
{
    return set->state.album.taken == 1 && shows_scenes(&set->state.album);
}

/* With few pixels at each place of a JPEG's blocks nobody knows what is usual there. */
static bool is_tiny(const hp_photo_info *shape)
{
    size_t pixels = (size_t)shape->camera.width * shape->camera.height;
    return hp_photo_is_developed(shape) && pixels < PHASE_LEAST * HP_PHASES_MOST * HP_PHASES_MOST;
}

/* What was looked at stays to be seen. */
static void drop_found(hp_detection *found)
{
    found->count = found->negative_count = found->dust_count = found->overlays = 0;
    found->checks = (hp_checks){.kept_share = found->checks.kept_share};
}

/* What the checks say where it speaks against the result. */
static int warn_of_checks(hp_list *list, hp_error *err)
{
    const hp_checks *checks = &list->checks;
    int code = HP_OK;
    bool halves = checks->kept_share >= 0, agree = halves && checks->kept_share >= HP_KEPT_WELL;
    if (halves && checks->kept_share < KEPT_LEAST)
        code = hp_list_warn(list, err,
                            "what stands out in one half of the photos keeps only %.0f %% of its strength in the "
                            "other: many of these bad pixels may be details of the scenes",
                            100 * checks->kept_share);
    if (!code && list->camera.source == HP_SOURCE_JPEG && checks->pixels >= HP_PIXELS_MANY &&
        checks->block_share > BLOCK_MOST)
        code = hp_list_warn(list, err,
                            "%.0f %% of these bad pixels lie in one column or row of the 8 of a JPEG's blocks: they "
                            "may be made by the compression",
                            100 * checks->block_share);
    if (!code && checks->pixels >= HP_PIXELS_MANY && checks->weak_share > WEAK_MOST && !agree)
        code = hp_list_warn(list, err,
                            "%.0f %% of these bad pixels are weak, which few real ones are: details of the scenes "
                            "are dark as often as bright",
                            100 * checks->weak_share);
    return code;
}

static int warn_of_surround(const hp_album *album, hp_list *list, hp_error *err)
{
    double share = hp_album_surround_share(album);
    if (share < SURROUND_MOST)
        return HP_OK;
    return hp_list_warn(list, err,
                        "%.0f %% of the frame is black in all photos (bars, the circle of a fisheye?): details of the "
                        "scenes stand out more beside it, and a few may be taken for bad pixels",
                        100 * share);
}

/* That a scene is in the way is said where there is one. */
static int warn_of_few(const hp_album *album, hp_list *list, hp_error *err)
{
    size_t n = album->taken;
    const char *s = n == 1 ? "" : "s";
    if (!shows_scenes(album))
        return hp_list_warn(list, err,
                            "only %zu photo%s without a scene (darks, bias frames, flats) could be used: more find "
                            "fainter bad pixels",
                            n, s);
    return hp_list_warn(list, err,
                        "only %zu photo%s could be used: bad pixels and details of the scene can hardly be told "
                        "apart; %d photos of different scenes find most, %d nearly all",
                        n, s, LEAST_PHOTOS, HP_PHOTOS_GOOD);
}

static int warn(const hp_accumulation *set, size_t overlays, hp_list *list, hp_error *err)
{
    size_t n = set->state.album.taken;
    int code = warn_about_metadata(list, err);
    if (!code && is_tiny(&set->state.accumulator->shape))
        code = hp_list_warn(list, err,
                            "pictures of %u x %u px are too small to tell what is usual in them: no bad pixels are "
                            "listed",
                            list->camera.width, list->camera.height);
    if (!code && is_one_alone(set))
        code = hp_list_warn(list, err,
                            "only 1 photo could be used, and one alone cannot tell bad pixels from details of its "
                            "scene: none are listed; %d photos of different scenes find most, %d nearly all",
                            LEAST_PHOTOS, HP_PHOTOS_GOOD);
    else if (!code && n < LEAST_PHOTOS)
        code = warn_of_few(&set->state.album, list, err);
    if (!code && is_one_scene(set))
        code = hp_list_warn(list, err,
                            "nearly all photos show one scene: its details may be taken for bad pixels; "
                            "photos of other scenes would help");
    if (!code && !overlays)
        code = warn_of_surround(&set->state.album, list, err);
    if (!code)
        code = warn_of_checks(list, err);
    if (!code && overlays)
        code = hp_list_warn(list, err, "%zu area%s too large for a pixel (a date stamp, a border?) %s left out",
                            overlays, overlays == 1 ? "" : "s", overlays == 1 ? "was" : "were");
    return code;
}

static bool is_dark(const hp_album *album)
{
    for (size_t i = 0; i < album->count; i++)
        if (album->items[i].verdict == HP_PHOTO_TAKEN && !hp_thumbnail_is_dark(&album->items[i].scene.thumbnail))
            return false;
    return true;
}

/* What an unknown gain counts as. */
static double gain_of(const hp_record *record)
{
    return record->gain > 0 ? record->gain : 1;
}

/*
 * How long darks were exposed in all, s, bias frames not at all; 0 unless all photos are such, of known exposure. A
 * pixel's dark current is the sum of its differences to the ring over this sum. Where gains differ, each second counts
 * by its gain, so that the current is that at gain 1; where they do not, it is as seen.
 */
static double dark_exposure(const hp_album *album)
{
    double total_s = 0, weighted_s = 0, least = INFINITY, most = 0;
    for (size_t i = 0; i < album->count; i++) {
        const hp_record *record = &album->items[i];
        if (record->verdict != HP_PHOTO_TAKEN)
            continue;
        if (hp_thumbnail_is_bias(&record->scene.thumbnail))
            continue;
        if (!hp_thumbnail_is_dark(&record->scene.thumbnail) || !(record->exposure_s > 0))
            return 0;
        total_s += record->exposure_s;
        weighted_s += record->exposure_s * gain_of(record);
        least = fmin(least, gain_of(record));
        most = fmax(most, gain_of(record));
    }
    return least < most ? weighted_s : total_s;
}

/* What the sums do not tell. */
static int complete_evidence(const hp_album *album, double share, hp_evidence *evidence, hp_error *err)
{
    evidence->effective_share = share;
    for (size_t i = 0; i < album->count; i++) {
        int64_t taken_s = album->items[i].taken_s;
        if (album->items[i].verdict != HP_PHOTO_TAKEN || !taken_s)
            continue;
        if (!evidence->first_s || taken_s < evidence->first_s)
            evidence->first_s = taken_s;
        if (!evidence->last_s || taken_s > evidence->last_s)
            evidence->last_s = taken_s;
    }
    return hp_album_folder(album, &evidence->folder, err);
}

/* What gives one value does so after any time. */
static bool has_dark_current(const hp_defect *d)
{
    return d->kind == HP_HOT || d->kind == HP_WEAK;
}

/* Moves what was found into the public list. */
static int fill_list(hp_accumulation *set, hp_detection *found, hp_list *list, hp_error *err)
{
    size_t overlays = found->overlays;
    list->photos_used = set->state.album.taken;
    list->defects = found->defects;
    list->defect_count = found->count;
    list->negative_count = found->negative_count;
    list->dust = found->dust;
    list->dust_count = found->dust_count;
    list->checks = found->checks;
    list->evidence = found->evidence;
    *found = (hp_detection){0};
    double total_s = dark_exposure(&set->state.album);
    for (size_t i = 0; i < list->defect_count && total_s > 0; i++)
        if (has_dark_current(&list->defects[i]))
            list->defects[i].dark_current = list->defects[i].mean * (double)list->photos_used / total_s;
    return warn(set, overlays, list, err);
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
    hp_detect_options options = {
        .false_rate = run->options->false_rate > 0 ? run->options->false_rate : HP_FALSE_RATE,
        .evidence = run->options->evidence,
    };
    list->skipped = set->skips.items;
    list->skipped_count = set->skips.count;
    set->skips = (hp_skips){0};
    if (set->state.album.taken == 0)
        return HP_OK;
    list->camera = set->state.accumulator->shape.camera;
    int code = effective_share(run, set, &options.effective_share, err);
    options.dark = is_dark(&set->state.album);
    if (!code)
        code = hp_detect((const hp_residual *)set->state.accumulator, &options, run->pool, &found, err);
    if (!code && hp_run_must_stop(run))
        code = hp_fail(err, HP_E_STOPPED, "stopped");
    if (!code && found.evidence)
        code = complete_evidence(&set->state.album, options.effective_share, found.evidence, err);
    if (!code && (is_one_alone(set) || is_tiny(&set->state.accumulator->shape)))
        drop_found(&found);
    if (!code)
        code = fill_list(set, &found, list, err);
    hp_detection_free(&found);
    return code;
}

static bool ends_with(const char *text, const char *end)
{
    size_t length = strlen(text), tail = strlen(end);
    return tail <= length && strcmp(text + length - tail, end) == 0;
}

/* Of one body, as far as can be told: LibRaw leaves the maker out of some models' names. */
static bool is_other_kind_of(const hp_list *list, const hp_list *other)
{
    const hp_camera *a = &list->camera, *b = &other->camera;
    return list != other && a->source != b->source && a->model[0] && b->model[0] && list->photos_used > 0 &&
           other->photos_used > 0 && strcmp(a->serial, b->serial) == 0 &&
           (ends_with(a->model, b->model) || ends_with(b->model, a->model));
}

/* A raw file and the JPEG that the camera wrote beside it are two photos, with two frames. Both lists say the same. */
int hp_findings_tell_pairs(hp_result *result, hp_error *err)
{
    for (size_t i = 0; i < result->list_count; i++) {
        hp_list *list = &result->lists[i];
        size_t k = 0;
        while (k < result->list_count && !is_other_kind_of(list, &result->lists[k]))
            k++;
        if (k == result->list_count)
            continue;
        hp_source one = list->camera.source, other = result->lists[k].camera.source;
        int code = hp_list_warn(list, err,
                                "there are photos of this camera as %s and as %s: each kind has a list of its own, "
                                "and a bad pixel's place in one need not be that in the other",
                                hp_source_name(one < other ? one : other), hp_source_name(one < other ? other : one));
        if (code)
            return code;
    }
    return HP_OK;
}
