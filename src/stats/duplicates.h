/* Which photos show the same scene, by their thumbnails (docs/method.md, "Near-duplicates"). */
#ifndef HP_STATS_DUPLICATES_H
#define HP_STATS_DUPLICATES_H

#include "base/pool.h"
#include "stats/album.h"

#define HP_SIMILAR 0.05 /* thumbnails nearer than this show one scene */

/*
 * Index, `from` or above, of the photo taken that shows the same scene, or HP_NOT_FOUND; of several the first by path,
 * so that it does not hang on the order in which they came.
 */
ptrdiff_t hp_album_find_similar(const hp_album *album, size_t from, const hp_scene *scene);

/*
 * Scenes that the photos taken show, `most` at most: going through them as they stand, each that is similar to none
 * before begins a new one.
 */
size_t hp_album_count_scenes(const hp_album *album, size_t most);

/* Share of the frame that is a black surround in all photos taken: bars, what is around a fisheye's circle. */
double hp_album_surround_share(const hp_album *album);

/*
 * Effective number of photos taken: each counts as one over the number of those similar to it, itself included.
 * Compares each with each, on the pool. Fails with HP_E_MEMORY.
 */
int hp_album_effective_count(const hp_album *album, hp_pool *pool, double *effective, hp_error *err);

#endif
