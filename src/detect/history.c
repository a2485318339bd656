/* hp_history_read: photos in order of date, the places of a list in each of them, and what they say. */
#include "defects/history.h"
#include "base/clock.h"
#include "base/error.h"
#include "base/memory.h"
#include "defects/reading.h"
#include "detect/dated.h"
#include "detect/sights.h"
#include "stats/rounds.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* ---- what the sights say ---- */

typedef struct telling {
    hp_list *list;
    const hp_sights *sights;
    hp_trace *traces; /* one a worker */
    hp_course_room *rooms;
} telling;

static void scale(const hp_trace *trace, const hp_sight *sights, hp_timeline *t)
{
    for (size_t i = 0; i < trace->count; i++) {
        t->residual[i] = sights[i].residual * sights[i].range;
        t->noise[i] = sights[i].noise * sights[i].range;
        t->expected[i] *= sights[i].range;
    }
}

static void tell_dates(const hp_history *history, hp_timeline *t, hp_defect *defect)
{
    bool seen = t->verdict != HP_NOT_SEEN;
    t->since_s = seen && t->first_bad > 0 ? history->photos[t->first_bad].taken_s : 0;
    t->until_s = seen && t->last_bad + 1 < history->photo_count ? history->photos[t->last_bad + 1].taken_s : 0;
    defect->since_s = t->since_s;
    defect->until_s = t->until_s;
}

static void tell_task(void *context, size_t index, unsigned worker)
{
    telling *work = context;
    hp_history *history = work->list->history;
    hp_timeline *t = &history->timelines[index];
    hp_trace *trace = &work->traces[worker];
    const hp_sight *sights = work->sights->items + index * history->photo_count;
    hp_trace_fill(trace, sights, work->sights->developed);
    hp_course_find(trace, &work->rooms[worker], t);
    scale(trace, sights, t);
    tell_dates(history, t, &work->list->defects[index]);
}

static int tell(hp_run *run, hp_list *list, const hp_sights *sights, hp_error *err)
{
    unsigned threads = hp_pool_threads(run->pool);
    size_t photos = list->history->photo_count;
    telling work = {list, sights, hp_calloc(threads, sizeof *work.traces, err),
                    hp_calloc(threads, sizeof *work.rooms, err)};
    int code = work.traces && work.rooms ? HP_OK : HP_E_MEMORY;
    for (unsigned i = 0; i < threads && !code; i++) {
        code = hp_trace_create(photos, &work.traces[i], err);
        if (!code)
            code = hp_course_room_create(photos, &work.rooms[i], err);
    }
    if (!code)
        hp_pool_run(run->pool, list->history->timeline_count, tell_task, &work);
    for (unsigned i = 0; i < threads; i++) {
        if (work.traces)
            hp_trace_free(&work.traces[i]);
        if (work.rooms)
            hp_course_room_free(&work.rooms[i]);
    }
    free(work.traces);
    free(work.rooms);
    return code;
}

/* ---- one list ---- */

static int keep_photos(hp_history *history, const hp_dated *dated, hp_error *err)
{
    for (size_t i = 0; i < dated->count; i++) {
        const hp_photo *photo = dated->photos[i];
        history->photos[i] = (hp_dated_photo){.path = hp_strdup(photo->path, err),
                                              .taken_s = photo->info.taken_s,
                                              .exposure_s = photo->info.exposure_s,
                                              .iso = photo->info.gain * 100};
        if (!history->photos[i].path)
            return HP_E_MEMORY;
    }
    return HP_OK;
}

static void keep_set_aside(hp_history *history, hp_skips *skips)
{
    hp_skips_sort(skips);
    history->set_aside = skips->items;
    history->set_aside_count = skips->count;
    *skips = (hp_skips){0};
}

static int read_list(hp_run *run, hp_dated *dated, hp_list *list, hp_error *err)
{
    hp_sights sights = {0};
    hp_history_free(&list->history);
    int code = hp_sights_take(run, dated, list, &sights, err);
    if (!code)
        code = hp_history_create(dated->count, list->defect_count, &list->history, err);
    if (!code)
        code = keep_photos(list->history, dated, err);
    if (!code)
        keep_set_aside(list->history, &dated->set_aside);
    if (!code && dated->count)
        code = tell(run, list, &sights, err);
    hp_sights_free(&sights);
    return code;
}

/* ---- all lists ---- */

static int warn_of_others(hp_result *result, const hp_photo_set *set, size_t others, hp_error *err)
{
    if (!others || !result->list_count)
        return HP_OK;
    return hp_list_warn(&result->lists[0], err,
                        "%zu of %zu photos were passed over: no list is for their camera and size", others, set->count);
}

static const char *shape_text(const hp_camera *camera, char *out, size_t size)
{
    char label[HP_LABEL_BYTES];
    snprintf(out, size, "%s, %" PRIu32 "x%" PRIu32 " %s", hp_camera_label(camera, label), camera->width, camera->height,
             hp_source_name(camera->source));
    return out;
}

