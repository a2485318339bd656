#include "stats/album.h"

#include "base/memory.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static size_t *slot_of(const hp_album *album, hp_hash hash)
{
    size_t at = (size_t)hash.low & (album->slot_count - 1);
    for (;; at = (at + 1) & (album->slot_count - 1)) {
        size_t index = album->slots[at];
        if (index == 0 || hp_hash_equal(album->items[index - 1].hash, hash))
            return &album->slots[at];
    }
}

static void fill_slots(hp_album *album)
{
    if (album->slot_count)
        memset(album->slots, 0, album->slot_count * sizeof *album->slots);
    for (size_t i = 0; i < album->count; i++)
        *slot_of(album, album->items[i].hash) = i + 1;
}

/* Twice as many slots as photos at least, so that runs stay short. */
static int make_slots(hp_album *album, size_t photos, hp_error *err)
{
    size_t wanted = album->slot_count ? album->slot_count : 64;
    while (wanted / 2 < photos)
        wanted *= 2;
    if (wanted == album->slot_count)
        return HP_OK;
    size_t *slots = hp_calloc(wanted, sizeof *slots, err);
    if (!slots)
        return HP_E_MEMORY;
    free(album->slots);
    album->slots = slots;
    album->slot_count = wanted;
    fill_slots(album);
    return HP_OK;
}

/* A record of one's own: its texts and what follows from the thumbnail. */
static int complete(hp_record *record, hp_error *err)
{
    hp_scene_of(&record->scene.thumbnail, &record->scene);
    const char *path = record->path, *reason = record->reason;
    record->path = hp_strdup(path, err);
    record->reason = reason ? hp_strdup(reason, err) : NULL;
    if (record->path && (record->reason || !reason))
        return HP_OK;
    free(record->path);
    free(record->reason);
    return HP_E_MEMORY;
}

/* Written to, or the system would promise memory that it may not have. */
int hp_album_reserve(hp_album *album, size_t count, hp_error *err)
{
    size_t wanted = album->count + count;
    if (hp_grow((void **)&album->items, &album->capacity, wanted, sizeof *album->items, err) ||
        make_slots(album, wanted, err))
        return HP_E_MEMORY;
    if (count)
        memset(album->items + album->count, 0, count * sizeof *album->items);
    return HP_OK;
}

int hp_album_add(hp_album *album, const hp_record *record, hp_error *err)
{
    hp_record copy = *record;
    if (hp_grow((void **)&album->items, &album->capacity, album->count + 1, sizeof *album->items, err) ||
        make_slots(album, album->count + 1, err) || complete(&copy, err))
        return HP_E_MEMORY;
    album->items[album->count] = copy;
    size_t *slot = slot_of(album, copy.hash);
    *slot = ++album->count;
    album->taken += copy.verdict == HP_PHOTO_TAKEN;
    return HP_OK;
}

ptrdiff_t hp_album_find(const hp_album *album, hp_hash hash)
{
    if (album->count == 0)
        return HP_NOT_FOUND;
    size_t index = *slot_of(album, hash);
    return index ? (ptrdiff_t)index - 1 : HP_NOT_FOUND;
}

static void free_texts(hp_record *record)
{
    free(record->path);
    free(record->reason);
}

int hp_album_replace(hp_album *album, size_t index, const hp_record *record, hp_error *err)
{
    hp_record copy = *record;
    if (complete(&copy, err))
        return HP_E_MEMORY;
    hp_record *old = &album->items[index];
    album->taken += copy.verdict == HP_PHOTO_TAKEN;
    album->taken -= old->verdict == HP_PHOTO_TAKEN;
    free_texts(old);
    *old = copy;
    return HP_OK;
}

void hp_album_remove(hp_album *album, const bool *drop)
{
    size_t kept = 0;
    for (size_t i = 0; i < album->count; i++) {
        hp_record *record = &album->items[i];
        if (drop[i]) {
            album->taken -= record->verdict == HP_PHOTO_TAKEN;
            free_texts(record);
        } else {
            album->items[kept++] = *record;
        }
    }
    album->count = kept;
    fill_slots(album);
}

int hp_record_compare(const void *a, const void *b)
{
    const hp_record *first = a, *second = b;
    int order = strcmp(first->path, second->path);
    if (order)
        return order;
    if (first->hash.high != second->hash.high)
        return first->hash.high < second->hash.high ? -1 : 1;
    return (first->hash.low > second->hash.low) - (first->hash.low < second->hash.low);
}

void hp_album_sort(hp_album *album)
{
    if (album->count)
        qsort(album->items, album->count, sizeof *album->items, hp_record_compare);
    fill_slots(album);
}

static int list_similar(const hp_album *album, const hp_record *record, hp_skips *skips, hp_error *err)
{
    char name[512], reason[640];
    ptrdiff_t like = hp_album_find(album, record->like);
    snprintf(reason, sizeof reason, "shows nearly the same scene as %s",
             like == HP_NOT_FOUND ? "another" : hp_printable(album->items[like].path, name, sizeof name));
    return hp_skips_add(skips, record->path, reason, true, err);
}

int hp_album_list_skipped(const hp_album *album, hp_skips *skips, hp_error *err)
{
    int code = HP_OK;
    for (size_t i = 0; !code && i < album->count; i++) {
        const hp_record *record = &album->items[i];
        if (record->verdict == HP_PHOTO_TAKEN)
            continue;
        code = record->verdict == HP_PHOTO_SIMILAR ? list_similar(album, record, skips, err)
                                                   : hp_skips_add(skips, record->path, record->reason, false, err);
        if (!code)
            skips->items[skips->count - 1].earlier = !record->given;
    }
    return code;
}

/* How much of a path that begins with a folder of `length` bytes is a folder that the other path begins with, too. */
static size_t common_folder(const char *path, size_t length, const char *other)
{
    size_t same = 0;
    while (same < length && path[same] == other[same])
        same++;
    if (same == length && other[same] == '/')
        return length;
    while (same > 0 && path[--same] != '/') {
    }
    return same;
}

int hp_album_folder(const hp_album *album, char **folder, hp_error *err)
{
    const char *path = NULL;
    size_t length = 0;
    *folder = NULL;
    for (size_t i = 0; i < album->count; i++) {
        const hp_record *record = &album->items[i];
        if (record->verdict != HP_PHOTO_TAKEN)
            continue;
        const char *slash = path ? NULL : strrchr(record->path, '/');
        if (!path)
            length = slash ? (size_t)(slash - record->path) : 0;
        path = path ? path : record->path;
        length = common_folder(path, length, record->path);
    }
    if (length == 0)
        return HP_OK;
    *folder = hp_calloc(length + 1, 1, err);
    if (!*folder)
        return HP_E_MEMORY;
    memcpy(*folder, path, length);
    return HP_OK;
}

void hp_album_free(hp_album *album)
{
    for (size_t i = 0; i < album->count; i++)
        free_texts(&album->items[i]);
    free(album->items);
    free(album->slots);
    *album = (hp_album){0};
}
