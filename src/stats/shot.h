/* A photo on its way through a round: decoded, measured, decided on, added. */
#ifndef HP_STATS_SHOT_H
#define HP_STATS_SHOT_H

#include "photo/source.h"
#include "stats/thumbnail.h"

/* XXH3-128 of the file's bytes: what makes two photos the same. */
typedef struct hp_hash {
    uint64_t high, low;
} hp_hash;

typedef struct hp_shot {
    const hp_photo *photo;
    hp_plane plane; /* lives in the batch, is used for one photo after the other */
    hp_hash hash;
    float sigma;    /* noise, DN */
    int16_t wt, wg; /* exposure weights, 1..255 */
    hp_thumbnail thumbnail;
    ptrdiff_t similar; /* index in the album of a photo of the same scene, or HP_NOT_FOUND */
    hp_error fault;    /* why it could not be used, when code is not 0 */
} hp_shot;

/* The half of the set that a photo belongs to, whatever the order: odd hash or even. */
bool hp_shot_is_odd(const hp_shot *shot);

#endif
