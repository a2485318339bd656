#include "base/skips.h"

#include "base/error.h"
#include "base/memory.h"

#include <stdlib.h>
#include <string.h>

int hp_skips_add(hp_skips *skips, const char *path, const char *reason, bool harmless, hp_error *err)
{
    if (hp_grow((void **)&skips->items, &skips->capacity, skips->count + 1, sizeof *skips->items, err))
        return HP_E_MEMORY;
    hp_skipped *added = &skips->items[skips->count];
    added->harmless = harmless;
    added->earlier = added->others = added->unfit = added->shared = false;
    added->path = hp_strdup(path, err);
    added->reason = hp_strdup(reason, err);
    if (!added->path || !added->reason) {
        free(added->path);
        free(added->reason);
        return HP_E_MEMORY;
    }
    skips->count++;
    return HP_OK;
}

static int compare(const void *a, const void *b)
{
    const hp_skipped *first = a, *second = b;
    int order = strcmp(first->path, second->path);
    return order ? order : strcmp(first->reason, second->reason);
}

void hp_skips_sort(hp_skips *skips)
{
    if (skips->count)
        qsort(skips->items, skips->count, sizeof *skips->items, compare);
}

int hp_skips_no_photo(const hp_skipped *first, size_t count, hp_error *err)
{
    char name[256];
    if (count == 0)
        return hp_fail(err, HP_E_NO_PHOTO,
                       "no photo was found: what was given holds no JPEG, RAW, TIFF, PNG, FITS or HEIC "
                       "(hidden folders and links to folders are not walked)");
    hp_printable(first->path, name, sizeof name);
    if (count == 1)
        return hp_fail(err, HP_E_NO_PHOTO, "the only file could not be used: %s: %.500s", name, first->reason);
    return hp_fail(err, HP_E_NO_PHOTO, "none of %zu files could be used; the first, %s: %.500s", count, name,
                   first->reason);
}

void hp_skipped_free(hp_skipped *items, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        free(items[i].path);
        free(items[i].reason);
    }
    free(items);
}
