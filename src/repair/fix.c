#include "repair/fix.h"

#include "base/clock.h"
#include "base/error.h"
#include "base/memory.h"
#include "base/skips.h"
#include "repair/fixer.h"

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

typedef struct fix_run {
    const hp_result *lists;
    const hp_fix_options *options;
    hp_photo_set set;
    const hp_list **chosen; /* the list for each photo of the set */
    bool *again;            /* photos that are seen to under another name */
    hp_fixed *fixed;        /* of each photo of the set; target NULL: it was skipped */
    hp_error *errors;
    hp_fixer *fixers;     /* of each thread */
    pthread_mutex_t lock; /* guards progress */
    hp_progress progress;
    double start_s;
    bool made_folder;
} fix_run;

/* A photo that is not what comes of its original may have been edited since. */
static int settle(const hp_fix_options *options, const hp_repaired *repaired, const hp_fix_start *start,
                  hp_fixed *fixed, hp_error *err)
{
    fixed->repaired = repaired->repaired;
    fixed->left = repaired->left;
    fixed->masked = repaired->masked;
    fixed->by_opcode = repaired->by_opcode;
    fixed->from_original = start->original;
    fixed->unchanged =
        start->original ? hp_fix_is_so(fixed->target, repaired->copy) : repaired->repaired == 0 && !repaired->masked;
    if (start->original && !fixed->unchanged && !options->force)
        return hp_fail(err, HP_E_ARGUMENT,
                       "its .orig gives another photo with this list; --force puts that in its place");
    return HP_OK;
}

static int write_copy(const hp_fix_options *options, const hp_repaired *repaired, const char *photo,
                      const hp_fix_start *start, hp_fixed *fixed, hp_error *err)
{
    hp_output output;
    bool in_place = !options->folder, changed = !fixed->unchanged;
    int code = hp_output_open(&output, fixed->target, options->force || in_place, err);
    if (code)
        return code;
    bool kept = false;
    (void)fwrite(repaired->copy.data, 1, repaired->copy.size, output.stream); /* commit tells */
    code = hp_fix_dress(&output, photo, start->path, options, err);
    if (!code && in_place && changed && !start->original && !options->drop_originals)
        code = hp_fix_keep_original(fixed->target, options->force, &kept, err);
    if (!code && (changed || !in_place))
        code = hp_output_commit(&output, err);
    if (code && kept)
        hp_fix_drop_original(fixed->target);
    hp_output_discard(&output);
    return code;
}

static int repair_photo(const hp_fix_options *options, const hp_photo *photo, const hp_list *list, hp_fixer *fixer,
                        hp_fixed *fixed, hp_error *err)
{
    hp_list pixels = {0};
    hp_repaired repaired;
    hp_fix_start start;
    int code = hp_fix_begin(options, photo, fixed->target, &fixer->decoder, &start, err);
    if (!code)
        code = hp_fix_pixels(list, &start.info, &pixels, err);
    if (!code)
        code = hp_fixer_run(fixer, start.path, &start.info, &pixels, options->mask, &repaired, err);
    if (!code)
        code = settle(options, &repaired, &start, fixed, err);
    if (!code)
        code = write_copy(options, &repaired, photo->path, &start, fixed, err);
    hp_list_clear(&pixels);
    free(start.path);
    return code;
}

static int fix_photo(const hp_fix_options *options, const hp_photo *photo, const hp_list *list, hp_fixer *fixer,
                     hp_fixed *fixed, hp_error *err)
{
    if (!hp_repairs(photo->info.camera.source))
        return hp_fail(err, HP_E_UNSUPPORTED, "%s photos are not repaired", hp_source_name(photo->info.camera.source));
    int code = hp_fix_target(photo->path, photo->below, options, &fixed->target, err);
    if (!code && options->folder && !options->force && access(fixed->target, F_OK) == 0)
        code = hp_fail(err, HP_E_ARGUMENT, "its copy exists already; --force replaces it");
    if (!code)
        code = hp_output_check(fixed->target, options->force || !options->folder, err);
    return code ? code : repair_photo(options, photo, list, fixer, fixed, err);
}

static void tell_progress(fix_run *run, const hp_photo *photo)
{
    const hp_run_options *options = &run->options->run;
    pthread_mutex_lock(&run->lock);
    run->progress.photos_done++;
    run->progress.bytes_done += photo->file_size;
    run->progress.seconds = hp_now_s() - run->start_s;
    if (options->progress)
        options->progress(options->progress_context, &run->progress);
    pthread_mutex_unlock(&run->lock);
}

