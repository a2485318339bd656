/* hp_selftest_run: the way of hp_scan twice, as the photos are and with planted defects. */
#include "base/clock.h"
#include "base/error.h"
#include "base/memory.h"
#include "defects/list.h"
#include "detect/detect.h"
#include "detect/findings.h"
#include "detect/places.h"
#include "detect/scan_group.h"
#include "detect/select.h"
#include "detect/strength.h"
#include "detect/unfit.h"

#include <stdlib.h>

enum { MATCH_PX = 2 }; /* px: this near, a detection is the planted one */

#define SHARE 0.9 /* of the planted ones that a strength is told for */

/* What a pass tells of the photos themselves. */
typedef struct measured {
    double sigma; /* DN, the median; 0: no photo */
    hp_levels levels;
} measured;

static int measure(const hp_accumulation *set, measured *m, hp_error *err)
{
    double *sigmas = hp_calloc(set->state.album.count, sizeof *sigmas, err);
    size_t taken = 0;
    if (!sigmas)
        return HP_E_MEMORY;
    for (size_t i = 0; i < set->state.album.count; i++)
        if (set->state.album.items[i].verdict == HP_PHOTO_TAKEN)
            sigmas[taken++] = (double)set->state.album.items[i].sigma;
    if (taken)
        *m = (measured){hp_median(sigmas, taken), hp_levels_of((const hp_residual *)set->state.accumulator)};
    free(sigmas);
    return HP_OK;
}

/* One pass over the photos of a camera; planting and what was measured may be NULL. */
static int scan_once(hp_run *run, hp_similar similar, hp_photo *photos, size_t count, const hp_planting *planting,
                     hp_list *list, measured *m, hp_error *err)
{
    hp_accumulation set;
    hp_accumulate_options options = {
        .kind = &hp_residual_kind,
        .keep_similar = similar == HP_SIMILAR_KEEP,
        .compare_calibration = similar == HP_SIMILAR_SKIP,
        .alter = planting ? hp_planting_alter : NULL,
        .alter_context = planting,
        .finish_bytes = hp_detect_bytes(&photos[0].info, false, hp_pool_threads(run->pool)),
    };
    list->camera = photos[0].info.camera;
    int code = hp_accumulate(run, photos, count, &options, &set, err);
    if (!code)
        code = hp_findings(run, &set, list, err);
    if (!code && m)
        code = measure(&set, m, err);
    hp_accumulation_free(&set);
    return code;
}

static bool is_found(const hp_list *list, const hp_plant *p)
{
    uint32_t top = p->y > MATCH_PX ? p->y - MATCH_PX : 0, left = p->x > MATCH_PX ? p->x - MATCH_PX : 0;
    for (size_t i = hp_list_find(list, 0, top); i < list->defect_count && list->defects[i].y <= p->y + MATCH_PX; i++)
        if (list->defects[i].x >= left && list->defects[i].x <= p->x + MATCH_PX)
            return true;
    return false;
}

static double mean_gain(const hp_photo *photos, size_t count)
{
    double sum = 0;
    for (size_t i = 0; i < count; i++)
        sum += hp_planting_gain(&photos[i]);
    return sum / (double)count;
}

/* Darks need not come near white. */
static hp_levels levels_of(const hp_photo *photos, size_t count, const measured *m)
{
    hp_levels levels = m->levels;
    size_t darks = 0;
    for (size_t i = 0; i < count; i++)
        darks += hp_planting_is_dark(&photos[i].info);
    if (darks == count)
        levels.white = hp_levels_white(&photos[0].info);
    return levels;
}

/* As a scan does: those of another size than the camera took them in are put last. */
static int leave_resized_out(hp_run *run, hp_photo *photos, size_t all, size_t *count, hp_error *err)
{
    unsigned *marks = hp_calloc(all, sizeof *marks, err);
    *count = all;
    if (!marks)
        return HP_E_MEMORY;
    if (hp_unfit_mark_resized(photos, all, marks) < all)
        *count = hp_unfit_set_last(photos, marks, all);
    free(marks);
    for (int pass = 0; pass < 2; pass++)
        for (size_t i = *count; i < all; i++)
            hp_run_report(run, &photos[i]);
    return HP_OK;
}

static int test_group(hp_run *run, hp_similar similar, hp_photo *photos, size_t all, hp_selftest *test, hp_error *err)
{
    hp_list own = {0}, found = {0};
    hp_planting planting = {0};
    measured m = {0};
    size_t count;
    int code = leave_resized_out(run, photos, all, &count, err);
    if (!code)
        code = scan_once(run, similar, photos, count, NULL, &own, &m, err);
    if (!code)
        code = hp_unfit_skip_resized(photos + count, all - count, &own, err);
    test->camera = own.camera;
    test->photos_used = own.photos_used;
    test->own_defects = own.defect_count;
    test->skipped = own.skipped;
    test->skipped_count = own.skipped_count;
    own.skipped = NULL;
    own.skipped_count = 0;
    if (!code && own.photos_used > 0) {
        code = hp_places_steps(m.sigma, own.camera.bits, &test->steps, &test->step_count, err);
        if (!code)
            code = hp_places_spread(&own, test->steps, test->step_count, &planting, err);
        planting.mean_gain = mean_gain(photos, count);
        planting.levels = levels_of(photos, count, &m);
        if (!code)
            code = scan_once(run, similar, photos, count, &planting, &found, NULL, err);
        for (size_t i = 0; !code && i < planting.count; i++)
            test->steps[planting.items[i].step].found += is_found(&found, &planting.items[i]);
        test->hot_from_dn = hp_strength_of_share(test->steps, test->step_count, HP_HOT, SHARE);
        test->weak_from = hp_strength_of_share(test->steps, test->step_count, HP_WEAK, SHARE);
    }
    free(planting.items);
    hp_list_clear(&own);
    hp_list_clear(&found);
    return code;
}

