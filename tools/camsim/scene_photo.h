/* Scenes out of real photos (--scenes DIR): halved in linear light, so that their own sensor's noise and
 * bad pixels shrink; a random part of them, mirrored at random, turned to the camera's attitude. */
#ifndef CAMSIM_SCENE_PHOTO_H
#define CAMSIM_SCENE_PHOTO_H

#include "random.h"
#include "scene.h"

int cs_scene_folder_open(cs_scene_folder *folder, const char *dir, cs_error *err);
void cs_scene_folder_close(cs_scene_folder *folder);

/* NULL on failure. */
cs_photo_scene *cs_photo_scene_open(const cs_scene_folder *folder, int width, int height, int orientation,
                                    cs_random *random, cs_error *err);
void cs_photo_scene_row(const cs_photo_scene *photo, int y, float *const rgb[3]);
void cs_photo_scene_close(cs_photo_scene *photo);

#endif
