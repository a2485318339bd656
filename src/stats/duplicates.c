#include "stats/duplicates.h"

#include "base/memory.h"

#include <stdlib.h>

/*
 * No covariance is larger than the root of the variances' product: where one is 1.5 times the other, the distance is
 * (sqrt(1.5) - 1)^2 = 0.0505 at least.
 */
static bool are_too_unequal(const hp_scene *a, const hp_scene *b)
{
    int64_t smaller = a->variance < b->variance ? a->variance : b->variance;
    int64_t larger = a->variance < b->variance ? b->variance : a->variance;
    return larger > smaller + smaller / 2 + 1;
}

static bool similar(const hp_scene *a, const hp_scene *b)
{
    return !are_too_unequal(a, b) && hp_scene_distance(a, b) < HP_SIMILAR && hp_scene_inner_distance(a, b) < HP_SIMILAR;
}

ptrdiff_t hp_album_find_similar(const hp_album *album, size_t from, const hp_scene *scene)
{
    ptrdiff_t best = HP_NOT_FOUND;
    for (size_t i = from; i < album->count; i++) {
        const hp_record *record = &album->items[i];
        if (record->verdict != HP_PHOTO_TAKEN || !similar(&record->scene, scene))
            continue;
        if (best == HP_NOT_FOUND || hp_record_compare(record, &album->items[best]) < 0)
            best = (ptrdiff_t)i;
    }
    return best;
}

size_t hp_album_count_scenes(const hp_album *album, size_t most)
{
    enum { ROOM = 16 };
    const hp_scene *scenes[ROOM];
    size_t count = 0;
    for (size_t i = 0; i < album->count && count < most && count < ROOM; i++) {
        const hp_record *record = &album->items[i];
        bool known = record->verdict != HP_PHOTO_TAKEN;
        for (size_t k = 0; k < count && !known; k++)
            known = similar(scenes[k], &record->scene);
        if (!known)
            scenes[count++] = &record->scene;
    }
    return count;
}

double hp_album_surround_share(const hp_album *album)
{
    bool black[HP_THUMBNAIL_CELLS];
    for (size_t i = 0; i < HP_THUMBNAIL_CELLS; i++)
        black[i] = album->taken > 0;
    for (size_t i = 0; i < album->count; i++) {
        const hp_record *record = &album->items[i];
        if (record->verdict == HP_PHOTO_TAKEN && !record->scene.is_shown)
            return 0;
        if (record->verdict == HP_PHOTO_TAKEN)
            hp_scene_keep_black(&record->scene, black);
    }
    return hp_surround_share(black);
}

typedef struct counting {
    const hp_scene **taken;
    size_t count;
    uint32_t *similar; /* to each of them */
} counting;

static void count_task(void *context, size_t index, unsigned worker)
{
    (void)worker;
    const counting *work = context;
    uint32_t count = 0;
    for (size_t k = 0; k < work->count; k++)
        count += k == index || similar(work->taken[index], work->taken[k]);
    work->similar[index] = count;
}

int hp_album_effective_count(const hp_album *album, hp_pool *pool, double *effective, hp_error *err)
{
    counting work = {.taken = hp_calloc(album->taken, sizeof *work.taken, err),
                     .similar = hp_calloc(album->taken, sizeof *work.similar, err)};
    int code = work.taken && work.similar ? HP_OK : HP_E_MEMORY;
    for (size_t i = 0; !code && i < album->count; i++)
        if (album->items[i].verdict == HP_PHOTO_TAKEN)
            work.taken[work.count++] = &album->items[i].scene;
    *effective = 0;
    if (!code)
        hp_pool_run(pool, work.count, count_task, &work);
    for (size_t i = 0; i < work.count; i++)
        *effective += 1 / (double)work.similar[i];
    free(work.taken);
    free(work.similar);
    return code;
}
