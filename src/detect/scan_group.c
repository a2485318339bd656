#include "detect/scan_group.h"

#include "base/memory.h"
#include "defects/list.h"
#include "detect/bodies.h"
#include "detect/detect.h"
#include "detect/findings.h"
#include "detect/turned.h"
#include "detect/unfit.h"
#include "stats/team_work.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The leader's part. What was accumulated is put in place whatever becomes of the detection. */
static int conclude(hp_scan_work *work, hp_accumulation *set, hp_list *list, hp_error *err)
{
    if (!hp_team_leads(work->run->options->team))
        return HP_OK;
    int code = hp_findings(work->run, set, list, err);
    int kept = work->keeps ? hp_keeper_commit(&work->keeper, code ? NULL : err) : HP_OK;
    return code ? code : kept;
}

static int scan_photos(hp_scan_work *work, hp_photo *photos, size_t count, hp_list *list, hp_error *err)
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
    list->photos_new = set.photos_new;
    list->photos_known = set.photos_known;
    if (!code)
        code = hp_team_agree(run->options->team, conclude(work, &set, list, err), err);
    hp_accumulation_free(&set);
    return code;
}

/* ---- what goes with the others, and what does not ---- */

/* Photos in this order: those that count, those of other bodies, turned ones, resized ones. */
typedef struct group {
    hp_photo *photos;
    size_t counted, others, turned, resized;
    unsigned *marks; /* one a photo; of those that are turned by how many degrees */
} group;

/* With a state photos are in its sums already, and among processes they are dealt out anew: there it is said alone. */
static bool may_leave_out(const hp_scan_work *work)
{
    return !work->keeps && !work->run->options->team;
}

static void expect(hp_run *run, const hp_photo *photos, size_t count)
{
    for (size_t i = 0; i < count; i++)
        hp_run_expect(run, &photos[i]);
}

/* Once more without the last ones of those that counted. */
static int scan_again(hp_scan_work *work, const group *g, hp_list *list, hp_error *err)
{
    hp_list_clear(list);
    expect(work->run, g->photos, g->counted);
    return scan_photos(work, g->photos, g->counted, list, err);
}

/* ---- turned ---- */

static int warn_of_turned(hp_list *list, size_t found, const char *what, hp_error *err)
{
    return hp_list_warn(list, err, "%zu photo%s turned against the others by a program; %s", found,
                        found == 1 ? " was" : "s were", what);
}

static int leave_turned_out(hp_scan_work *work, group *g, hp_list *list, hp_error *err)
{
    size_t found = 0;
    int code = hp_turned_find(work->run, g->photos, g->counted, list, g->marks, &found, err);
    if (code || found == 0)
        return code;
    if (!may_leave_out(work))
        return warn_of_turned(
            list, found, found == 1 ? "a scan without --state leaves it out" : "a scan without --state leaves them out",
            err);
    g->counted = hp_unfit_set_last(g->photos, g->marks, g->counted);
    g->turned = found;
    return scan_again(work, g, list, err);
}

static int skip_turned(const group *g, hp_list *list, hp_error *err)
{
    int code = g->turned ? warn_of_turned(list, g->turned, g->turned == 1 ? "it is left out" : "they are left out", err)
                         : HP_OK;
    for (size_t i = g->counted + g->others; !code && i < g->counted + g->others + g->turned; i++) {
        char reason[80];
        snprintf(reason, sizeof reason, "is turned by %u degrees against the others", g->marks[i]);
        code = hp_unfit_skip(&g->photos[i], reason, false, list, err);
    }
    return code;
}

/* ---- of other bodies ---- */

static int tell_of_others(hp_list *list, size_t found, hp_error *err)
{
    return hp_list_warn(list, err,
                        "%zu of these photos, which name no serial number, show the bad pixels of another camera; a "
                        "scan without --state keeps them apart",
                        found);
}

/* One body after the other, until those that count are of one. */
static int set_others_apart(hp_scan_work *work, group *g, hp_list *list, hp_error *err)
{
    size_t found = 1;
    int code = HP_OK;
    while (!code && found > 0 && list->photos_used > 0) {
        code = hp_bodies_find(work->run, g->photos, g->counted, list, g->marks, &found, err);
        if (code || found == 0)
            return code;
        if (!may_leave_out(work))
            return tell_of_others(list, found, err);
        g->counted = hp_unfit_set_last(g->photos, g->marks, g->counted);
        g->others += found;
        expect(work->run, g->photos + g->counted, found); /* as the next group */
        code = scan_again(work, g, list, err);
    }
    return code;
}

