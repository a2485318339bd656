#include "photo/originals.h"

#include "base/memory.h"

#include <stdlib.h>
#include <string.h>

static bool is_original(const hp_photo *photo)
{
    size_t length = strlen(photo->path), ending = strlen(HP_ORIGINAL);
    return length > ending && strcmp(photo->path + length - ending, HP_ORIGINAL) == 0;
}

static int compare_paths(const void *a, const void *b)
{
    const hp_photo *const *first = a, *const *second = b;
    return strcmp((*first)->path, (*second)->path);
}

/* An original without the end of its name, and any photo. */
static int compare_repaired(const void *original, const void *any)
{
    const hp_photo *first = original, *const *second = any;
    size_t length = strlen(first->path) - strlen(HP_ORIGINAL);
    int order = strncmp(first->path, (*second)->path, length);
    return order ? order : -((*second)->path[length] != 0);
}

/* A photo that was cropped since, or lost its camera's name, has an original all the same, which is not to be touched.
 */
static void choose(hp_photo_set *set, const hp_photo **by_path, size_t i, bool to_repair, bool *out)
{
    const hp_photo *original = &set->photos[i];
    if (!is_original(original))
        return;
    const hp_photo **found = bsearch(original, by_path, set->count, sizeof *by_path, compare_repaired);
    if (found && to_repair)
        out[i] = true;
    else if (found && hp_photo_same_camera(original, *found))
        out[*found - set->photos] = true;
}

int hp_originals_keep_one(hp_photo_set *set, bool to_repair, hp_error *err)
{
    bool *out = hp_calloc(set->count + 1, sizeof *out, err);
    const hp_photo **by_path = hp_calloc(set->count + 1, sizeof *by_path, err);
    bool room = out && by_path;
    for (size_t i = 0; room && i < set->count; i++)
        by_path[i] = &set->photos[i];
    if (room)
        qsort(by_path, set->count, sizeof *by_path, compare_paths);
    for (size_t i = 0; room && i < set->count; i++)
        choose(set, by_path, i, to_repair, out);
    for (size_t i = 0; room && i < set->count; i++)
        if (out[i]) {
            free(set->photos[i].path);
            set->photos[i].path = NULL;
        }
    if (room)
        hp_photo_set_close_up(set);
    free(out);
    free(by_path);
    return room ? HP_OK : HP_E_MEMORY;
}
