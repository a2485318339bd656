/* hp_forget: photos taken out of a state again. Sums are integers, so subtracting is exact. */
#include "base/error.h"
#include "base/memory.h"
#include "stats/numbers.h"
#include "stats/rounds.h"

#include <stdlib.h>
#include <string.h>

typedef struct forgetting {
    hp_run *run;
    hp_state state;
    hp_photo *photos; /* to be subtracted */
    size_t photo_count;
    bool *drop; /* records of the state */
    size_t dropped;
    hp_skips skips; /* what the state does not have */
} forgetting;

static int fail_on(const char *path, hp_error *err, const char *what)
{
    hp_fail(err, HP_E_INPUT, "%s", what);
    return hp_fail_in(err, HP_E_INPUT, path);
}

static void drop(forgetting *work, size_t index)
{
    work->dropped += !work->drop[index];
    work->drop[index] = true;
}

/* A name without a file: enough for a photo that was left out, whose record alone goes. */
static int forget_name(forgetting *work, const hp_skipped *missing, hp_error *err)
{
    const hp_album *album = &work->state.album;
    bool counts = false;
    for (size_t i = 0; i < album->count; i++) {
        if (strcmp(album->items[i].path, missing->path) != 0)
            continue;
        counts |= album->items[i].verdict == HP_PHOTO_TAKEN;
        if (album->items[i].verdict == HP_PHOTO_TAKEN)
            continue;
        drop(work, i);
        return HP_OK;
    }
    if (counts)
        return fail_on(missing->path, err, "the photo itself is needed to take it out of the sums");
    return hp_skips_add(&work->skips, missing->path, missing->reason, false, err);
}

/* One of another camera, size or kind could not be in it: nothing is wrong with that. */
static int pass_over(forgetting *work, const hp_photo *photo, hp_error *err)
{
    const hp_accumulator *a = work->state.accumulator;
    hp_photo copy = *photo;
    hp_state_adopt_scale(&a->shape, &copy, 1);
    bool could_be = hp_state_same_shape(a->kind, &a->shape, &copy.info);
    return hp_skips_add(&work->skips, photo->path, "is not in the state", !could_be, err);
}

static int forget_photo(forgetting *work, const hp_photo *photo, hp_file_buffer *buffer, hp_error *err)
{
    uint64_t file_size;
    const hp_album *album = &work->state.album;
    int code = hp_file_read(photo->path, SIZE_MAX, buffer, &file_size, err);
    if (code)
        return hp_fail_in(err, code, photo->path);
    ptrdiff_t index = hp_album_find(album, hp_hash_of(buffer->data, buffer->size));
    if (index == HP_NOT_FOUND)
        return pass_over(work, photo, err);
    if (album->items[index].verdict == HP_PHOTO_TAKEN && !work->drop[index])
        work->photos[work->photo_count++] = *photo;
    drop(work, (size_t)index);
    return HP_OK;
}

static int find_all(forgetting *work, const hp_photo_set *set, hp_error *err)
{
    hp_file_buffer buffer = {0};
    work->drop = hp_calloc(work->state.album.count, sizeof *work->drop, err);
    work->photos = hp_calloc(set->count, sizeof *work->photos, err);
    int code = work->drop && work->photos ? HP_OK : HP_E_MEMORY;
    for (size_t i = 0; !code && i < set->skips.count; i++)
        code = forget_name(work, &set->skips.items[i], err);
    for (size_t i = 0; !code && i < set->count; i++)
        code = forget_photo(work, &set->photos[i], &buffer, err);
    hp_file_buffer_free(&buffer);
    hp_skips_sort(&work->skips);
    return !code && work->dropped == 0 ? hp_skips_no_photo(work->skips.items, work->skips.count, err) : code;
}

/* The same photo must give the same numbers again, or what would be subtracted is not what was added. */
static int check_measured(const hp_album *album, const hp_album *again, size_t count, hp_error *err)
{
    if (again->taken != count)
        return hp_fail(err, HP_E_INPUT, "only %zu of %zu photos could be decoded again", again->taken, count);
    for (size_t i = 0; i < again->count; i++) {
        const hp_record *now = &again->items[i];
        ptrdiff_t index = hp_album_find(album, now->hash);
        if (index == HP_NOT_FOUND)
            return fail_on(now->path, err, "has changed in the meantime");
        const hp_record *then = &album->items[index];
        if (now->sigma != then->sigma || now->wt != then->wt || now->wg != then->wg)
            return fail_on(now->path, err, "is measured otherwise than when it was taken, so its sums cannot be known");
    }
    return HP_OK;
}

