#include "stats/decide.h"

#include "stats/duplicates.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

bool hp_decider_knows(const hp_decider *decider, hp_hash hash)
{
    ptrdiff_t index = hp_album_find(decider->album, hash);
    return index != HP_NOT_FOUND &&
           !(decider->keep_similar && decider->album->items[index].verdict == HP_PHOTO_SIMILAR);
}

static int compare_path(const void *path, const void *photo)
{
    return strcmp(path, (*(const hp_photo *const *)photo)->path);
}

static bool is_given(const hp_decider *decider, const char *path)
{
    return bsearch(path, decider->photos, decider->photo_count, sizeof *decider->photos, compare_path) != NULL;
}

static hp_record record_of(const hp_shot *shot, hp_verdict verdict)
{
    const hp_photo *photo = shot->photo;
    hp_record record = {
        .path = photo->path,
        .hash = shot->hash,
        .verdict = verdict,
        .taken_s = photo->info.taken_s,
        .exposure_s = photo->info.exposure_s,
        .gain = photo->info.gain,
        .sigma = shot->sigma,
        .wt = shot->wt,
        .wg = shot->wg,
        .scene.thumbnail = shot->thumbnail,
        .given = true,
    };
    memcpy(record.black, shot->plane.black, sizeof record.black);
    return record;
}

/* A fault of the content is for good, one of the disk or the memory may be gone next time. */
static int leave_out_for_fault(hp_decider *decider, const hp_shot *shot, hp_error *err)
{
    bool lasting = shot->hashed && (shot->fault.code == HP_E_INPUT || shot->fault.code == HP_E_UNSUPPORTED);
    if (!lasting)
        return hp_skips_add(decider->skips, shot->photo->path, shot->fault.message, false, err);
    hp_record record = {.path = shot->photo->path, .hash = shot->hash, .verdict = HP_PHOTO_DAMAGED, .given = true};
    char reason[sizeof shot->fault.message];
    memcpy(reason, shot->fault.message, sizeof reason);
    record.reason = reason;
    return hp_album_add(decider->album, &record, err);
}

static int take(hp_decider *decider, const hp_shot *shot, ptrdiff_t index, bool *counts, hp_error *err)
{
    if (decider->album->taken >= decider->most_photos) {
        char reason[96];
        snprintf(reason, sizeof reason, "is one too many: the sums hold %llu photos",
                 (unsigned long long)decider->most_photos);
        return hp_skips_add(decider->skips, shot->photo->path, reason, false, err);
    }
    *counts = true;
    hp_record record = record_of(shot, HP_PHOTO_TAKEN);
    if (index == HP_NOT_FOUND)
        return hp_album_add(decider->album, &record, err);
    return hp_album_replace(decider->album, (size_t)index, &record, err);
}

static int set_aside(hp_decider *decider, const hp_shot *shot, ptrdiff_t like, hp_error *err)
{
    hp_record record = record_of(shot, HP_PHOTO_SIMILAR);
    record.like = decider->album->items[like].hash;
    decider->aside[decider->aside_count++] = shot->photo;
    return hp_album_add(decider->album, &record, err);
}

/*
 * A content that is known: the photo itself, met before; or the same photo under another name, a copy if the name that
 * is known is among the photos too, and moved if not.
 */
static int meet_again(hp_decider *decider, const hp_shot *shot, hp_record *record, hp_error *err)
{
    const char *path = shot->photo->path;
    bool same_name = strcmp(path, record->path) == 0;
    if (!same_name && record->verdict == HP_PHOTO_DAMAGED)
        return hp_skips_add(decider->skips, path, record->reason, false, err);
    if (!same_name && is_given(decider, record->path)) {
        char name[512], reason[640];
        snprintf(reason, sizeof reason, "is the same photo as %s", hp_printable(record->path, name, sizeof name));
        return hp_skips_add(decider->skips, path, reason, true, err);
    }
    decider->known += !record->given;
    record->given = true;
    if (record->verdict == HP_PHOTO_SIMILAR)
        decider->aside[decider->aside_count++] = shot->photo;
    return HP_OK;
}

void hp_decider_look(const hp_decider *decider, hp_shot *shot)
{
    if (shot->fault.code || decider->keep_similar)
        return;
    hp_scene scene;
    hp_scene_of(&shot->thumbnail, &scene);
    ptrdiff_t similar = hp_album_find_similar(decider->album, 0, &scene);
    shot->has_similar = similar != HP_NOT_FOUND;
    if (shot->has_similar)
        shot->similar = decider->album->items[similar].hash;
}

int hp_decide(hp_decider *decider, const hp_shot *shot, size_t earlier, bool *counts, hp_error *err)
{
    hp_album *album = decider->album;
    *counts = false;
    ptrdiff_t index = shot->hashed ? hp_album_find(album, shot->hash) : HP_NOT_FOUND;
    if (index != HP_NOT_FOUND && hp_decider_knows(decider, shot->hash))
        return meet_again(decider, shot, &album->items[index], err);
    if (shot->fault.code && index != HP_NOT_FOUND)
        return hp_skips_add(decider->skips, shot->photo->path, shot->fault.message, false, err);
    if (shot->fault.code)
        return leave_out_for_fault(decider, shot, err);
    if (decider->keep_similar)
        return take(decider, shot, index, counts, err);
    hp_scene scene;
    hp_scene_of(&shot->thumbnail, &scene);
    ptrdiff_t similar = shot->has_similar ? hp_album_find(album, shot->similar) : HP_NOT_FOUND;
    ptrdiff_t later = hp_album_find_similar(album, earlier, &scene);
    if (similar == HP_NOT_FOUND ||
        (later != HP_NOT_FOUND && hp_record_compare(&album->items[later], &album->items[similar]) < 0))
        similar = later;
    return similar == HP_NOT_FOUND ? take(decider, shot, index, counts, err) : set_aside(decider, shot, similar, err);
}
