#include "detect/unfit.h"

#include "defects/list.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void swap(hp_photo *a, hp_photo *b)
{
    hp_photo other = *a;
    *a = *b;
    *b = other;
}

size_t hp_unfit_set_last(hp_photo *photos, unsigned *marks, size_t count)
{
    size_t kept = 0;
    for (size_t i = 0; i < count; i++) {
        if (marks[i])
            continue;
        unsigned mark = marks[kept];
        swap(&photos[kept], &photos[i]);
        marks[kept++] = 0;
        if (i >= kept)
            marks[i] = mark;
    }
    return kept;
}

/* A photo turned by a program has its sides the other way round; that is no resizing. */
static bool is_resized(const hp_photo *photo)
{
    const hp_photo_info *info = &photo->info;
    uint32_t width = info->camera.width, height = info->camera.height;
    bool said = info->taken_width > 0 && info->taken_height > 0;
    bool same = (info->taken_width == width && info->taken_height == height) ||
                (info->taken_width == height && info->taken_height == width);
    return said && !same;
}

size_t hp_unfit_mark_resized(const hp_photo *photos, size_t count, unsigned *marks)
{
    size_t resized = 0;
    for (size_t i = 0; i < count; i++) {
        marks[i] = is_resized(&photos[i]);
        resized += marks[i];
    }
    if (2 * resized <= count)
        return count - resized;
    for (size_t i = 0; i < count; i++)
        marks[i] = 0;
    return count;
}

int hp_unfit_skip(const hp_photo *photo, const char *reason, bool others, hp_list *list, hp_error *err)
{
    hp_skips skips = {list->skipped, list->skipped_count, list->skipped_count};
    int code = hp_skips_add(&skips, photo->path, reason, true, err);
    if (!code) {
        skips.items[skips.count - 1].others = others;
        skips.items[skips.count - 1].unfit = !others;
    }
    hp_skips_sort(&skips);
    list->skipped = skips.items;
    list->skipped_count = skips.count;
    return code;
}

int hp_unfit_skip_resized(const hp_photo *photos, size_t count, hp_list *list, hp_error *err)
{
    int code = HP_OK;
    for (size_t i = 0; !code && i < count; i++) {
        char reason[120];
        snprintf(reason, sizeof reason, "was taken in %u x %u px and resized or cropped afterwards",
                 photos[i].info.taken_width, photos[i].info.taken_height);
        code = hp_unfit_skip(&photos[i], reason, false, list, err);
    }
    return code;
}

static int compare_to_skipped(const void *path, const void *skipped)
{
    return strcmp(path, ((const hp_skipped *)skipped)->path);
}

static bool is_skipped(const hp_list *list, const char *path)
{
    return list->skipped_count &&
           bsearch(path, list->skipped, list->skipped_count, sizeof *list->skipped, compare_to_skipped);
}

int hp_unfit_tell(const hp_photo *photos, size_t count, hp_list *list, hp_error *err)
{
    size_t used = 0, resized = 0, edited = 0, combined = 0;
    const hp_photo *one = NULL, *other = NULL;
    int code = HP_OK;
    for (size_t i = 0; i < count; i++) {
        if (is_skipped(list, photos[i].path))
            continue;
        used++;
        combined += photos[i].info.combined > 0;
        if (is_resized(&photos[i]) && ++resized == 1)
            one = &photos[i];
        if (photos[i].info.editor[0] && ++edited == 1)
            other = &photos[i];
    }
    if (one)
        code =
            hp_list_warn(list, err,
                         "%zu of %zu photos %s resized or cropped after being taken (%u x %u px, says EXIF): "
                         "bad pixels are smoothed then, or in other places in each photo",
                         resized, used, resized == 1 ? "was" : "were", one->info.taken_width, one->info.taken_height);
    char shown[sizeof other->info.editor * 4];
    if (!code && other)
        code = hp_list_warn(list, err,
                            "%zu of %zu photos %s saved by a program for editing (%s): bad pixels may have been "
                            "retouched, smoothed or moved",
                            edited, used, edited == 1 ? "was" : "were",
                            hp_printable(other->info.editor, shown, sizeof shown));
    if (!code && combined)
        code = hp_list_warn(list, err,
                            "%zu of %zu photos %s of many frames (masters, stacks), and each counts as one: "
                            "the frames themselves tell bad pixels better",
                            combined, used, combined == 1 ? "is a combination" : "are combinations");
    return code;
}
