/*
 * dump_plane [-c] FILE [OUT]: what a photo is, a line a value, and its samples raw into OUT (native order, without
 * padding); -c: all channels. Ends with 1 and the reason where the photo is refused.
 */
#include "base/error.h"
#include "photo/source.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void show(const hp_photo *photo, const hp_plane *plane)
{
    const hp_photo_info *info = &photo->info;
    const hp_camera *camera = &info->camera;
    printf("format %s\nmake %s\nmodel %s\nserial %s\nsize %u x %u\nchannels %u\nbits %u\ncfa %s\n", photo->format->name,
           camera->make, camera->model, camera->serial, camera->width, camera->height, plane->channels, camera->bits,
           camera->cfa);
    printf("exposure_s %.6g\ngain %.6g\ntaken_s %lld\nblack", info->exposure_s, info->gain, (long long)info->taken_s);
    for (int i = 0; i < info->cfa.width * info->cfa.height; i++)
        printf(" %u", plane->black[i]);
    printf("\n");
}

static int write_samples(const hp_plane *plane, const char *path)
{
    FILE *out = fopen(path, "wb");
    if (!out)
        return 1;
    size_t row = (size_t)plane->width * plane->channels;
    for (uint32_t y = 0; y < plane->height; y++)
        fwrite(hp_plane_row(plane, y), plane->sample_bytes, row, out);
    return fclose(out);
}

static int dump(const hp_photo *photo, hp_view view, const char *out, hp_error *err)
{
    hp_file_buffer buffer = {0};
    hp_plane plane = {0};
    uint64_t size;
    int code = hp_file_read(photo->path, SIZE_MAX, &buffer, &size, err);
    if (!code)
        code = hp_plane_create(&photo->info, view, 3, &plane, err);
    if (!code)
        code = photo->format->decode((hp_bytes){buffer.data, buffer.size}, &photo->info, view, &plane, err);
    if (!code) {
        show(photo, &plane);
        if (out && write_samples(&plane, out))
            code = hp_fail(err, HP_E_IO, "cannot write %s", out);
    }
    hp_plane_free(&plane);
    hp_file_buffer_free(&buffer);
    return code;
}

int main(int argc, char **argv)
{
    hp_view view = argc > 1 && strcmp(argv[1], "-c") == 0 ? HP_VIEW_COLOUR : HP_VIEW_PLANE;
    char **arguments = argv + 1 + (view == HP_VIEW_COLOUR);
    hp_error err = {0};
    hp_pool *pool = NULL;
    hp_photo_set set = {0};
    if (!arguments[0] || hp_pool_create(1, &pool, &err) ||
        hp_photo_set_open((const char *const *)arguments, 1, pool, NULL, &set, &err))
        return 2;
    int code = 1;
    if (set.count == 1)
        code = dump(&set.photos[0], view, arguments[1], &err);
    if (code)
        printf("%s\n", set.skips.count ? set.skips.items[0].reason : err.message);
    hp_photo_set_free(&set);
    hp_pool_free(&pool);
    return code != 0;
}
