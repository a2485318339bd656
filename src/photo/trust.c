#include "photo/trust.h"

#include "base/error.h"
#include "base/text.h"
#include "photo/format.h"

#include <math.h>
#include <string.h>

enum { MOST_BITS = 16, MOST_SHIFT = 32 };

static const int64_t end_of_9999_s = 253402300799;

static void end_texts(hp_camera *camera)
{
    camera->make[sizeof camera->make - 1] = 0;
    camera->model[sizeof camera->model - 1] = 0;
    camera->serial[sizeof camera->serial - 1] = 0;
    camera->cfa[sizeof camera->cfa - 1] = 0;
}

static bool is_cfa(const hp_cfa *cfa, const char *name)
{
    if (!hp_cfa_has_period(cfa))
        return false;
    char expected[sizeof((hp_camera *)0)->cfa];
    hp_cfa_name(cfa, expected, sizeof expected);
    return hp_text_is_word(expected) && strcmp(expected, name) == 0;
}

/* Also rules out what is not a number. */
static bool is_between(double value, double least, double most)
{
    return value >= least && value <= most;
}

static bool has_shape(const hp_photo_info *info)
{
    const hp_camera *camera = &info->camera;
    return camera->source > HP_SOURCE_UNKNOWN && camera->source <= HP_SOURCE_HEIC && camera->bits >= 1 &&
           camera->bits <= MOST_BITS && (info->channels == 1 || info->channels == 3) && is_cfa(&info->cfa, camera->cfa);
}

static bool has_values(const hp_photo_info *info)
{
    return info->frame >= HP_FRAME_LIGHT && info->frame <= HP_FRAME_FLAT && info->scale.shift <= MOST_SHIFT &&
           isfinite(info->scale.low) && isfinite(info->scale.high) && is_between(info->exposure_s, 0, 1e9) &&
           is_between(info->gain, 0, 1e9) && info->taken_s >= 0 && info->taken_s <= end_of_9999_s;
}

int hp_photo_info_check(hp_photo_info *info, hp_error *err)
{
    end_texts(&info->camera);
    info->editor[sizeof info->editor - 1] = 0;
    if (!has_shape(info) || !has_values(info))
        return hp_fail(err, HP_E_INPUT, "has metadata that cannot be");
    return hp_format_check_size(info, err);
}
