#include "photo/source.h"

#include "base/error.h"
#include "base/memory.h"
#include "photo/masters.h"
#include "photo/originals.h"
#include "photo/probe.h"
#include "photo/scale.h"

#include <stdlib.h>
#include <string.h>

static int keep(hp_photo_set *set, hp_path *path, hp_probed *result, hp_error *err)
{
    if (result->reason)
        return hp_skips_add(&set->skips, path->path, result->reason, false, err);
    if (!result->format)
        return HP_OK;
    set->photos[set->count++] = (hp_photo){path->path,   result->file_size, result->format, result->info,
                                           result->hash, result->hashed,    path->below};
    path->path = NULL;
    return HP_OK;
}

static int compare_texts(const hp_camera *a, const hp_camera *b)
{
    int order = strcmp(a->make, b->make);
    order = order ? order : strcmp(a->model, b->model);
    order = order ? order : strcmp(a->serial, b->serial);
    return order ? order : strcmp(a->cfa, b->cfa);
}

/* Samples of a sensor and pictures made of them, kept values and stretched ones: their sums would mean nothing. */
static int compare_samples(const hp_photo_info *a, const hp_photo_info *b)
{
    int order = (int)hp_photo_is_developed(a) - (int)hp_photo_is_developed(b);
    return order ? order : (int)(a->scale.high > 0) - (int)(b->scale.high > 0);
}

int hp_photo_compare_cameras(const hp_photo *first, const hp_photo *second)
{
    const hp_camera *a = &first->info.camera, *b = &second->info.camera;
    int order = compare_texts(a, b);
    if (order)
        return order;
    if (a->width != b->width)
        return a->width < b->width ? -1 : 1;
    if (a->height != b->height)
        return a->height < b->height ? -1 : 1;
    if (a->source != b->source)
        return a->source < b->source ? -1 : 1;
    if (a->bits != b->bits)
        return a->bits < b->bits ? -1 : 1;
    return compare_samples(&first->info, &second->info);
}

bool hp_photo_same_camera(const hp_photo *a, const hp_photo *b)
{
    return hp_photo_compare_cameras(a, b) == 0;
}

static int compare_photos(const void *a, const void *b)
{
    const hp_photo *first = a, *second = b;
    int order = hp_photo_compare_cameras(first, second);
    return order ? order : strcmp(first->path, second->path);
}

static int compare_paths(const void *a, const void *b)
{
    return strcmp(((const hp_photo *)a)->path, ((const hp_photo *)b)->path);
}

void hp_photo_set_sort_by_path(hp_photo_set *set)
{
    if (set->count)
        qsort(set->photos, set->count, sizeof *set->photos, compare_paths);
}

void hp_photo_set_close_up(hp_photo_set *set)
{
    size_t kept = 0;
    for (size_t i = 0; i < set->count; i++)
        if (set->photos[i].path)
            set->photos[kept++] = set->photos[i];
    set->count = kept;
}

/* All photos of a camera get one scale: that which fits the brightest. `photos` are ordered by camera. */
static void unify_scales(hp_photo *photos, size_t count)
{
    for (size_t first = 0, end; first < count; first = end) {
        hp_scale scale = photos[first].info.scale;
        for (end = first + 1; end < count && hp_photo_same_camera(&photos[first], &photos[end]); end++)
            scale = hp_scale_join(&scale, &photos[end].info.scale);
        scale.shift = scale.shift < photos[first].info.camera.bits ? scale.shift : 0;
        for (size_t i = first; i < end; i++) {
            photos[i].info.scale = scale;
            photos[i].info.camera.bits -= (unsigned)scale.shift;
        }
    }
}

/* The leader's files for everybody. */
static int collect_paths(const char *const *arguments, size_t count, const hp_team *team, hp_paths *paths,
                         hp_skips *skips, hp_error *err)
{
    int code = hp_team_leads(team) ? hp_paths_collect(arguments, count, paths, skips, err) : HP_OK;
    code = hp_team_agree(team, code, err);
    return code ? code : hp_paths_share(paths, team, err);
}

/* What is asked for; see source.h. */
typedef struct opening {
    const char *const *arguments;
    size_t count;
    const volatile sig_atomic_t *stop;
    const hp_team *team;
    const hp_strings *familiar;
    bool to_repair;
} opening;

static int open_set(const opening *asked, hp_pool *pool, hp_photo_set *set, hp_error *err)
{
    *set = (hp_photo_set){0};
    hp_paths paths = {0};
    hp_probed *results = NULL;
    const hp_team *team = asked->team;
    int code = collect_paths(asked->arguments, asked->count, team, &paths, &set->skips, err);
    if (code)
        goto done;
    results = hp_calloc(paths.count, sizeof *results, err);
    set->photos = hp_calloc(paths.count, sizeof *set->photos, err);
    code = hp_team_agree(team, results && set->photos ? HP_OK : HP_E_MEMORY, err);
    if (code)
        goto done;
    const hp_probing what = {.paths = &paths, .stop = asked->stop, .team = team, .familiar = asked->familiar};
    code = hp_probe_all(&what, pool, results, err);
    for (size_t i = 0; !code && i < paths.count; i++)
        code = keep(set, &paths.items[i], &results[i], err);
    if (!code && set->count)
        qsort(set->photos, set->count, sizeof *set->photos, compare_photos);
    if (!code)
        code = hp_originals_keep_one(set, asked->to_repair, err);
    if (!code && !asked->to_repair)
        code = hp_masters_leave_out(set, err);
    code = hp_team_agree(team, code, err);
    unify_scales(set->photos, set->count);
    hp_skips_sort(&set->skips);
done:
    for (size_t i = 0; results && i < paths.count; i++)
        free(results[i].reason);
    free(results);
    hp_paths_free(&paths);
    if (code)
        hp_photo_set_free(set);
    return code;
}

int hp_photo_set_open_together(const char *const *arguments, size_t count, hp_pool *pool,
                               const volatile sig_atomic_t *stop, const hp_team *team, const hp_strings *familiar,
                               hp_photo_set *set, hp_error *err)
{
    const opening asked = {arguments, count, stop, team, familiar, false};
    return open_set(&asked, pool, set, err);
}

int hp_photo_set_open(const char *const *arguments, size_t count, hp_pool *pool, const volatile sig_atomic_t *stop,
                      hp_photo_set *set, hp_error *err)
{
    const hp_strings none = {0};
    return hp_photo_set_open_together(arguments, count, pool, stop, NULL, &none, set, err);
}

int hp_photo_set_open_to_repair(const char *const *arguments, size_t count, hp_pool *pool,
                                const volatile sig_atomic_t *stop, hp_photo_set *set, hp_error *err)
{
    const hp_strings none = {0};
    const opening asked = {arguments, count, stop, NULL, &none, true};
    return open_set(&asked, pool, set, err);
}

void hp_photo_set_free(hp_photo_set *set)
{
    for (size_t i = 0; i < set->count; i++)
        free(set->photos[i].path);
    free(set->photos);
    hp_skipped_free(set->skips.items, set->skips.count);
    *set = (hp_photo_set){0};
}