static int skip_others(const group *g, hp_list *list, hp_error *err)
{
    if (g->others == 0)
        return HP_OK;
    int code =
        hp_list_warn(list, err,
                     "%zu photo%s, which like these name%s no serial number, show%s other bad pixels than these: "
                     "they are taken for another camera's, with a list of its own",
                     g->others, g->others == 1 ? "" : "s", g->others == 1 ? "s" : "", g->others == 1 ? "s" : "");
    const char *reason = "shows the bad pixels of another camera, which has a list of its own";
    for (size_t i = g->counted; !code && i < g->counted + g->others; i++)
        code = hp_unfit_skip(&g->photos[i], reason, true, list, err);
    return code;
}

static int compare_paths(const void *a, const void *b)
{
    return strcmp(((const hp_photo *)a)->path, ((const hp_photo *)b)->path);
}

/* Behind all that is done with, and by path. */
static int set_others_last(group *g, hp_error *err)
{
    if (g->others == 0)
        return HP_OK;
    hp_photo *others = g->photos + g->counted;
    size_t after = g->turned + g->resized;
    hp_photo *copy = hp_calloc(g->others, sizeof *copy, err);
    if (!copy)
        return HP_E_MEMORY;
    memcpy(copy, others, g->others * sizeof *copy);
    memmove(others, others + g->others, after * sizeof *others);
    memcpy(others + after, copy, g->others * sizeof *copy);
    qsort(others + after, g->others, sizeof *others, compare_paths);
    free(copy);
    return HP_OK;
}

/* ---- of another size than they were taken in ---- */

static void set_resized_last(hp_scan_work *work, group *g)
{
    size_t all = g->counted;
    if (hp_unfit_mark_resized(g->photos, all, g->marks) == all)
        return;
    g->counted = hp_unfit_set_last(g->photos, g->marks, all);
    g->resized = all - g->counted;
    for (size_t i = g->counted; i < all; i++)
        hp_run_report(work->run, &g->photos[i]);
}

/* ---- all ---- */

/* The leader's part, once all photos that may count were counted. */
static int look_closer(hp_scan_work *work, group *g, hp_list *list, hp_error *err)
{
    int code = HP_OK;
    if (list->photos_used > 0)
        code = leave_turned_out(work, g, list, err);
    if (!code)
        code = set_others_apart(work, g, list, err);
    if (!code)
        code = skip_turned(g, list, err);
    if (!code)
        code = skip_others(g, list, err);
    if (!code)
        code = hp_unfit_skip_resized(g->photos + g->counted + g->others + g->turned, g->resized, list, err);
    if (!code)
        code = hp_unfit_tell(g->photos, g->counted, list, err);
    return code ? code : set_others_last(g, err);
}

int hp_scan_group(hp_scan_work *work, hp_photo *photos, size_t count, hp_list *list, size_t *others, hp_error *err)
{
    const hp_team *team = work->run->options->team;
    group g = {.photos = photos, .counted = count, .marks = hp_calloc(count, sizeof *g.marks, err)};
    int code = hp_team_agree(team, g.marks ? HP_OK : HP_E_MEMORY, err);
    if (!code) {
        set_resized_last(work, &g);
        code = scan_photos(work, photos, g.counted, list, err);
    }
    if (!code)
        code = hp_team_agree(team, hp_team_leads(team) ? look_closer(work, &g, list, err) : HP_OK, err);
    *others = code ? 0 : g.others;
    free(g.marks);
    return code;
}

/* What was found until then goes: photos are counted or skipped, not both. */
int hp_scan_skip_group(const hp_photo *photos, size_t count, const char *reason, hp_list *list, hp_error *err)
{
    hp_skips skips = {0};
    int code = HP_OK;
    hp_list_clear(list);
    list->camera = photos[0].info.camera;
    for (size_t i = 0; !code && i < count; i++)
        code = hp_skips_add(&skips, photos[i].path, reason, false, err);
    for (size_t i = 0; i < skips.count; i++)
        skips.items[i].shared = true;
    hp_skips_sort(&skips);
    list->skipped = skips.items;
    list->skipped_count = skips.count;
    return code;
}
