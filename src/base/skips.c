#include "base/skips.h"

#include "base/memory.h"

#include <stdlib.h>
#include <string.h>

int hp_skips_add(hp_skips *skips, const char *path, const char *reason, bool harmless, hp_error *err)
{
    if (hp_grow((void **)&skips->items, &skips->capacity, skips->count + 1, sizeof *skips->items, err))
        return HP_E_MEMORY;
    hp_skipped *added = &skips->items[skips->count];
    added->harmless = harmless;
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

static int compare_paths(const void *a, const void *b)
{
    return strcmp(((const hp_skipped *)a)->path, ((const hp_skipped *)b)->path);
}

void hp_skips_sort(hp_skips *skips)
{
    if (skips->count)
        qsort(skips->items, skips->count, sizeof *skips->items, compare_paths);
}

void hp_skipped_free(hp_skipped *items, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        free(items[i].path);
        free(items[i].reason);
    }
    free(items);
}
