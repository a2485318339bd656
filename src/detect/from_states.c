/* hp_detect_states: bad pixels from saved sums, without photos. */
#include "base/clock.h"
#include "base/error.h"
#include "base/file.h"
#include "base/memory.h"
#include "detect/findings.h"
#include "stats/residual.h"
#include "stats/state_file.h"

#include <stdlib.h>

/* What is known of one state once its sums are gone. */
typedef struct done {
    hp_photo photo; /* a photo as its camera makes them */
    const char *path;
    struct stat status;
} done;

static int check_camera(const hp_state_file *file, const done *earlier, size_t count, hp_error *err)
{
    char one[256], other[256];
    if (file->kind != &hp_residual_kind) {
        hp_fail(err, HP_E_INPUT, "is a state of %s, not of a scan", hp_state_kind_text(file->kind));
        return hp_fail_in(err, HP_E_INPUT, file->path);
    }
    const hp_photo photo = {.info = file->shape};
    for (size_t i = 0; i < count; i++) {
        if (hp_is_same_file(&earlier[i].status, &file->status))
            return hp_fail(err, HP_E_INPUT, "%s is given twice", hp_printable(file->path, other, sizeof other));
        if (hp_photo_same_camera(&photo, &earlier[i].photo))
            return hp_fail(err, HP_E_INPUT, "%s and %s are of one camera: hotpix merge makes them one",
                           hp_printable(earlier[i].path, one, sizeof one),
                           hp_printable(file->path, other, sizeof other));
    }
    return HP_OK;
}

static int detect_one(hp_run *run, const char *path, done *all, size_t count, hp_list *list, hp_error *err)
{
    hp_state_file file;
    hp_accumulation set = {0};
    int code = hp_state_open(path, &file, err);
    if (!code)
        code = check_camera(&file, all, count, err);
    if (!code)
        code = hp_state_load(&file, run->kernels, run->pool, &set.state, err);
    if (!code)
        code = hp_album_list_skipped(&set.state.album, &set.skips, err);
    if (!code) {
        hp_skips_sort(&set.skips);
        list->camera = file.shape.camera;
        all[count] = (done){{.info = file.shape}, path, file.status};
        code = hp_findings(run, &set, list, err);
    }
    hp_state_close(&file);
    hp_accumulation_free(&set);
    return code;
}

static int compare_lists(const void *a, const void *b)
{
    const hp_photo first = {.path = "", .info.camera = ((const hp_list *)a)->camera},
                   second = {.path = "", .info.camera = ((const hp_list *)b)->camera};
    return hp_photo_compare_cameras(&first, &second);
}

static int detect_all(hp_run *run, const char *const *states, size_t count, hp_result *result, hp_error *err)
{
    size_t used = 0;
    done *all = hp_calloc(count, sizeof *all, err);
    result->lists = hp_calloc(count, sizeof *result->lists, err);
    int code = all && result->lists ? HP_OK : HP_E_MEMORY;
    for (size_t i = 0; !code && i < count; i++) {
        code = detect_one(run, states[i], all, i, &result->lists[result->list_count++], err);
        used += result->lists[i].photos_used;
    }
    free(all);
    if (code)
        return code;
    qsort(result->lists, count, sizeof *result->lists, compare_lists);
    if (!used) {
        hp_fail(err, HP_E_NO_PHOTO, count == 1 ? "no photo counts in it" : "no photo counts in it, nor in the others");
        return hp_fail_in(err, HP_E_NO_PHOTO, states[0]);
    }
    return hp_findings_tell_pairs(result, err);
}

int hp_detect_states(const char *const *states, size_t count, const hp_run_options *options, hp_result **result,
                     hp_error *err)
{
    hp_run run;
    *result = NULL;
    if (count == 0)
        return hp_fail(err, HP_E_ARGUMENT, "no state to find bad pixels from");
    int code = hp_run_start(options, &run, err);
    if (code)
        return code;
    hp_result *made = hp_calloc(1, sizeof *made, err);
    code = made ? detect_all(&run, states, count, made, err) : HP_E_MEMORY;
    if (made)
        made->seconds = hp_now_s() - run.started_s;
    hp_run_end(&run);
    if (code)
        hp_result_free(&made);
    *result = made;
    return code;
}
