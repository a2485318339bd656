#include "shot.h"

#include "random.h"

#include <math.h>
#include <string.h>

static const char *const SCENE_NAMES[] = {"auto", "leaves", "gradient", "sky", "fixed", "dark", "photos"};

const char *cs_scene_name(cs_scene_kind kind)
{
    return SCENE_NAMES[kind];
}

int cs_scene_find(const char *name, cs_scene_kind *kind)
{
    for (int i = CS_SCENE_AUTO; i <= CS_SCENE_DARK; i++)
        if (strcmp(name, SCENE_NAMES[i]) == 0) {
            *kind = (cs_scene_kind)i;
            return 0;
        }
    return -1;
}

/* Log-uniform in three classes: 82 % by day, 13 % indoors, 5 % from a tripod. Written as cameras write
 * it: 1/n s when short, tenths when long. */
static void choose_exposure(cs_shot *shot, cs_random *random)
{
    static const int isos[] = {100, 125, 160, 200, 250, 320, 400, 500, 640, 800, 1000, 1250, 1600};
    double class = cs_random_unit(random);
    double low = class < 0.82 ? 1.0 / 1024 : class < 0.95 ? 1.0 / 64 : 0.25;
    double high = class < 0.82 ? 1.0 / 32 : class < 0.95 ? 0.25 : 8.0;
    double exposure_s = cs_random_log_between(random, low, high);
    if (exposure_s < 0.25) {
        shot->exposure_num = 1;
        shot->exposure_den = (uint32_t)lrint(1.0 / exposure_s);
    } else {
        shot->exposure_num = (uint32_t)lrint(10.0 * exposure_s);
        shot->exposure_den = 10;
    }
    shot->iso = isos[cs_random_below(random, (int)(sizeof isos / sizeof isos[0]))];
}

/* How far the light meter is off: EV sd 0.4, 6 % one stop over, 4 % 1.3 stops under. A tripod series in
 * steady light varies less. */
static float choose_brightness(const cs_series *series, cs_random *random)
{
    double ev = (series->scene == CS_SCENE_FIXED ? 0.1 : 0.4) * cs_random_normal(random);
    double mistake = cs_random_unit(random);
    if (series->scene != CS_SCENE_FIXED)
        ev += mistake < 0.06 ? 1.0 : mistake < 0.10 ? -1.3 : 0.0;
    return (float)exp2(ev);
}

static cs_scene_kind choose_scene(cs_scene_kind wanted, cs_random *random)
{
    double share = cs_random_unit(random);
    if (wanted == CS_SCENE_FIXED)
        return CS_SCENE_LEAVES;
    if (wanted != CS_SCENE_AUTO)
        return wanted;
    return share < 0.66 ? CS_SCENE_LEAVES : share < 0.92 ? CS_SCENE_SKY : CS_SCENE_GRADIENT;
}

cs_shot cs_shot_plan(const cs_series *series, int index)
{
    cs_shot shot = {.index = index, .time_s = cs_series_time(series, index)};
    cs_random random = cs_random_start(series->seed, (uint64_t)index, CS_FOR_SHOT);
    choose_exposure(&shot, &random);
    shot.brightness = choose_brightness(series, &random);

    /* What the camera looks at and how it stands does not change on a tripod. */
    shot.scene_index = series->scene == CS_SCENE_FIXED ? 0 : (uint64_t)index;
    cs_random attitude = cs_random_start(series->seed, shot.scene_index, CS_FOR_SHOT);
    attitude.count = 1000;
    shot.blur_sigma = (float)cs_random_between(&attitude, 0.6, 1.1);
    shot.scene = choose_scene(series->scene, &attitude);
    int is_portrait = cs_random_unit(&attitude) < series->portrait_share;
    int turned = cs_random_unit(&attitude) < 0.5 ? 6 : 8;
    shot.orientation = series->orientation ? series->orientation : is_portrait ? turned : 1;
    return shot;
}