/* A minimum or maximum cannot be subtracted: it stays, and is a bound from now on. */
static void subtract_sums(forgetting *work, hp_accumulator *from)
{
    hp_image images[HP_ARRAYS_MOST], others[HP_ARRAYS_MOST];
    size_t count = hp_images_of(work->state.accumulator, images);
    hp_images_of(from, others);
    for (size_t i = 0; i < count; i++) {
        const hp_array *array = &images[i].array;
        if (array->join == HP_JOIN_SUM)
            hp_numbers_subtract(array->number, array->values, others[i].array.values,
                                images[i].pixels * array->channels);
        else
            work->state.bounds_only = true;
    }
}

static int subtract(forgetting *work, hp_error *err)
{
    hp_state *state = &work->state;
    const hp_accumulator_kind *kind = state->accumulator->kind;
    hp_accumulate_options options = {.kind = kind, .keep_similar = true};
    hp_accumulation again = {0};
    hp_state_adopt_scale(&state->accumulator->shape, work->photos, work->photo_count);
    for (size_t i = 0; i < work->photo_count; i++)
        if (!hp_state_same_shape(kind, &state->accumulator->shape, &work->photos[i].info))
            return fail_on(work->photos[i].path, err, "is of another camera or size than the state");
    int code = hp_accumulate(work->run, work->photos, work->photo_count, &options, &again, err);
    if (!code)
        code = check_measured(&state->album, &again.state.album, work->photo_count, err);
    if (!code)
        subtract_sums(work, again.state.accumulator);
    hp_accumulation_free(&again);
    return code;
}

/* What was left out for its likeness to a photo that goes is no longer known: the next scan decides anew. */
static void drop_similar(forgetting *work)
{
    const hp_album *album = &work->state.album;
    for (size_t i = 0; i < album->count; i++) {
        const hp_record *record = &album->items[i];
        ptrdiff_t like = record->verdict == HP_PHOTO_SIMILAR ? hp_album_find(album, record->like) : HP_NOT_FOUND;
        if (like != HP_NOT_FOUND && work->drop[like])
            drop(work, i);
    }
}

static void drop_records(forgetting *work)
{
    hp_state *state = &work->state;
    drop_similar(work);
    hp_album_remove(&state->album, work->drop);
    state->accumulator->kind->recount(state->accumulator, &state->album);
    if (state->album.taken == 0) {
        state->accumulator->kind->clear(state->accumulator);
        state->bounds_only = false;
    }
}

static int forget(forgetting *work, const char *const *photos, size_t count, const hp_keeper *keeper, hp_error *err)
{
    hp_run *run = work->run;
    hp_state_file file;
    hp_photo_set set = {0};
    int code = hp_state_open(keeper->path, &file, err);
    if (!code)
        code = hp_state_load(&file, run->kernels, run->pool, &work->state, err);
    if (!code)
        code = hp_photo_set_open(photos, count, run->pool, run->options->stop, &set, err);
    if (!code)
        code = find_all(work, &set, err);
    if (!code && work->photo_count > 0)
        code = subtract(work, err);
    if (!code)
        drop_records(work);
    hp_state_close(&file);
    hp_photo_set_free(&set);
    return code;
}

static int make_result(forgetting *work, hp_forget_result **result, hp_error *err)
{
    *result = hp_calloc(1, sizeof **result, err);
    if (!*result)
        return HP_E_MEMORY;
    **result = (hp_forget_result){work->photo_count, work->skips.items, work->skips.count};
    work->skips = (hp_skips){0};
    return HP_OK;
}

void hp_forget_result_free(hp_forget_result **result)
{
    if (*result)
        hp_skipped_free((*result)->skipped, (*result)->skipped_count);
    free(*result);
    *result = NULL;
}

int hp_forget(const char *state, const char *const *photos, size_t count, const hp_run_options *options,
              hp_forget_result **result, hp_error *err)
{
    *result = NULL;
    hp_run run;
    forgetting work = {.run = &run};
    hp_keeper keeper = {.lock = -1, .new_file = -1};
    int code = hp_run_start(options, &run, err);
    if (code)
        return code;
    code = hp_keeper_open(state, -1, &keeper, err);
    if (!code)
        code = forget(&work, photos, count, &keeper, err);
    if (!code)
        code = hp_keeper_write(&keeper, &work.state, NULL, NULL, run.pool, err);
    if (!code)
        code = make_result(&work, result, err);
    if (!code)
        code = hp_keeper_commit(&keeper, err);
    if (code)
        hp_forget_result_free(result);
    hp_keeper_close(&keeper);
    hp_state_free(&work.state);
    hp_skipped_free(work.skips.items, work.skips.count);
    free(work.photos);
    free(work.drop);
    hp_run_end(&run);
    return code;
}
