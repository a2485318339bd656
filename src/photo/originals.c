#include "photo/originals.h"

#include "base/memory.h"

#include <stdlib.h>
#include <string.h>

static bool is_original(const hp_photo *photo)
{
    size_t length = strlen(photo->path), ending = strlen(HP_ORIGINAL);
    return length > ending && strcmp(photo->path + length - ending, HP_ORIGINAL) == 0;
}

/* An original without the end of its name, and any photo. */
static int compare_repaired(const void *original, const void *any)
{
    const hp_photo *first = original, *second = any;
    size_t length = strlen(first->path) - strlen(HP_ORIGINAL);
    int order = hp_photo_compare_cameras(first, second);
    order = order ? order : strncmp(first->path, second->path, length);
    return order ? order : -(second->path[length] != 0);
}

int hp_originals_keep_one(hp_photo_set *set, bool to_repair, hp_error *err)
{
    bool *out = hp_calloc(set->count, sizeof *out, err);
    if (!out)
        return HP_E_MEMORY;
    for (size_t i = 0; i < set->count; i++) {
        const hp_photo *original = &set->photos[i], *repaired = NULL;
        if (is_original(original))
            repaired = bsearch(original, set->photos, set->count, sizeof *original, compare_repaired);
        if (repaired)
            out[to_repair ? i : (size_t)(repaired - set->photos)] = true;
    }
    for (size_t i = 0; i < set->count; i++)
        if (out[i]) {
            free(set->photos[i].path);
            set->photos[i].path = NULL;
        }
    hp_photo_set_close_up(set);
    free(out);
    return HP_OK;
}
