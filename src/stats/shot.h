/* A photo on its way through a round: decoded, measured, decided on, added. */
#ifndef HP_STATS_SHOT_H
#define HP_STATS_SHOT_H

#include "photo/source.h"
#include "stats/album.h"
#include "stats/kernels.h"

typedef struct hp_shot {
    const hp_photo *photo;
    bool mine;      /* decoded by this process of a team */
    hp_plane plane; /* lives in the batch, is used for one photo after the other */
    hp_hash hash;
    bool hashed;    /* the file could be read */
    float sigma;    /* noise, DN */
    hp_noise noise; /* the same by light, of a sensor's own samples; known where it is mine */
    int16_t wt, wg; /* exposure weights, 1..255 */
    hp_thumbnail thumbnail;
    bool has_similar; /* among the photos of the rounds before is one of the same scene: */
    hp_hash similar;  /* that one; not its place, for a checkpoint may put the album in order before it is needed */
    hp_error fault;   /* why it could not be used, when code is not 0 */
} hp_shot;

#endif
