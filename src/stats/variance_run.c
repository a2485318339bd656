/* hp_variance: the article's program as a whole. */
#include "base/clock.h"
#include "base/error.h"
#include "base/memory.h"
#include "stats/variance_rank.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { RANK = 10 };

hp_variance_options hp_variance_defaults(void)
{
    return (hp_variance_options){.run.checkpoint_s = HP_CHECKPOINT_S, .rank = RANK};
}

static int skip_for_shape(const hp_photo *photo, const hp_photo *first, hp_skips *skips, hp_error *err)
{
    char own[HP_SHAPE_TEXT], wanted[HP_SHAPE_TEXT], reason[2 * HP_SHAPE_TEXT + 64];
    snprintf(reason, sizeof reason, "shapes don't match: %s, the first photo has %s",
             hp_shape_text(&hp_variance_kind, &photo->info, own),
             hp_shape_text(&hp_variance_kind, &first->info, wanted));
    int code = hp_skips_add(skips, photo->path, reason, false, err);
    if (!code)
        skips->items[skips->count - 1].shared = true;
    return code;
}

/* Leaves the photos of the first one's shape at the beginning of the set; *kept is their number. */
static int sort_out_shapes(hp_photo_set *set, size_t *kept, hp_error *err)
{
    hp_photo_set_sort_by_path(set);
    *kept = 0;
    for (size_t i = 0; i < set->count; i++) {
        if (!hp_state_same_shape(&hp_variance_kind, &set->photos[i].info, &set->photos[0].info)) {
            int code = skip_for_shape(&set->photos[i], &set->photos[0], &set->skips, err);
            if (code)
                return code;
            continue;
        }
        hp_photo photo = set->photos[i];
        set->photos[i] = set->photos[*kept];
        set->photos[(*kept)++] = photo;
    }
    return HP_OK;
}

static int collect_skips(hp_photo_set *set, hp_accumulation *done, hp_variance_result *result, hp_error *err)
{
    int code = HP_OK;
    for (size_t i = 0; !code && i < done->skips.count; i++) {
        const hp_skipped *s = &done->skips.items[i];
        code = hp_skips_add(&set->skips, s->path, s->reason, s->harmless, err);
        if (!code)
            set->skips.items[set->skips.count - 1].earlier = s->earlier;
    }
    hp_skips_sort(&set->skips);
    result->skipped = set->skips.items;
    result->skipped_count = set->skips.count;
    set->skips = (hp_skips){0};
    return code;
}

static void publish(hp_accumulation *done, hp_variance_result *result)
{
    hp_variance_sums *v = (hp_variance_sums *)done->state.accumulator;
    result->width = v->base.shape.camera.width;
    result->height = v->base.shape.camera.height;
    result->channels = v->channels;
    result->bits = v->base.shape.camera.bits;
    result->photos_used = (size_t)v->base.photos;
    result->sum = v->sum;
    result->sum_of_squares = v->squares;
    result->owner = v;
    done->state.accumulator = NULL;
}

static int check_used(const hp_variance_result *result, hp_error *err)
{
    return result->photos_used ? HP_OK : hp_skips_no_photo(result->skipped, result->skipped_count, err);
}

static int finish(hp_run *run, hp_accumulation *done, size_t rank, hp_variance_result *result, hp_error *err)
{
    publish(done, result);
    result->seconds_accumulating = hp_now_s() - run->started_s;
    return hp_variance_rank(run, result->owner, rank, result, err);
}

/* The leader's part. What was accumulated is put in place whatever becomes of the ranking. */
static int conclude(hp_run *run, hp_accumulation *done, hp_keeper *keeper, size_t rank, hp_variance_result *result,
                    hp_error *err)
{
    if (!hp_team_leads(run->options->team))
        return HP_OK;
    int code = finish(run, done, rank, result, err);
    int kept = keeper ? hp_keeper_commit(keeper, code ? NULL : err) : HP_OK;
    return code ? code : kept;
}

static int accumulate(hp_run *run, hp_photo_set *set, hp_keeper *keeper, size_t rank, hp_variance_result *result,
                      hp_error *err)
{
    size_t count;
    int code = hp_team_agree(run->options->team, sort_out_shapes(set, &count, err), err);
    if (code)
        return code;
    hp_accumulate_options options = {.kind = &hp_variance_kind, .keep_similar = true, .keeper = keeper};
    hp_accumulation done = {0};
    for (size_t i = 0; i < count; i++)
        hp_run_expect(run, &set->photos[i]);
    if (count > 0)
        code = hp_accumulate(run, set->photos, count, &options, &done, err);
    int listed = collect_skips(set, &done, result, err);
    code = hp_team_agree(run->options->team, code ? code : listed, err);
    result->photos_used = done.state.album.taken;
    result->photos_new = done.photos_new;
    result->photos_known = done.photos_known;
    if (!code && done.state.album.taken > 0)
        code = hp_team_agree(run->options->team, conclude(run, &done, keeper, rank, result, err), err);
    hp_accumulation_free(&done);
    return code ? code : check_used(result, err);
}

