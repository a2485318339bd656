/* The files that a list of arguments names. */
#ifndef HP_PHOTO_PATHS_H
#define HP_PHOTO_PATHS_H

#include "base/skips.h"
#include "base/team.h"

typedef struct hp_path {
    char *path;
    bool named;   /* by the user; false: met in a folder */
    size_t below; /* where in path begins what stands below the folder named by the user, or the file's own name */
} hp_path;

typedef struct hp_paths {
    hp_path *items;
    size_t count;
    size_t capacity;
} hp_paths;

/*
 * Files as they are; folders walked, without hidden entries and without following links to folders; patterns expanded
 * when no such file exists. Ordered bytewise, each once. What cannot be opened goes to skips. Fails with HP_E_MEMORY.
 */
int hp_paths_collect(const char *const *arguments, size_t count, hp_paths *paths, hp_skips *skips, hp_error *err);

/* Gives the leader's paths to all of a team; NULL: nothing to do. Fails with HP_E_MEMORY. */
int hp_paths_share(hp_paths *paths, const hp_team *team, hp_error *err);
void hp_paths_free(hp_paths *paths);

#endif