/* Photos that cannot be tested cost themselves, not the other cameras: as in a scan. */
static int try_group(hp_run *run, hp_similar similar, hp_photo *photos, size_t count, hp_selftest *test, hp_error *lack,
                     hp_error *err)
{
    hp_list list = {0};
    int code = test_group(run, similar, photos, count, test, err);
    if (code != HP_E_MEMORY && code != HP_E_UNSUPPORTED)
        return code;
    *lack = *err;
    free(test->steps);
    hp_skipped_free(test->skipped, test->skipped_count);
    code = hp_scan_skip_group(photos, count, lack->message, &list, err);
    *test = (hp_selftest){.camera = list.camera, .skipped = list.skipped, .skipped_count = list.skipped_count};
    return code;
}

/* What kept the photos from the test, or how the first file failed. */
static int fail_unused(const hp_selftest_result *result, const hp_error *lack, hp_error *err)
{
    size_t skipped = result->skipped_count;
    const hp_skipped *first = result->skipped;
    for (size_t i = 0; i < result->camera_count; i++) {
        first = skipped ? first : result->cameras[i].skipped;
        skipped += result->cameras[i].skipped_count;
    }
    if (!lack->code)
        return hp_skips_no_photo(first, skipped, err);
    *err = *lack;
    return err->code;
}

static int test_groups(hp_run *run, hp_similar similar, const hp_photo_set *set, hp_selftest_result *result,
                       hp_error *err)
{
    size_t capacity = 0, used = 0;
    hp_error lack = {0};
    int code = HP_OK;
    for (size_t first = 0, end; !code && first < set->count; first = end) {
        for (end = first + 1; end < set->count && hp_photo_same_camera(&set->photos[first], &set->photos[end]);)
            end++;
        code = hp_grow((void **)&result->cameras, &capacity, result->camera_count + 1, sizeof *result->cameras, err);
        if (code)
            return code;
        hp_selftest *test = &result->cameras[result->camera_count++];
        *test = (hp_selftest){0};
        code = try_group(run, similar, set->photos + first, end - first, test, &lack, err);
        used += test->photos_used;
    }
    return code || used ? code : fail_unused(result, &lack, err);
}

static int run_test(hp_run *run, const char *const *arguments, size_t count, const hp_scan_options *options,
                    hp_selftest_result *result, hp_error *err)
{
    hp_photo_set set;
    int code = hp_photo_set_open(arguments, count, run->pool, options->run.stop, &set, err);
    if (code)
        return code;
    for (int pass = 0; pass < 2; pass++)
        for (size_t i = 0; i < set.count; i++)
            hp_run_expect(run, &set.photos[i]);
    result->skipped = set.skips.items;
    result->skipped_count = set.skips.count;
    set.skips = (hp_skips){0};
    code = test_groups(run, options->similar, &set, result, err);
    hp_photo_set_free(&set);
    return code;
}

int hp_selftest_run(const char *const *arguments, size_t count, const hp_scan_options *options,
                    hp_selftest_result **result, hp_error *err)
{
    hp_run run;
    hp_error unwanted = {0};
    err = err ? err : &unwanted; /* try_group reads it */
    hp_scan_options own = *options;
    own.run.state = NULL;
    own.run.team = NULL;
    *result = NULL;
    int code = hp_similar_check(options->similar, err);
    if (!code)
        code = hp_run_start(&own.run, &run, err);
    if (code)
        return code;
    hp_selftest_result *made = hp_calloc(1, sizeof *made, err);
    code = made ? run_test(&run, arguments, count, &own, made, err) : HP_E_MEMORY;
    if (made)
        made->seconds = hp_now_s() - run.started_s;
    hp_run_end(&run);
    if (code && code != HP_E_NO_PHOTO)
        hp_selftest_result_free(&made);
    *result = made;
    return code;
}

void hp_selftest_result_free(hp_selftest_result **result)
{
    if (!*result)
        return;
    for (size_t i = 0; i < (*result)->camera_count; i++) {
        free((*result)->cameras[i].steps);
        hp_skipped_free((*result)->cameras[i].skipped, (*result)->cameras[i].skipped_count);
    }
    free((*result)->cameras);
    hp_skipped_free((*result)->skipped, (*result)->skipped_count);
    free(*result);
    *result = NULL;
}
