/*
 * The repair of a photo of one format: TARGET is its name. What is repaired is a photo of the same size, whose samples
 * away from the listed pixels are as they were, and is the same when it is done again.
 */
#include "failing.h"
#include "repair/fix.h"
#include "repair/repair.h"

#include <stdio.h>
#include <string.h>

enum {
    MOST_PIXELS = 1 << 18, /* more only take time */
    PIXELS = 6,
    ROOM = 1 << 23,
    AWAY = 72, /* px that a listed pixel reaches in a JPEG: an MCU of 32x32, the footprint, smooth upsampling */
};

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* A few pixels that follow from the input, the corners among them. */
static bool make_list(const hp_photo_info *info, uint32_t seed, hp_list *list)
{
    hp_defect defects[PIXELS] = {0};
    const uint32_t width = info->camera.width, height = info->camera.height;
    for (int i = 0; i < PIXELS; i++, seed = seed * 1664525 + 1013904223) {
        uint32_t x = i == 0 ? 0 : i == 1 ? width - 1 : seed % width;
        uint32_t y = i == 0 ? 0 : i == 1 ? height - 1 : seed / width % height;
        defects[i] = (hp_defect){.x = x, .y = y, .box = {x, y, 1, 1}};
    }
    const hp_list source = {.camera = info->camera, .defects = defects, .defect_count = PIXELS};
    return hp_fix_pixels(&source, info, list, NULL) == HP_OK;
}

typedef struct copy {
    hp_repair repair;
    int code;
    uint8_t bytes[ROOM];
    size_t size;
} copy;

static void repair_into(copy *c, hp_bytes file, const hp_photo_info *info, const hp_list *list)
{
    hp_error err = {0};
    c->repair = (hp_repair){.file = file, .info = info, .list = list, .mask = true};
    c->code = hp_repair_copy(&c->repair, c->bytes, ROOM, &c->size, &err);
    if (c->code && (c->code != err.code || !err.message[0]))
        fuzz_wrong("a failure has its code and a message");
    if (!c->code && c->repair.repaired + c->repair.left != list->defect_count)
        fuzz_wrong("every pixel is repaired or right");
}

static bool is_away(const hp_list *list, uint32_t x, uint32_t y)
{
    uint32_t away = list->camera.source == HP_SOURCE_JPEG ? AWAY : 0;
    for (size_t i = 0; i < list->defect_count; i++) {
        const hp_box *b = &list->defects[i].box;
        if (x + away >= b->x && x < b->x + b->width + away && y + away >= b->y && y < b->y + b->height + away)
            return false;
    }
    return true;
}

static bool decode(hp_bytes file, const hp_photo_info *info, hp_view view, hp_plane *plane)
{
    return !hp_plane_create(info, view, 0, plane, NULL) && !fuzz_format(TARGET)->decode(file, info, view, plane, NULL);
}

static void compare(const hp_plane *a, const hp_plane *b, const hp_list *list)
{
    const size_t pixel = (size_t)a->channels * a->sample_bytes;
    for (uint32_t y = 0; y < a->height; y++) {
        const uint8_t *one = hp_plane_row(a, y), *other = hp_plane_row(b, y);
        for (uint32_t x = 0; x < a->width; x++)
            if (memcmp(one + x * pixel, other + x * pixel, pixel) != 0 && is_away(list, x, y))
                fuzz_wrong("what is not listed stays");
    }
}

/* What decodes is held against its copy; damage that is found only there was not there. */
static void check_samples(hp_bytes file, hp_bytes repaired, const hp_photo_info *info, const hp_list *list)
{
    for (int view = HP_VIEW_PLANE; view <= HP_VIEW_COLOUR; view++) {
        hp_plane before = {0}, after = {0};
        if (decode(file, info, (hp_view)view, &before)) {
            if (!decode(repaired, info, (hp_view)view, &after))
                fuzz_wrong("the copy of a good photo is good");
            compare(&before, &after, list);
        }
        hp_plane_free(&before);
        hp_plane_free(&after);
    }
}

static void check(hp_bytes file, const copy *c, const hp_photo_info *info, const hp_list *list)
{
    hp_photo_info again = {0};
    const hp_bytes repaired = {c->bytes, c->size};
    if (c->size == 0)
        fuzz_wrong("what was repaired is written");
    if (!fuzz_format(TARGET)->probe(repaired) || fuzz_format(TARGET)->read_info(repaired, repaired.size, &again, NULL))
        fuzz_wrong("the copy is a photo of the same format");
    if (again.camera.width != info->camera.width || again.camera.height != info->camera.height ||
        again.channels != info->channels)
        fuzz_wrong("the copy is of the same size");
    if (!c->repair.by_opcode)
        check_samples(file, repaired, info, list);
}

/* Static: making them anew each time takes longer than all else. */
static copy one, two;

static bool attempt(const uint8_t *data, size_t size, bool starved)
{
    const hp_bytes file = {data, size};
    hp_photo_info info = {0};
    hp_list list = {0};
    if (!fuzz_format(TARGET)->probe(file) || fuzz_format(TARGET)->read_info(file, size, &info, NULL) ||
        (uint64_t)info.camera.width * info.camera.height > MOST_PIXELS ||
        !make_list(&info, (uint32_t)(size * 2654435761U) ^ data[size / 2], &list))
        return false;
    repair_into(&one, file, &info, &list);
    if (!starved && !one.code && one.repair.repaired)
        check(file, &one, &info, &list);
    bool accepted = one.code == HP_OK && one.repair.repaired > 0;
    if (!starved) {
        repair_into(&two, file, &info, &list);
        if (one.code != two.code || one.size != two.size || (one.size && memcmp(one.bytes, two.bytes, one.size) != 0))
            fuzz_wrong("repairing twice gives the same bytes");
    }
    hp_list_clear(&list);
    return accepted;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    fuzz_with_failing_memory(attempt, data, size);
    return 0;
}
