/* hp_scan: the whole way from the user's arguments to lists of bad pixels. */
#include "base/clock.h"
#include "base/error.h"
#include "base/file.h"
#include "base/memory.h"
#include "defects/list.h"
#include "detect/findings.h"
#include "detect/scan_group.h"
#include "detect/turned.h"
#include "detect/unfit.h"
#include "stats/residual.h"
#include "stats/ring.h"
#include "stats/state_names.h"
#include "stats/team_work.h"

#include <stdlib.h>

/* One call of hp_scan. */
typedef struct scan {
    hp_scan_work work;
    const char *folder; /* of states; NULL: none */
    hp_error shortage;  /* what kept a camera from the memory */
} scan;

hp_scan_options hp_scan_defaults(void)
{
    return (hp_scan_options){.run.checkpoint_s = HP_CHECKPOINT_S};
}

static int scan_group(scan *all, hp_photo *photos, size_t count, hp_list *list, size_t *others, hp_error *err)
{
    hp_scan_work *work = &all->work;
    if (!all->folder)
        return hp_scan_group(work, photos, count, list, others, err);
    char *path = NULL;
    const hp_run_options *options = work->run->options;
    int code = HP_OK;
    if (hp_team_leads(options->team)) {
        code = hp_state_name_in(all->folder, &photos[0].info.camera, &path, err);
        if (!code)
            code = hp_keeper_open(path, options->checkpoint_s, &work->keeper, err);
    }
    code = hp_team_agree(options->team, code, err);
    work->keeps = !code;
    if (!code)
        code = hp_scan_group(work, photos, count, list, others, err);
    hp_keeper_close(&work->keeper);
    work->keeps = false;
    free(path);
    return code;
}

/* A group that has no ring, or does not fit in memory, costs its photos, not the other cameras. */
static int try_group(scan *work, hp_photo *photos, size_t count, hp_list *list, size_t *others, hp_error *err)
{
    hp_ring ring;
    hp_error lack = {0};
    if (hp_ring_of(&photos[0].info, &ring, &lack))
        return hp_scan_skip_group(photos, count, lack.message, list, err);
    int code = scan_group(work, photos, count, list, others, err);
    if (code != HP_E_MEMORY)
        return code;
    work->shortage = *err;
    return hp_scan_skip_group(photos, count, work->shortage.message, list, err);
}

static size_t group_end(const hp_photo_set *set, size_t first)
{
    size_t end = first + 1;
    while (end < set->count && hp_photo_same_camera(&set->photos[first], &set->photos[end]))
        end++;
    return end;
}

/* Photos that a group leaves, since they show another body's bad pixels, are the next group. */
static int scan_groups(scan *work, const hp_photo_set *set, hp_result *result, hp_error *err)
{
    size_t capacity = 0, others = 0;
    for (size_t first = 0, end; first < set->count; first = end - others) {
        bool apart = others > 0;
        end = group_end(set, first);
        others = 0;
        int code = hp_grow((void **)&result->lists, &capacity, result->list_count + 1, sizeof *result->lists, err);
        if (code)
            return code;
        hp_list *list = &result->lists[result->list_count++];
        *list = (hp_list){0};
        code = try_group(work, set->photos + first, end - first, list, &others, err);
        if (!code && apart)
            code = hp_list_warn(list, err,
                                "these photos show other bad pixels than others of this camera: since none "
                                "names a serial number, they are taken for another one's");
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
        first = skipped ? first : result->lists[i].skipped;
        skipped += result->lists[i].skipped_count;
    }
    if (!shortage->code)
        return hp_skips_no_photo(first, skipped, err);
    *err = *shortage;
    return err->code;
}

/* Photos that the state given holds are hashed while their metadata is read. */
static int open_photos(hp_scan_work *work, const char *const *arguments, size_t count, hp_photo_set *set, hp_error *err)
{
    const hp_run *run = work->run;
    const hp_team *team = run->options->team;
    hp_strings familiar = {0};
    int code = work->keeps && hp_team_leads(team) ? hp_run_begin(run, &work->keeper, &familiar, err) : HP_OK;
    code = hp_team_agree(team, code, err);
    if (!code)
        code = hp_photo_set_open_together(arguments, count, run->pool, run->options->stop, team, &familiar, set, err);
    hp_strings_free(&familiar);
    return code;
}

static int run_scan(scan *work, const char *const *arguments, size_t count, hp_result *result, hp_error *err)
{
    hp_photo_set set;
    hp_run *run = work->work.run;
    int code = open_photos(&work->work, arguments, count, &set, err);
    if (code)
        return code;
    for (size_t i = 0; i < set.count; i++)
        hp_run_expect(run, &set.photos[i]);
    result->skipped = set.skips.items;
    result->skipped_count = set.skips.count;
    set.skips = (hp_skips){0};
    if (work->work.keeps)
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
    bool leads = hp_team_leads(options->team), in_folder = options->state && hp_is_folder(options->state);
    int code = hp_team_any(options->team, &in_folder, err);
    if (code || !options->state)
        return code;
    if (in_folder) {
        work->folder = options->state;
        return HP_OK;
    }
    work->work.keeps = true;
    if (leads)
        code = hp_keeper_open(options->state, options->checkpoint_s, &work->work.keeper, err);
    return hp_team_agree(options->team, code, err);
}

int hp_scan(const char *const *arguments, size_t count, const hp_scan_options *options, hp_result **result,
            hp_error *err)
{
    *result = NULL;
    hp_run run;
    hp_error unwanted = {0};
    err = err ? err : &unwanted; /* try_group reads it */
    int code = hp_similar_check(options->similar, err);
    if (!code)
        code = hp_run_start(&options->run, &run, err);
    if (code)
        return code;
    scan work = {.work = {.run = &run, .similar = options->similar, .keeper = {.lock = -1, .new_file = -1}}};
    hp_result *made = hp_calloc(1, sizeof *made, err);
    code = hp_team_agree(options->run.team, made ? HP_OK : HP_E_MEMORY, err);
    if (!code)
        code = open_state(&work, &options->run, err);
    if (!code)
        code = run_scan(&work, arguments, count, made, err);
    hp_keeper_close(&work.work.keeper);
    if (made)
        made->seconds = hp_now_s() - run.started_s;
    hp_run_end(&run);
    if (code && code != HP_E_NO_PHOTO)
        hp_result_free(&made);
    *result = made;
    return code;
}
