#include "stats/resume.h"

#include "base/error.h"
#include "stats/team_work.h"

static void note_saved(hp_resume *resume, const hp_state *state)
{
    resume->count = state->album.count;
    resume->taken = state->album.taken;
    resume->settling = state->settling;
}

static int check_same(const hp_state_file *file, const hp_accumulator_kind *kind, const hp_photo_info *shape,
                      hp_error *err)
{
    char held[HP_SHAPE_TEXT], given[HP_SHAPE_TEXT];
    if (file->kind != kind) {
        hp_fail(err, HP_E_INPUT, "is a state of %s, not of %s", hp_state_kind_text(file->kind),
                hp_state_kind_text(kind));
        return hp_fail_in(err, HP_E_INPUT, file->path);
    }
    if (hp_state_same_shape(kind, &file->shape, shape))
        return HP_OK;
    hp_fail(err, HP_E_INPUT, "holds photos of %s, these are of %s", hp_shape_text(kind, &file->shape, held),
            hp_shape_text(kind, shape, given));
    return hp_fail_in(err, HP_E_INPUT, file->path);
}

static int take_shape(const hp_state_file *file, const hp_accumulator_kind *kind, hp_photo *photos, size_t count,
                      hp_error *err)
{
    hp_state_adopt_scale(&file->shape, photos, count);
    return check_same(file, kind, &photos[0].info, err);
}

static int load(hp_resume *resume, const hp_accumulator_kind *kind, hp_photo *photos, size_t count, const hp_run *run,
                hp_state *state, hp_error *err)
{
    hp_early **early = &resume->keeper->early;
    int code = *early ? HP_OK : hp_early_open(resume->keeper->path, early, err);
    if (!code)
        code = take_shape(&(*early)->file, kind, photos, count, err);
    if (!code)
        code = hp_early_load(*early, run->kernels, run->pool, state, err);
    hp_early_close(early);
    note_saved(resume, state);
    return code;
}

int hp_resume_start(hp_resume *resume, hp_keeper *keeper, const hp_accumulator_kind *kind, hp_photo *photos,
                    size_t count, const hp_run *run, hp_state *state, hp_error *err)
{
    const hp_team *team = run->options->team;
    bool loaded = keeper && hp_keeper_exists(keeper);
    *state = (hp_state){0};
    *resume = (hp_resume){.keeper = keeper};
    int code = loaded ? load(resume, kind, photos, count, run, state, err) : HP_OK;
    code = hp_team_agree(team, code, err);
    hp_photo_info shape = photos[0].info;
    if (!code)
        code = hp_team_share_state(team, state, &shape, &loaded, err);
    if (!code && loaded && !hp_team_leads(team))
        hp_state_adopt_scale(&shape, photos, count);
    if (!code && !state->accumulator)
        code = kind->start(&photos[0].info, run->kernels, &state->accumulator, err);
    return hp_team_agree(team, code, err);
}

static bool is_new(const hp_resume *resume, const hp_state *state)
{
    return resume->count != state->album.count || resume->taken != state->album.taken ||
           resume->settling != state->settling;
}

static int write_state(hp_resume *resume, hp_pool *pool, hp_state *state, hp_error *err)
{
    int code = hp_keeper_write(resume->keeper, state, NULL, NULL, pool, err);
    if (!code)
        note_saved(resume, state);
    return code;
}

bool hp_resume_is_due(const hp_resume *resume, const hp_state *state)
{
    return resume->keeper && hp_keeper_is_due(resume->keeper) && is_new(resume, state);
}

/* What a checkpoint wrote is on its way to the disk while the next round is worked on. */
int hp_resume_round(hp_resume *resume, bool due, hp_pool *pool, hp_state *state, hp_error *err)
{
    if (!resume->keeper)
        return HP_OK;
    int code = hp_keeper_commit(resume->keeper, err);
    if (!code && due)
        code = write_state(resume, pool, state, err);
    return code;
}

int hp_resume_end(hp_resume *resume, hp_pool *pool, hp_state *state, hp_error *err)
{
    if (!resume->keeper || !is_new(resume, state) || state->album.taken == 0)
        return HP_OK;
    return write_state(resume, pool, state, err);
}
