/* What lies before the camera, as rows of linear sRGB in front of the lens; 1 is scene white. */
#ifndef CAMSIM_SCENE_H
#define CAMSIM_SCENE_H

#include "error.h"
#include "shot.h"
#include "texture.h"

typedef struct cs_photo_scene cs_photo_scene; /* scene_photo.h */

typedef struct cs_leaf {
    float colour[3];
    float level, slope_x, slope_y; /* light: level + slope_x x + slope_y y + roughness texture */
    float roughness;
    int texture_x, texture_y;
} cs_leaf;

typedef struct cs_background {
    float low[3], high[3]; /* colours at the bottom and at the top of the upright picture */
    float up_x, up_y;      /* unit vector to the top, in the stored matrix */
    float glow_x, glow_y, glow_width, glow_level;
    float roughness;
} cs_background;

typedef struct cs_scene {
    int width, height;
    const cs_texture *texture;
    uint32_t *leaf_at; /* per pixel: 0 background, else 1 + index into leaves; NULL without leaves */
    cs_leaf *leaves;
    cs_background background;
    float *glow_by_x;
    cs_photo_scene *photo; /* if set, the only thing that counts */
} cs_scene;

typedef struct cs_scene_folder {
    char **path; /* sorted */
    int count;
} cs_scene_folder;

/* folder may be NULL unless shot->scene is CS_SCENE_PHOTOS. */
int cs_scene_open(cs_scene *scene, int width, int height, uint64_t seed, const cs_shot *shot, const cs_texture *texture,
                  const cs_scene_folder *folder, cs_error *err);
/* Row y, width values for each of the three colours. */
void cs_scene_row(const cs_scene *scene, int y, float *const rgb[3]);
void cs_scene_close(cs_scene *scene);

#endif
