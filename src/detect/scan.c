/* hp_scan: the whole way from the user's arguments to lists of bad pixels. */
#include "base/clock.h"
#include "base/error.h"
#include "base/memory.h"
#include "defects/list.h"
#include "detect/detect.h"
#include "detect/findings.h"
#include "detect/turned.h"
#include "detect/unfit.h"
#include "stats/state_names.h"
#include "stats/team_work.h"

#include <stdio.h>
#include <stdlib.h>

hp_scan_options hp_scan_defaults(void)
{
    return (hp_scan_options){.run.checkpoint_s = HP_CHECKPOINT_S};
}

/* One call of hp_scan. */
typedef struct scan {
    hp_run *run;
    hp_similar similar;
    const char *folder; /* of states; NULL: none */
    hp_keeper keeper;   /* of the state given, or of the camera in work */
    bool keeps;
    hp_error shortage; /* what kept a camera from the memory */
} scan;

/* The leader's part. What was accumulated is put in place whatever becomes of the detection. */
static int conclude(scan *work, hp_accumulation *set, hp_list *list, hp_error *err)
{
    if (!hp_team_leads(work->run->options->team))
        return HP_OK;
    int code = hp_findings(work->run, set, list, err);
    int kept = work->keeps ? hp_keeper_commit(&work->keeper, code ? NULL : err) : HP_OK;
    return code ? code : kept;
}

static int scan_photos(scan *work, hp_photo *photos, size_t count, hp_list *list, hp_error *err)
{
    hp_run *run = work->run;
    hp_accumulation set;
    hp_accumulate_options options = {
        .kind = &hp_residual_kind,
        .keep_similar = work->similar == HP_SIMILAR_KEEP,
        .compare_calibration = work->similar == HP_SIMILAR_SKIP,
        .keeper = work->keeps && hp_team_leads(run->options->team) ? &work->keeper : NULL,
        .finish_bytes = hp_detect_bytes(&photos[0].info, run->options->evidence, hp_pool_threads(run->pool)),
    };
    list->camera = photos[0].info.camera;
    int code = hp_accumulate(run, photos, count, &options, &set, err);
    list->photos_used = set.state.album.taken;
    if (!code)
        code = hp_team_agree(run->options->team, conclude(work, &set, list, err), err);
    hp_accumulation_free(&set);
    return code;
}

/* ---- photos that were turned ---- */

static int skip_turned(const hp_photo *photos, const unsigned *turned, size_t count, hp_list *list, hp_error *err)
{
    int code = HP_OK;
    for (size_t i = 0; !code && i < count; i++) {
        char reason[80];
        snprintf(reason, sizeof reason, "is turned by %u degrees against the others", turned[i]);
        code = hp_unfit_skip(&photos[i], reason, list, err);
    }
    return code;
}

static int warn_of_turned(hp_list *list, size_t found, const char *what, hp_error *err)
{
    return hp_unfit_warn(list, err, "%zu photo%s turned against the others by a program; %s", found,
                         found == 1 ? " was" : "s were", what);
}

/*
 * Once more without them. With a state they are in its sums already, and among processes photos are dealt out anew:
 * there it is said alone.
 */
static int leave_turned_out(scan *work, hp_photo *photos, size_t count, hp_list *list, hp_error *err)
{
    hp_run *run = work->run;
    size_t found = 0;
    if (!hp_team_leads(run->options->team) || list->photos_used == 0)
        return HP_OK;
    unsigned *turned = hp_calloc(count, sizeof *turned, err);
    int code = turned ? hp_turned_find(run, photos, count, list, turned, &found, err) : HP_E_MEMORY;
    if (!code && found > 0 && (work->keeps || run->options->team)) {
        code = warn_of_turned(list, found, "a scan without --state leaves them out", err);
    } else if (!code && found > 0) {
        size_t kept = hp_unfit_set_last(photos, turned, count);
        hp_list_clear(list);
        run->progress.photos_total += kept;
        code = scan_photos(work, photos, kept, list, err);
        if (!code)
            code = skip_turned(photos + kept, turned + kept, count - kept, list, err);
        if (!code)
            code = warn_of_turned(list, found, "they are left out", err);
    }
    free(turned);
    return code;
}

