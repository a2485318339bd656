#include "stats/duplicates.h"

#include "base/memory.h"

#include <stdlib.h>

static size_t *slot_of(const hp_album *album, hp_hash hash)
{
    size_t at = (size_t)hash.low & (album->slot_count - 1);
    for (;; at = (at + 1) & (album->slot_count - 1)) {
        size_t index = album->slots[at];
        if (index == 0 ||
            (album->items[index - 1].hash.low == hash.low && album->items[index - 1].hash.high == hash.high))
            return &album->slots[at];
    }
}

/* Twice as many slots as photos at least, so that runs stay short. */
static int make_slots(hp_album *album, hp_error *err)
{
    if (2 * (album->count + 1) <= album->slot_count)
        return HP_OK;
    size_t wanted = album->slot_count ? 2 * album->slot_count : 64;
    size_t *slots = hp_calloc(wanted, sizeof *slots, err);
    if (!slots)
        return HP_E_MEMORY;
    free(album->slots);
    album->slots = slots;
    album->slot_count = wanted;
    for (size_t i = 0; i < album->count; i++)
        *slot_of(album, album->items[i].hash) = i + 1;
    return HP_OK;
}

int hp_album_add(hp_album *album, const hp_shot *shot, hp_error *err)
{
    if (hp_grow((void **)&album->items, &album->capacity, album->count + 1, sizeof *album->items, err) ||
        make_slots(album, err))
        return HP_E_MEMORY;
    album->items[album->count] = (hp_taken){shot->photo, shot->hash, shot->thumbnail};
    size_t *slot = slot_of(album, shot->hash);
    *slot = ++album->count;
    return HP_OK;
}

ptrdiff_t hp_album_find(const hp_album *album, hp_hash hash)
{
    if (album->count == 0)
        return HP_NOT_FOUND;
    size_t index = *slot_of(album, hash);
    return index ? (ptrdiff_t)index - 1 : HP_NOT_FOUND;
}

ptrdiff_t hp_album_find_similar(const hp_album *album, size_t from, const hp_thumbnail *thumbnail)
{
    for (size_t i = from; i < album->count; i++)
        if (hp_thumbnail_distance(&album->items[i].thumbnail, thumbnail) < HP_SIMILAR)
            return (ptrdiff_t)i;
    return HP_NOT_FOUND;
}

double hp_album_effective_count(const hp_album *album)
{
    double effective = 0;
    for (size_t i = 0; i < album->count; i++) {
        size_t similar = 0;
        for (size_t k = 0; k < album->count; k++)
            similar +=
                i == k || hp_thumbnail_distance(&album->items[i].thumbnail, &album->items[k].thumbnail) < HP_SIMILAR;
        effective += 1 / (double)similar;
    }
    return effective;
}

void hp_album_free(hp_album *album)
{
    free(album->items);
    free(album->slots);
    *album = (hp_album){0};
}