static int fail_differ(const hp_result *result, const hp_photo_set *set, hp_error *err)
{
    char list[HP_LABEL_BYTES + 64], photo[HP_LABEL_BYTES + 64];
    if (!result->list_count)
        return hp_fail(err, HP_E_INPUT, "there is no list of bad pixels");
    const hp_camera *own = &result->lists[0].camera, *other = &set->photos[0].info.camera;
    bool mosaic = !hp_camera_same_mosaic(own, other);
    return hp_fail(err, HP_E_INPUT, "the list is for %s%s%s; the photos are of %s%s%s",
                   shape_text(own, list, sizeof list), mosaic ? ", colours " : "", mosaic ? own->cfa : "",
                   shape_text(other, photo, sizeof photo), mosaic ? ", colours " : "", mosaic ? other->cfa : "");
}

/* Why the first photo that was set aside was, where none is left. */
static int fail_undated(const hp_result *result, hp_error *err)
{
    for (size_t i = 0; i < result->list_count; i++)
        if (result->lists[i].history && result->lists[i].history->set_aside_count)
            return hp_skips_no_photo(result->lists[i].history->set_aside, result->lists[i].history->set_aside_count,
                                     err);
    return hp_skips_no_photo(NULL, 0, err);
}

/* ---- bodies without serial numbers, which a scan told apart: a list names the photos of those after it ---- */

static bool is_alike(const hp_list *a, const hp_list *b)
{
    const hp_camera *one = &a->camera, *other = &b->camera;
    return !one->serial[0] && one->source == other->source && one->width == other->width &&
           one->height == other->height && !strcmp(one->make, other->make) && !strcmp(one->model, other->model) &&
           !other->serial[0] && !strcmp(one->cfa, other->cfa) && one->bits == other->bits;
}

static bool is_for_others(const hp_list *list, const hp_photo *photo)
{
    for (size_t i = 0; i < list->skipped_count; i++)
        if (list->skipped[i].others && !strcmp(list->skipped[i].path, photo->path))
            return true;
    return false;
}

/* Keeps those of list `index`: which it does not leave to others, and each list like it before does. */
static void keep_own(const hp_result *result, size_t index, hp_dated *dated)
{
    const hp_list *list = &result->lists[index];
    size_t kept = 0, alike = 0;
    for (size_t k = 0; k < result->list_count; k++)
        alike += is_alike(list, &result->lists[k]);
    if (alike < 2)
        return;
    for (size_t i = 0; i < dated->count; i++) {
        bool own = true;
        for (size_t k = 0; k <= index && own; k++)
            if (is_alike(list, &result->lists[k]))
                own = is_for_others(&result->lists[k], dated->photos[i]) == (k < index);
        if (own)
            dated->photos[kept++] = dated->photos[i];
    }
    dated->count = kept;
}

/* ---- photos that a program turned or resized, as the scan found: the bad pixels do not lie there in them ---- */

static const hp_skipped *find_unfit(const hp_list *list, const hp_photo *photo)
{
    for (size_t i = 0; i < list->skipped_count; i++)
        if (list->skipped[i].unfit && !strcmp(list->skipped[i].path, photo->path))
            return &list->skipped[i];
    return NULL;
}

static int set_unfit_aside(const hp_list *list, hp_dated *dated, hp_error *err)
{
    int code = HP_OK;
    for (size_t i = dated->count; !code && i > 0; i--) {
        const hp_skipped *unfit = find_unfit(list, dated->photos[i - 1]);
        if (unfit)
            code = hp_dated_set_aside(dated, i - 1, unfit->reason, true, err);
    }
    return code;
}

static int read_lists(hp_run *run, hp_result *result, hp_photo_set *set, hp_error *err)
{
    const size_t others = hp_dated_others(set, result->lists, result->list_count);
    size_t used = 0;
    int code = HP_OK;
    for (size_t i = 0; i < result->list_count && !code; i++) {
        hp_dated dated;
        code = hp_dated_choose(set, result->lists, result->list_count, i, &dated, err);
        if (!code)
            keep_own(result, i, &dated);
        if (!code)
            code = set_unfit_aside(&result->lists[i], &dated, err);
        if (!code && dated.count + dated.set_aside.count)
            code = read_list(run, &dated, &result->lists[i], err);
        used += dated.count;
        hp_dated_free(&dated);
    }
    if (!code && others == set->count)
        code = fail_differ(result, set, err);
    if (!code && !used)
        code = fail_undated(result, err);
    return code ? code : warn_of_others(result, set, others, err);
}

/* What a scan of the same files found no photos is met again; what one of others did is not of this run. */
static void keep_skipped(hp_result *result, hp_photo_set *set)
{
    hp_skipped_free(result->skipped, result->skipped_count);
    result->skipped = set->skips.items;
    result->skipped_count = set->skips.count;
    set->skips = (hp_skips){0};
}

int hp_history_read(hp_result *result, const char *const *arguments, size_t count, const hp_run_options *options,
                    hp_error *err)
{
    hp_run run;
    hp_photo_set set;
    hp_run_options alone = *options;
    alone.team = NULL;
    int code = hp_run_start(&alone, &run, err);
    if (code)
        return code;
    code = hp_photo_set_open(arguments, count, run.pool, alone.stop, &set, err);
    if (!code) {
        keep_skipped(result, &set);
        code = set.count ? read_lists(&run, result, &set, err)
                         : hp_skips_no_photo(result->skipped, result->skipped_count, err);
        hp_photo_set_free(&set);
    }
    hp_run_end(&run);
    return code;
}