/* ---- photos of another size than they were taken in ---- */

static int skip_resized(const hp_photo *photos, size_t count, hp_list *list, hp_error *err)
{
    int code = HP_OK;
    for (size_t i = 0; !code && i < count; i++) {
        char reason[120];
        snprintf(reason, sizeof reason, "was taken in %u x %u px and resized or cropped afterwards",
                 photos[i].info.taken_width, photos[i].info.taken_height);
        code = hp_unfit_skip(&photos[i], reason, list, err);
    }
    return code;
}

static int scan_all_of(scan *work, hp_photo *photos, size_t count, hp_list *list, hp_error *err)
{
    const hp_team *team = work->run->options->team;
    unsigned *resized = hp_calloc(count, sizeof *resized, err);
    int code = hp_team_agree(team, resized ? HP_OK : HP_E_MEMORY, err);
    size_t kept = count;
    if (!code && hp_unfit_mark_resized(photos, count, resized) < count) {
        kept = hp_unfit_set_last(photos, resized, count);
        work->run->progress.photos_total -= count - kept;
    }
    free(resized);
    if (!code)
        code = scan_photos(work, photos, kept, list, err);
    if (code)
        return code;
    code = leave_turned_out(work, photos, kept, list, err);
    if (!code && hp_team_leads(team))
        code = skip_resized(photos + kept, count - kept, list, err);
    if (!code && hp_team_leads(team))
        code = hp_unfit_tell(photos, kept, list, err);
    return hp_team_agree(team, code, err);
}

static int scan_group(scan *work, hp_photo *photos, size_t count, hp_list *list, hp_error *err)
{
    if (!work->folder)
        return scan_all_of(work, photos, count, list, err);
    char *path = NULL;
    const hp_run_options *options = work->run->options;
    int code = HP_OK;
    if (hp_team_leads(options->team)) {
        code = hp_state_name_in(work->folder, &photos[0].info.camera, &path, err);
        if (!code)
            code = hp_keeper_open(path, options->checkpoint_s, &work->keeper, err);
    }
    code = hp_team_agree(options->team, code, err);
    work->keeps = !code;
    if (!code)
        code = scan_all_of(work, photos, count, list, err);
    hp_keeper_close(&work->keeper);
    work->keeps = false;
    free(path);
    return code;
}

/* A group that does not fit in memory costs its photos, not the other cameras. */
static int skip_group(const hp_photo *photos, size_t count, const char *reason, hp_list *list, hp_error *err)
{
    hp_skips skips = {list->skipped, list->skipped_count, list->skipped_count};
    hp_skipped_free(skips.items, skips.count);
    skips = (hp_skips){0};
    int code = HP_OK;
    for (size_t i = 0; !code && i < count; i++)
        code = hp_skips_add(&skips, photos[i].path, reason, false, err);
    list->skipped = skips.items;
    list->skipped_count = skips.count;
    return code;
}

static size_t group_end(const hp_photo_set *set, size_t first)
{
    size_t end = first + 1;
    while (end < set->count && hp_photo_same_camera(&set->photos[first], &set->photos[end]))
        end++;
    return end;
}

static int scan_groups(scan *work, const hp_photo_set *set, hp_result *result, hp_error *err)
{
    size_t capacity = 0;
    for (size_t first = 0, end; first < set->count; first = end) {
        end = group_end(set, first);
        int code = hp_grow((void **)&result->lists, &capacity, result->list_count + 1, sizeof *result->lists, err);
        if (code)
            return code;
        hp_list *list = &result->lists[result->list_count++];
        *list = (hp_list){0};
        code = scan_group(work, set->photos + first, end - first, list, err);
        if (code == HP_E_MEMORY) {
            work->shortage = *err;
            code = skip_group(set->photos + first, end - first, work->shortage.message, list, err);
        }
        if (code)
            return code;
    }
    return HP_OK;
}

