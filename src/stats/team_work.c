#include "stats/team_work.h"

#include "base/error.h"
#include "base/memory.h"
#include "stats/state_file.h"
#include "stats/state_table.h"

#include <stdlib.h>
#include <string.h>

/* The largest file first; equals as they stand. */
static int compare_sizes(const void *a, const void *b)
{
    const hp_shot *first = *(hp_shot *const *)a, *second = *(hp_shot *const *)b;
    if (first->photo->file_size != second->photo->file_size)
        return first->photo->file_size > second->photo->file_size ? -1 : 1;
    return (first > second) - (first < second);
}

static void reverse(hp_shot **items, size_t count)
{
    for (size_t i = 0; i < count / 2; i++) {
        hp_shot *other = items[i];
        items[i] = items[count - 1 - i];
        items[count - 1 - i] = other;
    }
}

/* Every second turn goes the other way round, or the first member would have the larger one each time. */
size_t hp_team_deal(const hp_team *team, hp_shot *shots, size_t count, hp_shot **order)
{
    size_t members = hp_team_size(team), own = 0;
    for (size_t i = 0; i < count; i++)
        order[i] = &shots[i];
    qsort(order, count, sizeof(hp_shot *), compare_sizes);
    for (size_t first = members; first < count; first += 2 * members)
        reverse(order + first, count - first < members ? count - first : members);
    for (size_t i = hp_team_rank(team); i < count; i += members, own++)
        order[i]->mine = true;
    return own;
}

/* A shot without its plane and path. */
typedef struct news {
    hp_error fault;
    hp_hash hash;
    bool hashed;
    float sigma;
    int16_t wt, wg;
    uint16_t black[HP_CFA_SITES];
    hp_thumbnail thumbnail;
    bool has_similar;
    hp_hash similar;
} news;

static void tell(const hp_shot *shot, news *n)
{
    *n = (news){
        .fault = shot->fault,
        .hash = shot->hash,
        .hashed = shot->hashed,
        .sigma = shot->sigma,
        .wt = shot->wt,
        .wg = shot->wg,
        .thumbnail = shot->thumbnail,
        .has_similar = shot->has_similar,
        .similar = shot->similar,
    };
    memcpy(n->black, shot->plane.black, sizeof n->black);
}

static void hear(const news *n, hp_shot *shot)
{
    shot->fault = n->fault;
    shot->hash = n->hash;
    shot->hashed = n->hashed;
    shot->sigma = n->sigma;
    shot->wt = n->wt;
    shot->wg = n->wg;
    shot->thumbnail = n->thumbnail;
    shot->has_similar = n->has_similar;
    shot->similar = n->similar;
    memcpy(shot->plane.black, n->black, sizeof n->black);
}

int hp_team_exchange_shots(const hp_team *team, hp_shot *const *order, size_t count, hp_error *err)
{
    if (!team)
        return HP_OK;
    news *all = hp_calloc(count, sizeof *all, err);
    int code = hp_team_agree(team, all ? HP_OK : HP_E_MEMORY, err);
    for (size_t i = team->rank; !code && i < count; i += team->size)
        tell(order[i], &all[i]);
    if (!code)
        code = hp_team_exchange(team, all, count, sizeof *all, err);
    for (size_t i = 0; !code && i < count; i++)
        if (!hp_team_is_mine(team, i))
            hear(&all[i], order[i]);
    free(all);
    return code;
}

int hp_team_any(const hp_team *team, bool *value, hp_error *err)
{
    size_t least = *value ? 0 : 1;
    int code = hp_team_least(team, &least, err);
    *value = least == 0;
    return code;
}

void hp_team_collect_sums(const hp_team *team, hp_state *state)
{
    hp_accumulator *a = state->accumulator;
    hp_image images[HP_ARRAYS_MOST];
    if (!team)
        return;
    size_t count = hp_images_of(a, images);
    for (size_t i = 0; i < count; i++) {
        const hp_array *array = &images[i].array;
        team->reduce(team, array->values, images[i].pixels * array->channels, (int)array->number, (int)array->join);
    }
    if (hp_team_leads(team))
        a->kind->recount(a, &state->album);
    else
        a->kind->clear(a);
}

/* ---- the beginning ---- */

typedef struct beginning {
    bool loaded, settling, bounds_only;
    hp_scale scale;
    hp_table_shape table;
    size_t rows;
} beginning;

static int pack(const hp_state *state, const hp_photo_info *shape, bool loaded, void **bytes, size_t *size,
                hp_error *err)
{
    const hp_album *album = &state->album;
    beginning b = {loaded,      state->settling, state->bounds_only, shape->scale, hp_table_shape_of(album, shape),
                   album->count};
    *size = sizeof b + b.rows * b.table.row_bytes;
    *bytes = hp_calloc(*size, 1, err);
    if (!*bytes)
        return HP_E_MEMORY;
    memcpy(*bytes, &b, sizeof b);
    for (size_t i = 0; i < b.rows; i++)
        hp_table_put_row(&b.table, &album->items[i], (uint8_t *)*bytes + sizeof b + i * b.table.row_bytes);
    return HP_OK;
}

static int unpack(const void *bytes, hp_state *state, hp_photo_info *shape, bool *loaded, hp_error *err)
{
    beginning b;
    memcpy(&b, bytes, sizeof b);
    *loaded = b.loaded;
    state->settling = b.settling;
    state->bounds_only = b.bounds_only;
    shape->scale = b.scale;
    int code = HP_OK;
    for (size_t i = 0; !code && i < b.rows; i++)
        code =
            hp_table_get_row(&b.table, (const uint8_t *)bytes + sizeof b + i * b.table.row_bytes, &state->album, err);
    return code;
}

int hp_team_share_state(const hp_team *team, hp_state *state, hp_photo_info *shape, bool *loaded, hp_error *err)
{
    void *bytes = NULL;
    size_t size = 0;
    if (!team)
        return HP_OK;
    int code = hp_team_leads(team) ? pack(state, shape, *loaded, &bytes, &size, err) : HP_OK;
    code = hp_team_agree(team, code, err);
    if (!code)
        code = hp_team_share(team, &bytes, &size, err);
    if (!code && !hp_team_leads(team))
        code = unpack(bytes, state, shape, loaded, err);
    free(bytes);
    return hp_team_agree(team, code, err);
}
