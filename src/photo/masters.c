#include "photo/masters.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Frames of a detector that do not call themselves combinations. */
typedef struct frames {
    size_t integers, floats;
} frames;

/* Programs that combine frames may lose the camera's name. */
static bool is_one_detector(const hp_camera *a, const hp_camera *b)
{
    return a->source == b->source && a->width == b->width && a->height == b->height &&
           (!a->model[0] || !b->model[0] || strcmp(a->model, b->model) == 0);
}

static frames count_frames(const hp_photo_set *set, const hp_camera *camera)
{
    frames found = {0};
    for (size_t i = 0; i < set->count; i++) {
        const hp_photo_info *info = &set->photos[i].info;
        if (info->combined || !is_one_detector(&info->camera, camera))
            continue;
        found.floats += info->floating;
        found.integers += !info->floating;
    }
    return found;
}

/*
 * Cameras write integers: among these a calibration frame in floating point was made of others, and so was the only
 * frame that is; several may be lights that were calibrated, each an exposure still.
 */
static bool is_master(const hp_photo_info *info, const frames *others)
{
    if (info->combined)
        return others->integers + others->floats > 0;
    return info->floating && others->integers > 1 && (info->frame != HP_FRAME_LIGHT || others->floats == 1);
}

static int leave_out(hp_skips *skips, const hp_photo *photo, hp_error *err)
{
    const hp_photo_info *info = &photo->info;
    char reason[160], number[16] = "many";
    if (info->combined > 1)
        snprintf(number, sizeof number, "%u", info->combined);
    snprintf(reason, sizeof reason, "is a combination of %s frames%s, and frames as they were taken are there", number,
             info->combined ? "" : " (in floating point, which no camera writes)");
    return hp_skips_add(skips, photo->path, reason, true, err);
}

/* Those of one camera are beside each other. A photo that is left out has no path until the others close up. */
int hp_masters_leave_out(hp_photo_set *set, hp_error *err)
{
    int code = HP_OK;
    frames others = {0};
    for (size_t i = 0; i < set->count && !code; i++) {
        hp_photo *photo = &set->photos[i];
        if (i == 0 || !hp_photo_same_camera(photo, &set->photos[i - 1]))
            others = count_frames(set, &photo->info.camera);
        if (!is_master(&photo->info, &others))
            continue;
        code = leave_out(&set->skips, photo, err);
        free(photo->path);
        photo->path = NULL;
    }
    hp_photo_set_close_up(set);
    return code;
}
