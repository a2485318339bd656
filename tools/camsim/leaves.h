/* Dead leaves: discs of all sizes that cover each other, the simplest scene with the statistics of real
 * ones: edges, flat parts and detail at every scale (Lee, Mumford, Huang 2001: Occlusion models for natural
 * images). Radii follow r^-3, which makes the picture scale-invariant. */
#ifndef CAMSIM_LEAVES_H
#define CAMSIM_LEAVES_H

#include "random.h"
#include "scene.h"

/* Lets leaves fall on the part of the scene where height above the ground, in 0..1 of the upright picture, is
 * below skyline. Fills scene->leaves and scene->leaf_at; scene->background.up_* must be set. */
int cs_leaves_fall(cs_scene *scene, cs_random *random, float skyline, cs_error *err);

#endif
