/* The small logarithmic picture by which near-duplicates are told (docs/method.md, "Near-duplicates"). */
#ifndef HP_STATS_THUMBNAIL_H
#define HP_STATS_THUMBNAIL_H

#include "photo/photo.h"
#include "stats/kernels.h"

enum {
    HP_THUMBNAIL_ROWS = 18,
    HP_THUMBNAIL_COLUMNS = 28,
    HP_THUMBNAIL_CELLS = HP_THUMBNAIL_ROWS * HP_THUMBNAIL_COLUMNS
};

#define HP_THUMBNAIL_UNRELATED 1e9 /* distance from a picture without any contrast */

typedef struct hp_thumbnail {
    uint16_t cell[HP_THUMBNAIL_CELLS]; /* 256 log2(65536 (mean + 1)), row by row; never 0, at most 8192 */
} hp_thumbnail;

/* In place of a thumbnail, of a photo that shows no scene: a dark, a bias frame, or another (flat). */
extern const hp_thumbnail hp_thumbnail_of_dark, hp_thumbnail_of_bias, hp_thumbnail_of_flat;

bool hp_thumbnail_shows_scene(const hp_thumbnail *thumbnail);
bool hp_thumbnail_is_dark(const hp_thumbnail *thumbnail); /* or a bias frame */
bool hp_thumbnail_is_bias(const hp_thumbnail *thumbnail);

void hp_thumbnail_of(const hp_plane *plane, const hp_kernels *kernels, hp_thumbnail *thumbnail);

/* A thumbnail ready to be compared with many: with the sum of its cells, and their variance times n^2. */
typedef struct hp_scene {
    hp_thumbnail thumbnail;
    int64_t sum, variance;
    bool is_shown;  /* false: a photo without a scene */
    uint16_t black; /* cells up to this are as dark as the darkest */
} hp_scene;

void hp_scene_of(const hp_thumbnail *thumbnail, hp_scene *scene);

/*
 * Mean squared difference, means removed, over the smaller variance: 0 same scene, about 2 unrelated ones. A photo
 * without a scene is unrelated to all.
 */
double hp_scene_distance(const hp_scene *a, const hp_scene *b);

/*
 * The same, but where the corners are black in both (bars, the circle of a fisheye), of what is not: such a surround is
 * most of the variance, and makes any two scenes alike.
 */
double hp_scene_inner_distance(const hp_scene *a, const hp_scene *b);

/* Takes out of `black` the cells that are not so in this photo. */
void hp_scene_keep_black(const hp_scene *scene, bool black[HP_THUMBNAIL_CELLS]);

/* The share of cells that are; 0 where one of the corners is not. */
double hp_surround_share(const bool black[HP_THUMBNAIL_CELLS]);
double hp_thumbnail_distance(const hp_thumbnail *a, const hp_thumbnail *b);

/* floor(256 log2(value)); value > 0. */
uint32_t hp_log2_256(uint64_t value);

#endif