static bool is_stopped(const fix_run *run)
{
    return run->options->run.stop && *run->options->run.stop;
}

static void fix_task(void *context, size_t index, unsigned worker)
{
    fix_run *run = context;
    hp_fixed *fixed = &run->fixed[index];
    hp_error *err = &run->errors[index];
    const hp_photo *photo = &run->set.photos[index];
    if (is_stopped(run) || err->code || run->again[index])
        return;
    fixed->photo = hp_strdup(photo->path, err);
    if (!fixed->photo || fix_photo(run->options, photo, run->chosen[index], &run->fixers[worker], fixed, err)) {
        free(fixed->target);
        fixed->target = NULL;
    }
    tell_progress(run, photo);
}

/* ---- before ---- */

static const char *name_of(const hp_photo *photo)
{
    return photo->path + photo->below;
}

static int compare_names(const void *a, const void *b)
{
    const hp_photo *const *one = a, *const *other = b;
    int by = strcmp(name_of(*one), name_of(*other));
    return by ? by : strcmp((*one)->path, (*other)->path);
}

static bool is_same_file(const hp_photo *a, const hp_photo *b)
{
    struct stat one, other;
    return !stat(a->path, &one) && !stat(b->path, &other) && hp_is_same_file(&one, &other);
}

/* Two photos of one name would be one copy: the first by path is it; a photo that is named twice is one all the same.
 */
static int refuse_same_names(fix_run *run, hp_error *err)
{
    size_t count = 0;
    const hp_photo **sorted = hp_calloc(run->set.count + 1, sizeof *sorted, err);
    if (!sorted)
        return HP_E_MEMORY;
    for (size_t i = 0; i < run->set.count; i++)
        if (run->chosen[i])
            sorted[count++] = &run->set.photos[i];
    qsort(sorted, count, sizeof *sorted, compare_names);
    for (size_t i = 1; i < count; i++)
        if (strcmp(name_of(sorted[i - 1]), name_of(sorted[i])) != 0) {
            continue;
        } else if (is_same_file(sorted[i - 1], sorted[i])) {
            run->again[sorted[i] - run->set.photos] = true;
        } else {
            char first[512];
            hp_fail(&run->errors[sorted[i] - run->set.photos], HP_E_ARGUMENT,
                    "its copy would have the name of that of %s: give each of their folders an -o of its own",
                    hp_printable(sorted[i - 1]->path, first, sizeof first));
        }
    free(sorted);
    return HP_OK;
}

/* Another process may make it at the same time. */
static int make_folder(fix_run *run, const char *folder, hp_error *err)
{
    struct stat status;
    bool there = stat(folder, &status) == 0;
    int code = HP_E_IO;
    if (!there && hp_format_knows_ending(folder)) {
        code = hp_fail(err, HP_E_ARGUMENT, "is called as photos are, and copies go to a folder, as -o repaired");
    } else if (there && !S_ISDIR(status.st_mode)) {
        hp_fail(err, code, "is a file, and no folder for copies");
    } else if (there && access(folder, W_OK | X_OK)) {
        hp_fail(err, code, "cannot be written: %s", strerror(errno));
    } else {
        run->made_folder = !there && mkdir(folder, 0777) == 0;
        int fault = errno;
        if (there || run->made_folder || hp_is_folder(folder))
            return HP_OK;
        hp_fail(err, code, "cannot be made: %s",
                fault == ENOENT   ? "its folder is not there"
                : fault == EEXIST ? "a link of this name leads nowhere"
                                  : strerror(fault));
    }
    return hp_fail_in(err, code, folder);
}

static int prepare(fix_run *run, const hp_pool *pool, hp_error *err)
{
    size_t count = run->set.count;
    run->chosen = hp_calloc(count + 1, sizeof *run->chosen, err);
    run->again = hp_calloc(count + 1, sizeof *run->again, err);
    run->fixed = hp_calloc(count + 1, sizeof *run->fixed, err);
    run->errors = hp_calloc(count + 1, sizeof *run->errors, err);
    run->fixers = hp_fixers_open(pool, err);
    if (!run->chosen || !run->again || !run->fixed || !run->errors || !run->fixers)
        return HP_E_MEMORY;
    run->progress.photos_total = count;
    for (size_t i = 0; i < count; i++) {
        run->progress.bytes_total += run->set.photos[i].file_size;
        run->chosen[i] = hp_fix_choose(run->lists, &run->set.photos[i].info, &run->errors[i]);
    }
    if (!run->options->folder)
        return hp_fix_find_again(&run->set, run->again, err);
    int code = make_folder(run, run->options->folder, err);
    return code ? code : refuse_same_names(run, err);
}

