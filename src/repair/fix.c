#include "repair/fix.h"

#include "base/clock.h"
#include "base/error.h"
#include "base/memory.h"
#include "base/skips.h"
#include "repair/repair.h"

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

typedef struct fix_run {
    const hp_result *lists;
    const hp_fix_options *options;
    hp_photo_set set;
    hp_fixed *fixed; /* of each photo of the set; target NULL: it was skipped */
    hp_error *errors;
    hp_file_buffer *buffers; /* of each worker */
    pthread_mutex_t lock;    /* guards progress */
    hp_progress progress;
    double start_s;
} fix_run;

/* What repairs each kind of photo. */
static hp_repair_fn *repairer_of(hp_source source)
{
    switch (source) {
    case HP_SOURCE_JPEG:
        return hp_repair_jpeg;
    case HP_SOURCE_TIFF:
        return hp_repair_tiff;
    case HP_SOURCE_RAW:
        return hp_repair_raw;
    case HP_SOURCE_PNG:
        return hp_repair_png;
    case HP_SOURCE_FITS:
        return hp_repair_fits;
    case HP_SOURCE_UNKNOWN:
    case HP_SOURCE_HEIC:
        break;
    }
    return NULL;
}

static int repair_into(const hp_fix_options *options, hp_repair *repair, const char *photo, hp_fixed *fixed,
                       hp_error *err)
{
    hp_output output;
    bool in_place = !options->folder;
    int code = hp_output_open(&output, fixed->target, options->force || in_place, err);
    if (code)
        return code;
    code = repairer_of(repair->info->camera.source)(repair, output.stream, err);
    bool changed = repair->repaired > 0, kept = false;
    if (!code && !changed)
        (void)fwrite(repair->file.data, 1, repair->file.size, output.stream); /* commit tells */
    if (!code)
        code = hp_fix_dress(&output, photo, options, err);
    if (!code && in_place && changed && !options->drop_originals)
        code = hp_fix_keep_original(fixed->target, options->force, &kept, err);
    if (!code && (changed || !in_place))
        code = hp_output_commit(&output, err);
    if (code && kept)
        hp_fix_drop_original(fixed->target);
    hp_output_discard(&output);
    fixed->repaired = repair->repaired;
    fixed->left = repair->left;
    fixed->by_opcode = repair->by_opcode;
    return code;
}

static int fix_photo(fix_run *run, const hp_photo *photo, hp_file_buffer *buffer, hp_fixed *fixed, hp_error *err)
{
    hp_list pixels = {0};
    uint64_t size;
    const hp_list *list = hp_fix_choose(run->lists, &photo->info, err);
    if (!list)
        return HP_E_INPUT;
    if (!repairer_of(photo->info.camera.source))
        return hp_fail(err, HP_E_UNSUPPORTED, "%s photos are not repaired", hp_source_name(photo->info.camera.source));
    int code = hp_fix_target(photo->path, run->options, &fixed->target, err);
    if (!code)
        code = hp_fix_pixels(list, &photo->info, &pixels, err);
    if (!code)
        code = hp_file_read(photo->path, SIZE_MAX, buffer, &size, err);
    hp_repair repair = {
        .file = {buffer->data, buffer->size}, .info = &photo->info, .list = &pixels, .mask = run->options->mask};
    if (!code)
        code = repair_into(run->options, &repair, photo->path, fixed, err);
    hp_list_clear(&pixels);
    return code;
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
    if (is_stopped(run) || err->code)
        return;
    fixed->photo = hp_strdup(photo->path, err);
    if (!fixed->photo || fix_photo(run, photo, &run->buffers[worker], fixed, err)) {
        free(fixed->target);
        fixed->target = NULL;
    }
    tell_progress(run, photo);
}

/* ---- before ---- */

static const char *name_of(const hp_photo *photo)
{
    const char *slash = strrchr(photo->path, '/');
    return slash ? slash + 1 : photo->path;
}

static int compare_names(const void *a, const void *b)
{
    const hp_photo *const *one = a, *const *other = b;
    int by = strcmp(name_of(*one), name_of(*other));
    return by ? by : strcmp((*one)->path, (*other)->path);
}

/* Two photos of one name would be one copy: the first by path is it. */
static int refuse_same_names(fix_run *run, hp_error *err)
{
    size_t count = run->set.count;
    const hp_photo **sorted = hp_calloc(count + 1, sizeof *sorted, err);
    if (!sorted)
        return HP_E_MEMORY;
    for (size_t i = 0; i < count; i++)
        sorted[i] = &run->set.photos[i];
    qsort(sorted, count, sizeof *sorted, compare_names);
    for (size_t i = 1; i < count; i++)
        if (strcmp(name_of(sorted[i - 1]), name_of(sorted[i])) == 0) {
            char first[512];
            hp_fail(&run->errors[sorted[i] - run->set.photos], HP_E_ARGUMENT,
                    "another photo has its name and comes before it: %s",
                    hp_printable(sorted[i - 1]->path, first, sizeof first));
        }
    free(sorted);
    return HP_OK;
}

static int prepare(fix_run *run, unsigned threads, hp_error *err)
{
    size_t count = run->set.count;
    run->fixed = hp_calloc(count + 1, sizeof *run->fixed, err);
    run->errors = hp_calloc(count + 1, sizeof *run->errors, err);
    run->buffers = hp_calloc(threads, sizeof *run->buffers, err);
    if (!run->fixed || !run->errors || !run->buffers)
        return HP_E_MEMORY;
    run->progress.photos_total = count;
    for (size_t i = 0; i < count; i++)
        run->progress.bytes_total += run->set.photos[i].file_size;
    const char *folder = run->options->folder;
    if (!folder)
        return HP_OK;
    if (mkdir(folder, 0777) && errno != EEXIST) {
        hp_fail(err, HP_E_IO, "cannot be made: %s", strerror(errno));
        return hp_fail_in(err, HP_E_IO, folder);
    }
    return refuse_same_names(run, err);
}

/* ---- after ---- */

static int collect(fix_run *run, hp_fix_result *result, hp_error *err)
{
    int code = HP_OK;
    for (size_t i = 0; i < run->set.count && !code; i++) {
        hp_fixed *fixed = &run->fixed[i];
        if (fixed->target)
            result->photos[result->photo_count++] = *fixed;
        else
            code = hp_skips_add(&run->set.skips, run->set.photos[i].path, run->errors[i].message, false, err);
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

static void end_run(fix_run *run, unsigned threads)
{
    for (size_t i = 0; run->fixed && i < run->set.count; i++) {
        free(run->fixed[i].photo);
        free(run->fixed[i].target);
    }
    for (unsigned i = 0; run->buffers && i < threads; i++)
        hp_file_buffer_free(&run->buffers[i]);
    free(run->fixed);
    free(run->errors);
    free(run->buffers);
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
    unsigned threads = 0;
    *result = NULL;
    pthread_mutex_init(&run.lock, NULL);
    hp_fix_result *made = hp_calloc(1, sizeof *made, err);
    int code = made ? hp_pool_create(options->run.threads, &pool, err) : HP_E_MEMORY;
    if (!code) {
        threads = hp_pool_threads(pool);
        hp_pool_isolate(pool, options->run.isolation, options->run.stop);
        code = hp_photo_set_open(arguments, count, pool, options->run.stop, &run.set, err);
    }
    if (!code)
        code = prepare(&run, threads, err);
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
    *result = made;
    if (!code && made->photo_count == 0)
        code = hp_skips_no_photo(made->skipped, made->skipped_count, err);
done:
    if (!*result)
        hp_fix_result_free(&made);
    end_run(&run, threads);
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
