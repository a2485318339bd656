/* The photos taken so far: by content, and by likeness of their thumbnails (docs/method.md, "Near-duplicates"). */
#ifndef HP_STATS_DUPLICATES_H
#define HP_STATS_DUPLICATES_H

#include "stats/shot.h"

#define HP_SIMILAR 0.05 /* thumbnails nearer than this show one scene */

typedef struct hp_taken {
    const hp_photo *photo;
    hp_hash hash;
    hp_thumbnail thumbnail;
} hp_taken;

/* In the order in which they were taken; all zero is empty. */
typedef struct hp_album {
    hp_taken *items;
    size_t count;
    size_t capacity;
    size_t *slots; /* open addressing by hash: index + 1, 0 where empty */
    size_t slot_count;
} hp_album;

enum { HP_NOT_FOUND = -1 };

int hp_album_add(hp_album *album, const hp_shot *shot, hp_error *err);

/* Index of the photo with this content, or HP_NOT_FOUND. */
ptrdiff_t hp_album_find(const hp_album *album, hp_hash hash);

/* Index of the first similar photo at or after `from`, or HP_NOT_FOUND. */
ptrdiff_t hp_album_find_similar(const hp_album *album, size_t from, const hp_thumbnail *thumbnail);

/* Effective number of photos: each counts as one over the number of those similar to it, itself included. */
double hp_album_effective_count(const hp_album *album);

void hp_album_free(hp_album *album);

#endif
