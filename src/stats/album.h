/* Every photo that a camera's sums know of: those counted, and those left out for good, with the reason. */
#ifndef HP_STATS_ALBUM_H
#define HP_STATS_ALBUM_H

#include "base/hash.h"
#include "base/skips.h"
#include "stats/thumbnail.h"

typedef enum hp_verdict {
    HP_PHOTO_TAKEN,   /* counted */
    HP_PHOTO_SIMILAR, /* left out: nearly the same as one taken */
    HP_PHOTO_DAMAGED  /* left out: cannot be decoded */
} hp_verdict;

typedef struct hp_record {
    char *path; /* where it was met first, as given */
    hp_hash hash;
    hp_verdict verdict;
    hp_hash like; /* similar: to this one */
    char *reason; /* damaged: why, a sentence without its subject; else NULL */
    int64_t taken_s;
    double exposure_s, gain; /* 0: unknown */
    /* As measured; all zero when damaged, and in the sums of the variance. */
    float sigma;
    int16_t wt, wg;
    uint16_t black[HP_CFA_SITES]; /* DN without light at each site of the CFA */
    hp_scene scene;               /* its thumbnail; what follows from that is set by the album */
    bool given;                   /* among the photos of this run; no file holds it */
} hp_record;

/* One record a content; all zero is empty. */
typedef struct hp_album {
    hp_record *items;
    size_t count;
    size_t capacity;
    size_t taken;  /* records with HP_PHOTO_TAKEN */
    size_t *slots; /* open addressing by hash: index + 1, 0 where empty */
    size_t slot_count;
} hp_album;

enum { HP_NOT_FOUND = -1 };

/*
 * Room for `count` more, taken from the system at once: so that a run finds out at its beginning whether there is
 * enough, and needs no more later but for paths. Fails with HP_E_MEMORY.
 */
int hp_album_reserve(hp_album *album, size_t count, hp_error *err);

/* Copies record, path and reason; its content must not be there yet. Fails with HP_E_MEMORY. */
int hp_album_add(hp_album *album, const hp_record *record, hp_error *err);

/* Index of the record of this content, or HP_NOT_FOUND. */
ptrdiff_t hp_album_find(const hp_album *album, hp_hash hash);

/* A photo left out is taken after all: its record becomes this one, path included. Fails with HP_E_MEMORY. */
int hp_album_replace(hp_album *album, size_t index, const hp_record *record, hp_error *err);

/* Removes the records for which drop is true (count of them). */
void hp_album_remove(hp_album *album, const bool *drop);

/* By path, bytewise, then content; for qsort. */
int hp_record_compare(const void *a, const void *b);

/* Orders by hp_record_compare. Indices change. */
void hp_album_sort(hp_album *album);

/* Adds the photos left out, with a sentence each, to skips. */
int hp_album_list_skipped(const hp_album *album, hp_skips *skips, hp_error *err);

/*
 * The folder that all photos counted lie in or below, as their paths have it; NULL where it is the root, or the paths
 * name none. *folder is the caller's. Fails with HP_E_MEMORY.
 */
int hp_album_folder(const hp_album *album, char **folder, hp_error *err);

void hp_album_free(hp_album *album);

#endif