/* ---- after ---- */

/* What was asked for is as wrong for many photos as for one. */
static int skip(hp_skips *skips, const char *path, const hp_error *why, hp_error *err)
{
    int code = hp_skips_add(skips, path, why->message, why->code == HP_E_NO_PHOTO, err);
    if (!code)
        skips->items[skips->count - 1].shared = why->code == HP_E_ARGUMENT || why->code == HP_E_UNSUPPORTED;
    return code;
}

static int collect(fix_run *run, hp_fix_result *result, hp_error *err)
{
    int code = HP_OK;
    for (size_t i = 0; i < run->set.count && !code; i++) {
        hp_fixed *fixed = &run->fixed[i];
        if (fixed->target)
            result->photos[result->photo_count++] = *fixed;
        else if (!run->again[i])
            code = skip(&run->set.skips, run->set.photos[i].path, &run->errors[i], err);
        if (!fixed->target)
            free(fixed->photo);
        *fixed = (hp_fixed){0};
    }
    hp_skips_sort(&run->set.skips);
    result->skipped = run->set.skips.items;
    result->skipped_count = run->set.skips.count;
    run->set.skips = (hp_skips){0};
    result->seconds = hp_now_s() - run->start_s;
    return code;
}

static void end_run(fix_run *run, const hp_pool *pool)
{
    for (size_t i = 0; run->fixed && i < run->set.count; i++) {
        free(run->fixed[i].photo);
        free(run->fixed[i].target);
    }
    if (run->made_folder)
        (void)rmdir(run->options->folder); /* it stays if there is anything in it */
    if (run->fixers)
        hp_fixers_close(run->fixers, pool);
    free(run->chosen);
    free(run->again);
    free(run->fixed);
    free(run->errors);
    hp_photo_set_free(&run->set);
    pthread_mutex_destroy(&run->lock);
}

hp_fix_options hp_fix_defaults(void)
{
    return (hp_fix_options){0};
}

int hp_fix(const hp_result *lists, const char *const *arguments, size_t count, const hp_fix_options *options,
           hp_fix_result **result, hp_error *err)
{
    fix_run run = {.lists = lists, .options = options, .start_s = hp_now_s()};
    hp_pool *pool = NULL;
    *result = NULL;
    pthread_mutex_init(&run.lock, NULL);
    hp_fix_result *made = hp_calloc(1, sizeof *made, err);
    int code = made ? hp_pool_create(options->run.threads, &pool, err) : HP_E_MEMORY;
    if (!code) {
        hp_pool_isolate(pool, options->run.isolation, options->run.stop);
        code = hp_photo_set_open_to_repair(arguments, count, pool, options->run.stop, &run.set, err);
    }
    if (!code)
        code = prepare(&run, pool, err);
    if (!code)
        made->photos = hp_calloc(run.set.count + 1, sizeof *made->photos, err);
    if (!code && !made->photos)
        code = HP_E_MEMORY;
    if (code)
        goto done;
    hp_pool_run(pool, run.set.count, fix_task, &run);
    if (is_stopped(&run)) {
        code = hp_fail(err, HP_E_STOPPED, "stopped");
        goto done;
    }
    code = collect(&run, made, err);
    if (code)
        goto done;
    *result = made;
    if (made->photo_count == 0)
        code = hp_skips_no_photo(made->skipped, made->skipped_count, err);
done:
    if (!*result)
        hp_fix_result_free(&made);
    end_run(&run, pool);
    hp_pool_free(&pool);
    return code;
}

void hp_fix_result_free(hp_fix_result **result)
{
    hp_fix_result *old = *result;
    if (!old)
        return;
    for (size_t i = 0; i < old->photo_count; i++) {
        free(old->photos[i].photo);
        free(old->photos[i].target);
    }
    free(old->photos);
    hp_skipped_free(old->skipped, old->skipped_count);
    free(old);
    *result = NULL;
}
