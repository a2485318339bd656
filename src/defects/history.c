#include "defects/history.h"

#include "base/memory.h"
#include "base/skips.h"

#include <stdlib.h>

enum { ARRAYS = 4 }; /* of a timeline */

/* The four arrays of a timeline stand one behind the other, and `residual` owns them. */
static int create_timeline(size_t photos, hp_timeline *timeline, hp_error *err)
{
    float *values = hp_calloc(photos, ARRAYS * sizeof *values, err);
    if (!values)
        return HP_E_MEMORY;
    timeline->residual = values;
    timeline->noise = values + photos;
    timeline->expected = values + 2 * photos;
    timeline->badness = values + 3 * photos;
    return HP_OK;
}

int hp_history_create(size_t photos, size_t defects, hp_history **history, hp_error *err)
{
    hp_history *made = *history = hp_calloc(1, sizeof *made, err);
    if (!made)
        return HP_E_MEMORY;
    made->photo_count = photos;
    made->timeline_count = defects;
    made->photos = hp_calloc(photos, sizeof *made->photos, err);
    made->timelines = hp_calloc(defects, sizeof *made->timelines, err);
    int code = made->photos && made->timelines ? HP_OK : HP_E_MEMORY;
    for (size_t i = 0; i < defects && !code; i++)
        code = create_timeline(photos, &made->timelines[i], err);
    if (code)
        hp_history_free(history);
    return code;
}

void hp_history_free(hp_history **history)
{
    hp_history *h = *history;
    if (!h)
        return;
    for (size_t i = 0; h->photos && i < h->photo_count; i++)
        free(h->photos[i].path);
    for (size_t i = 0; h->timelines && i < h->timeline_count; i++)
        free(h->timelines[i].residual);
    hp_skipped_free(h->set_aside, h->set_aside_count);
    free(h->photos);
    free(h->timelines);
    free(h);
    *history = NULL;
}

bool hp_history_is_in(const hp_result *result)
{
    for (size_t i = 0; i < result->list_count; i++)
        if (result->lists[i].history)
            return true;
    return false;
}