/* A state file holds one camera: which are there, when there are more. */
static int check_one_camera(const hp_photo_set *set, hp_error *err)
{
    size_t cameras = 0;
    char first_text[HP_SHAPE_TEXT], text[HP_SHAPE_TEXT] = "";
    for (size_t first = 0; first < set->count; first = group_end(set, first))
        if (cameras++ < 2)
            hp_shape_text(&hp_residual_kind, &set->photos[first].info, cameras == 1 ? first_text : text);
    if (cameras < 2)
        return HP_OK;
    return hp_fail(
        err, HP_E_INPUT,
        "a state file holds one camera, these photos are of %zu: %.300s; %.300s%s; a folder given to --state "
        "keeps a file for each",
        cameras, first_text, text, cameras > 2 ? "; ..." : "");
}

/* The error of a scan that could use nothing: what kept it from the memory, or how the first file failed. */
static int check_any_used(const hp_result *result, const hp_error *shortage, hp_error *err)
{
    size_t skipped = result->skipped_count;
    const hp_skipped *first = result->skipped;
    for (size_t i = 0; i < result->list_count; i++) {
        if (result->lists[i].photos_used > 0)
            return HP_OK;
        skipped += result->lists[i].skipped_count;
        first = result->lists[i].skipped_count ? result->lists[i].skipped : first;
    }
    if (!shortage->code)
        return hp_skips_no_photo(first, skipped, err);
    *err = *shortage;
    return err->code;
}

/* Photos that the state given holds are hashed while their metadata is read. */
static int open_photos(const scan *work, const char *const *arguments, size_t count, hp_photo_set *set, hp_error *err)
{
    const hp_run *run = work->run;
    const hp_team *team = run->options->team;
    hp_strings familiar = {0};
    int code = work->keeps && hp_team_leads(team) ? hp_keeper_paths(&work->keeper, &familiar, err) : HP_OK;
    code = hp_team_agree(team, code, err);
    if (!code)
        code = hp_photo_set_open_together(arguments, count, run->pool, run->options->stop, team, &familiar, set, err);
    hp_strings_free(&familiar);
    return code;
}

static int run_scan(scan *work, const char *const *arguments, size_t count, hp_result *result, hp_error *err)
{
    hp_photo_set set;
    hp_run *run = work->run;
    int code = open_photos(work, arguments, count, &set, err);
    if (code)
        return code;
    run->progress.photos_total = set.count;
    for (size_t i = 0; i < set.count; i++)
        run->progress.bytes_total += set.photos[i].file_size;
    result->skipped = set.skips.items;
    result->skipped_count = set.skips.count;
    set.skips = (hp_skips){0};
    if (work->keeps)
        code = check_one_camera(&set, err);
    if (!code)
        code = scan_groups(work, &set, result, err);
    if (!code)
        code = check_any_used(result, &work->shortage, err);
    if (!code)
        code = hp_findings_tell_pairs(result, err);
    if (!code)
        code = hp_turned_tell(result, err);
    hp_photo_set_free(&set);
    return code;
}

/* A state file is locked before the first photo is looked at, those of a folder when their camera's turn comes. */
static int open_state(scan *work, const hp_run_options *options, hp_error *err)
{
    bool leads = hp_team_leads(options->team), in_folder = options->state && hp_state_is_folder(options->state);
    int code = hp_team_any(options->team, &in_folder, err);
    if (code || !options->state)
        return code;
    if (in_folder) {
        work->folder = options->state;
        return HP_OK;
    }
    work->keeps = true;
    if (leads)
        code = hp_keeper_open(options->state, options->checkpoint_s, &work->keeper, err);
    return hp_team_agree(options->team, code, err);
}

int hp_scan(const char *const *arguments, size_t count, const hp_scan_options *options, hp_result **result,
            hp_error *err)
{
    *result = NULL;
    hp_run run;
    int code = hp_run_start(&options->run, &run, err);
    if (code)
        return code;
    scan work = {.run = &run, .similar = options->similar, .keeper = {.lock = -1, .new_file = -1}};
    hp_result *made = hp_calloc(1, sizeof *made, err);
    code = hp_team_agree(options->run.team, made ? HP_OK : HP_E_MEMORY, err);
    if (!code)
        code = open_state(&work, &options->run, err);
    if (!code)
        code = run_scan(&work, arguments, count, made, err);
    hp_keeper_close(&work.keeper);
    if (made)
        made->seconds = hp_now_s() - run.started_s;
    hp_run_end(&run);
    if (code && code != HP_E_NO_PHOTO)
        hp_result_free(&made);
    *result = made;
    return code;
}
