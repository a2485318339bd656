#include "base/error.h"
#include "photo/source.h"

int hp_camera_read(const char *photo, hp_isolation *isolation, hp_camera *camera, hp_error *err)
{
    hp_photo_set set = {0};
    hp_pool *pool = NULL;
    int code = hp_pool_create(1, &pool, err);
    if (!code)
        hp_pool_isolate(pool, isolation, NULL);
    if (!code)
        code = hp_photo_set_open(&photo, 1, pool, NULL, &set, err);
    hp_pool_free(&pool);
    if (code)
        return code;
    if (set.count == 1)
        *camera = set.photos[0].info.camera;
    else if (set.skips.count) {
        code = hp_fail(err, HP_E_INPUT, "%s", set.skips.items[0].reason);
        hp_fail_in(err, code, photo);
    } else {
        code = hp_fail(err, HP_E_ARGUMENT, "%zu photos where one is meant", set.count);
        hp_fail_in(err, code, photo);
    }
    hp_photo_set_free(&set);
    return code;
}
