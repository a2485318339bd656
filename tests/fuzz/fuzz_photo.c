/* A photo of one format: TARGET is its name. What is said of it is possible, and decoding gives the same twice. */
#include "failing.h"

#include <string.h>

enum { MOST_PIXELS = 1 << 20 /* more only take time */ };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_failure(int code, const hp_error *err)
{
    if (code != err->code || !err->message[0])
        fuzz_wrong("a failure has its code and a message");
}

static void check_info(const hp_photo_info *info)
{
    const hp_camera *c = &info->camera;
    if (hp_format_check_size(info, NULL))
        fuzz_wrong("the size is one that can be worked on");
    if (c->bits < 1 || c->bits > 16 || (info->channels != 1 && info->channels != 3))
        fuzz_wrong("1 to 16 bits, 1 or 3 channels");
    if (info->cfa.width < 1 || info->cfa.height < 1 || info->cfa.width > HP_CFA_MOST || info->cfa.height > HP_CFA_MOST)
        fuzz_wrong("a CFA that has room");
    if (!memchr(c->make, 0, sizeof c->make) || !memchr(c->model, 0, sizeof c->model) ||
        !memchr(c->serial, 0, sizeof c->serial))
        fuzz_wrong("names end");
    if (!(info->exposure_s >= 0) || !(info->gain >= 0))
        fuzz_wrong("exposure and gain are numbers");
}

static void check_samples(const hp_plane *plane, unsigned bits)
{
    for (uint32_t y = 0; plane->sample_bytes == 2 && y < plane->height; y++) {
        const uint16_t *row = hp_plane_row(plane, y);
        for (size_t x = 0; x < (size_t)plane->width * plane->channels; x++)
            if (row[x] >> bits)
                fuzz_wrong("samples have no more bits than said");
    }
}

static bool same_samples(const hp_plane *a, const hp_plane *b)
{
    size_t bytes = (size_t)a->width * a->channels * a->sample_bytes;
    for (uint32_t y = 0; y < a->height; y++)
        if (memcmp(hp_plane_row(a, y), hp_plane_row(b, y), bytes) != 0)
            return false;
    return memcmp(a->black, b->black, sizeof a->black) == 0;
}

static bool decode(hp_bytes file, const hp_photo_info *info, hp_view view, hp_plane *plane)
{
    hp_error err = {0};
    if (hp_plane_create(info, view, 0, plane, &err))
        return false;
    int code = fuzz_format(TARGET)->decode(file, info, view, plane, &err);
    if (code)
        check_failure(code, &err);
    return code == HP_OK;
}

static void check_view(hp_bytes file, const hp_photo_info *info, hp_view view, bool starved)
{
    hp_plane one = {0}, two = {0};
    bool good = decode(file, info, view, &one), again = decode(file, info, view, &two);
    if (!starved && good != again)
        fuzz_wrong("decoding twice ends alike");
    if (good && again && !same_samples(&one, &two))
        fuzz_wrong("decoding twice gives the same samples");
    if (good)
        check_samples(&one, info->camera.bits);
    hp_plane_free(&one);
    hp_plane_free(&two);
}

static bool attempt(const uint8_t *data, size_t size, bool starved)
{
    hp_bytes file = {data, size};
    hp_photo_info info = {0};
    hp_error err = {0};
    if (!fuzz_format(TARGET)->probe(file))
        return false;
    if (!fuzz_format(TARGET)->info_needs_whole && size > 1) {
        hp_photo_info of_beginning = {0};
        hp_error ignored = {0};
        (void)fuzz_format(TARGET)->read_info((hp_bytes){data, size / 2}, size, &of_beginning, &ignored);
    }
    int code = fuzz_format(TARGET)->read_info(file, size, &info, &err);
    if (code) {
        check_failure(code, &err);
        return false;
    }
    check_info(&info);
    if ((uint64_t)info.camera.width * info.camera.height > MOST_PIXELS)
        return true;
    check_view(file, &info, HP_VIEW_PLANE, starved);
    check_view(file, &info, HP_VIEW_COLOUR, starved);
    return true;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    fuzz_with_failing_memory(attempt, data, size);
    return 0;
}
