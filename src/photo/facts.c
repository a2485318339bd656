#include "base/error.h"
#include "base/file.h"
#include "photo/source.h"

static int read_set(const char *path, hp_isolation *isolation, hp_photo_set *set, hp_error *err)
{
    hp_pool *pool = NULL;
    int code = hp_pool_create(1, &pool, err);
    if (code)
        return code;
    hp_pool_isolate(pool, isolation, NULL);
    code = hp_photo_set_open(&path, 1, pool, NULL, set, err);
    hp_pool_free(&pool);
    return code;
}

static int fail_many(const char *path, const hp_photo_set *set, hp_error *err)
{
    if (set->count == 0 && set->skips.count == 1)
        hp_fail(err, HP_E_INPUT, "%.500s", set->skips.items[0].reason);
    else if (hp_is_folder(path))
        hp_fail(err, HP_E_INPUT, "is a folder, where one file is meant");
    else
        hp_fail(err, HP_E_INPUT, "is a pattern of %zu photos, where one file is meant", set->count);
    return hp_fail_in(err, HP_E_INPUT, path);
}

int hp_photo_read_facts(const char *path, hp_isolation *isolation, hp_photo_facts *facts, hp_error *err)
{
    hp_photo_set set = {0};
    int code = read_set(path, isolation, &set, err);
    if (!code && set.count != 1)
        code = fail_many(path, &set, err);
    if (!code) {
        const hp_photo *photo = &set.photos[0];
        *facts = (hp_photo_facts){
            .camera = photo->info.camera,
            .channels = photo->info.channels,
            .exposure_s = photo->info.exposure_s,
            .iso = photo->info.gain * 100,
            .taken_s = photo->info.taken_s,
            .file_size = photo->file_size,
        };
    }
    hp_photo_set_free(&set);
    return code;
}
