/* What one photo is taken with: time, exposure, lens, attitude, kind of scene. */
#ifndef CAMSIM_SHOT_H
#define CAMSIM_SHOT_H

#include <stdint.h>

typedef enum cs_scene_kind {
    CS_SCENE_AUTO,
    CS_SCENE_LEAVES,
    CS_SCENE_GRADIENT,
    CS_SCENE_SKY,
    CS_SCENE_FIXED,
    CS_SCENE_DARK,
    CS_SCENE_PHOTOS /* real ones, from a folder */
} cs_scene_kind;

typedef struct cs_shot {
    int index; /* 1-based */
    int64_t time_s;
    uint32_t exposure_num, exposure_den; /* seconds, as EXIF writes it and as the sensor uses it */
    int iso;
    float brightness; /* factor on the scene; 1: scene white just reaches sensor white */
    float blur_sigma; /* lens, px */
    int orientation;  /* EXIF 1..8 */
    cs_scene_kind scene;
    uint64_t scene_index; /* photos of equal scene_index show the same scene */
} cs_shot;

typedef struct cs_series {
    uint64_t seed;
    int64_t start_s, interval_s;
    cs_scene_kind scene;
    double portrait_share;
    int orientation; /* 0: by portrait_share */
} cs_series;

/* The same shot for the same (series, index), whatever else is photographed. */
cs_shot cs_shot_plan(const cs_series *series, int index);

static inline int64_t cs_series_time(const cs_series *series, int index)
{
    return series->start_s + (index - 1) * series->interval_s;
}

static inline double cs_shot_exposure_s(const cs_shot *shot)
{
    return (double)shot->exposure_num / shot->exposure_den;
}

/* The name --scene knows it by. */
const char *cs_scene_name(cs_scene_kind kind);
/* Returns 0, or -1 when there is no such scene. */
int cs_scene_find(const char *name, cs_scene_kind *kind);

#endif
