/* Defects planted into photos that were decoded, as a sensor with them would have given (docs/method.md, 5). */
#ifndef HP_DETECT_PLANTING_H
#define HP_DETECT_PLANTING_H

#include "detect/levels.h"
#include "photo/source.h"

typedef struct hp_plant {
    uint32_t x, y;
    hp_kind kind;
    /* hot: DN, the mean over the photos: it grows with their gain; weak: response, 0..1; stuck: share of white, 0..1;
     * dead: 0 */
    double strength;
    size_t step; /* the caller's */
} hp_plant;

typedef struct hp_planting {
    hp_plant *items; /* far enough from each other: HP_PLANT_APART */
    size_t count;
    double mean_gain; /* of the photos, 1 where a gain is not known */
    hp_levels levels; /* of the photos */
} hp_planting;

/* Whether it says of itself that it was taken without light. */
bool hp_planting_is_dark(const hp_photo_info *info);

/* The gain of a photo, or 1. */
double hp_planting_gain(const hp_photo *photo);

enum { HP_PLANT_APART = 16 }; /* px */

/* Writes them into a plane: hp_accumulate_options.alter. context: const hp_planting. */
void hp_planting_alter(const void *context, const hp_photo *photo, hp_plane *plane);

#endif
