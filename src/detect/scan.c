/* hp_scan: the whole way from the user's arguments to lists of bad pixels. */
#include "base/clock.h"
#include "base/error.h"
#include "base/memory.h"
#include "detect/detect.h"
#include "detect/findings.h"

#include <stdlib.h>

hp_scan_options hp_scan_defaults(void)
{
    return (hp_scan_options){0};
}

static int scan_group(hp_run *run, const hp_photo *photos, size_t count, bool keep_similar, hp_list *list,
                      hp_error *err)
{
    hp_accumulation set;
    hp_accumulate_options options = {
        .kind = &hp_residual_kind,
        .keep_similar = keep_similar,
        .finish_bytes = hp_detect_bytes(&photos[0].info, hp_pool_threads(run->pool)),
    };
    list->camera = photos[0].info.camera;
    int code = hp_accumulate(run, photos, count, &options, &set, err);
    if (!code)
        code = hp_findings(run, &set, list, err);
    hp_accumulation_free(&set);
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

static int scan_groups(hp_run *run, const hp_photo_set *set, bool keep_similar, hp_result *result, hp_error *shortage,
                       hp_error *err)
{
    size_t capacity = 0;
    for (size_t first = 0, end; first < set->count; first = end) {
        end = group_end(set, first);
        int code = hp_grow((void **)&result->lists, &capacity, result->list_count + 1, sizeof *result->lists, err);
        if (code)
            return code;
        hp_list *list = &result->lists[result->list_count++];
        *list = (hp_list){0};
        code = scan_group(run, set->photos + first, end - first, keep_similar, list, err);
        if (code == HP_E_MEMORY) {
            *shortage = *err;
            code = skip_group(set->photos + first, end - first, shortage->message, list, err);
        }
        if (code)
            return code;
    }
    return HP_OK;
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

static int run_scan(hp_run *run, const char *const *arguments, size_t count, bool keep_similar, hp_result *result,
                    hp_error *err)
{
    hp_photo_set set;
    int code = hp_photo_set_open(arguments, count, run->pool, run->options->stop, &set, err);
    if (code)
        return code;
    run->progress.photos_total = set.count;
    for (size_t i = 0; i < set.count; i++)
        run->progress.bytes_total += set.photos[i].file_size;
    result->skipped = set.skips.items;
    result->skipped_count = set.skips.count;
    set.skips = (hp_skips){0};
    hp_error shortage = {0};
    code = scan_groups(run, &set, keep_similar, result, &shortage, err);
    if (!code)
        code = check_any_used(result, &shortage, err);
    hp_photo_set_free(&set);
    return code;
}

int hp_scan(const char *const *arguments, size_t count, const hp_scan_options *options, hp_result **result,
            hp_error *err)
{
    *result = NULL;
    hp_run run;
    int code = hp_run_start(&options->run, &run, err);
    if (code)
        return code;
    hp_result *made = hp_calloc(1, sizeof *made, err);
    code = made ? run_scan(&run, arguments, count, options->keep_similar, made, err) : HP_E_MEMORY;
    if (made)
        made->seconds = hp_now_s() - run.started_s;
    hp_run_end(&run);
    if (code && code != HP_E_NO_PHOTO)
        hp_result_free(&made);
    *result = made;
    return code;
}
