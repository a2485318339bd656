#include "base/error.h"
#include "photo/source.h"

int hp_photo_read_facts(const char *path, hp_isolation *isolation, hp_photo_facts *facts, hp_error *err)
{
    hp_photo_set set = {0};
    hp_pool *pool = NULL;
    int code = hp_pool_create(1, &pool, err);
    if (!code)
        hp_pool_isolate(pool, isolation, NULL);
    if (!code)
        code = hp_photo_set_open(&path, 1, pool, NULL, &set, err);
    hp_pool_free(&pool);
    if (code)
        return code;
    if (set.count == 1) {
        const hp_photo *photo = &set.photos[0];
        *facts = (hp_photo_facts){
            .camera = photo->info.camera,
            .channels = photo->info.channels,
            .exposure_s = photo->info.exposure_s,
            .iso = photo->info.gain * 100,
            .taken_s = photo->info.taken_s,
            .file_size = photo->file_size,
        };
    } else {
        hp_fail(err, HP_E_INPUT, "%.500s",
                set.skips.count ? set.skips.items[0].reason : "is a folder or a pattern, not one photo");
        code = hp_fail_in(err, HP_E_INPUT, path);
    }
    hp_photo_set_free(&set);
    return code;
}