static int run_variance(hp_run *run, const char *const *arguments, size_t count, hp_keeper *keeper, size_t rank,
                        hp_variance_result *result, hp_error *err)
{
    hp_photo_set set;
    const hp_team *team = run->options->team;
    hp_strings familiar = {0};
    int code = hp_team_agree(team, keeper ? hp_run_begin(run, keeper, &familiar, err) : HP_OK, err);
    if (!code)
        code = hp_photo_set_open_together(arguments, count, run->pool, run->options->stop, team, &familiar, &set, err);
    hp_strings_free(&familiar);
    if (code)
        return code;
    code = accumulate(run, &set, keeper, rank, result, err);
    result->seconds = hp_now_s() - run->started_s;
    hp_photo_set_free(&set);
    return code;
}

static int open_state(const hp_run_options *options, hp_keeper *keeper, hp_error *err)
{
    int code = HP_OK;
    if (options->state && hp_team_leads(options->team))
        code = hp_keeper_open(options->state, options->checkpoint_s, keeper, err);
    return hp_team_agree(options->team, code, err);
}

int hp_variance(const char *const *arguments, size_t count, const hp_variance_options *options,
                hp_variance_result **result, hp_error *err)
{
    *result = NULL;
    hp_run run;
    hp_keeper keeper = {.lock = -1, .new_file = -1};
    int code = hp_run_start(&options->run, &run, err);
    if (code)
        return code;
    hp_variance_result *made = hp_calloc(1, sizeof *made, err);
    bool keeps = options->run.state && hp_team_leads(options->run.team);
    code = hp_team_agree(options->run.team, made ? HP_OK : HP_E_MEMORY, err);
    if (!code)
        code = open_state(&options->run, &keeper, err);
    if (!code)
        code = run_variance(&run, arguments, count, keeps ? &keeper : NULL, options->rank, made, err);
    hp_keeper_close(&keeper);
    hp_run_end(&run);
    if (code && code != HP_E_NO_PHOTO)
        hp_variance_result_free(&made);
    *result = made;
    return code;
}

static int rank_state(hp_run *run, const char *path, size_t rank, hp_variance_result *result, hp_error *err)
{
    hp_state_file file;
    hp_accumulation set = {0};
    hp_photo_set none = {0};
    int code = hp_state_open(path, &file, err);
    if (!code && file.kind != &hp_variance_kind) {
        hp_fail(err, HP_E_INPUT, "is a state of %s, not of the variance", hp_state_kind_text(file.kind));
        code = hp_fail_in(err, HP_E_INPUT, path);
    }
    if (!code)
        code = hp_state_load(&file, run->kernels, run->pool, &set.state, err);
    if (!code)
        code = hp_album_list_skipped(&set.state.album, &set.skips, err);
    if (!code)
        code = collect_skips(&none, &set, result, err);
    if (!code && set.state.album.taken > 0)
        code = finish(run, &set, rank, result, err);
    hp_state_close(&file);
    hp_accumulation_free(&set);
    return code ? code : check_used(result, err);
}

int hp_variance_of_state(const char *state, const hp_variance_options *options, hp_variance_result **result,
                         hp_error *err)
{
    *result = NULL;
    hp_run run;
    int code = hp_run_start(&options->run, &run, err);
    if (code)
        return code;
    hp_variance_result *made = hp_calloc(1, sizeof *made, err);
    code = made ? rank_state(&run, state, options->rank, made, err) : HP_E_MEMORY;
    if (made)
        made->seconds = hp_now_s() - run.started_s;
    hp_run_end(&run);
    if (code)
        hp_variance_result_free(&made);
    *result = made;
    return code;
}

void hp_variance_result_free(hp_variance_result **result)
{
    hp_variance_result *old = *result;
    if (!old)
        return;
    if (old->owner) {
        hp_accumulator *accumulator = old->owner;
        hp_variance_kind.free(&accumulator);
    }
    hp_skipped_free(old->skipped, old->skipped_count);
    free(old->lowest);
    free(old);
    *result = NULL;
}
