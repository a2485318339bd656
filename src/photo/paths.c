#include "photo/paths.h"

#include "base/error.h"
#include "base/memory.h"
#include "base/text.h"

#include <dirent.h>
#include <errno.h>
#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

static size_t own_name(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash ? (size_t)(slash - path) + 1 : 0;
}

static int add_path(hp_paths *paths, const char *path, bool named, size_t below, hp_error *err)
{
    if (hp_grow((void **)&paths->items, &paths->capacity, paths->count + 1, sizeof *paths->items, err))
        return HP_E_MEMORY;
    char *copy = hp_strdup(path, err);
    if (!copy)
        return HP_E_MEMORY;
    paths->items[paths->count++] = (hp_path){copy, named, below};
    return HP_OK;
}

static int skip_for_errno(hp_skips *skips, const char *path, hp_error *err)
{
    char reason[256];
    snprintf(reason, sizeof reason, errno == ENOENT ? "does not exist" : "cannot be opened: %s", strerror(errno));
    return hp_skips_add(skips, path, reason, false, err);
}

static size_t trimmed_length(const char *folder)
{
    size_t length = strlen(folder);
    while (length > 1 && folder[length - 1] == '/')
        length--;
    return length;
}

static char *join(const char *folder, const char *name, hp_error *err)
{
    size_t length = trimmed_length(folder);
    size_t size = length + strlen(name) + 2;
    char *path = hp_calloc(size, 1, err);
    if (path)
        snprintf(path, size, "%.*s%s%s", (int)length, folder, folder[length - 1] == '/' ? "" : "/", name);
    return path;
}

/* Sorts an entry into files and the folders still to be walked. Links to files count, links to folders may loop. */
static int add_entry(hp_strings *folders, const char *path, size_t below, hp_paths *paths, hp_skips *skips,
                     hp_error *err)
{
    struct stat link, target;
    if (lstat(path, &link) || stat(path, &target)) /* gone since, or a dangling link: not a photo */
        return errno == ENOENT || errno == ELOOP ? HP_OK : skip_for_errno(skips, path, err);
    if (S_ISDIR(link.st_mode))
        return hp_strings_add(folders, path, err);
    return S_ISREG(target.st_mode) ? add_path(paths, path, false, below, err) : HP_OK;
}

static int list_folder(hp_strings *folders, const char *folder, size_t below, hp_paths *paths, hp_skips *skips,
                       hp_error *err)
{
    DIR *open_folder = opendir(folder);
    if (!open_folder)
        return skip_for_errno(skips, folder, err);
    int code = HP_OK;
    errno = 0;
    for (struct dirent *entry; !code && (entry = readdir(open_folder)); errno = 0) {
        if (entry->d_name[0] == '.')
            continue;
        char *path = join(folder, entry->d_name, err);
        code = path ? add_entry(folders, path, below, paths, skips, err) : HP_E_MEMORY;
        free(path);
    }
    if (!code && errno)
        code = skip_for_errno(skips, folder, err);
    closedir(open_folder);
    return code;
}

/* A list of folders instead of recursion: no depth of nesting exhausts the stack or the file handles. */
static int walk(const char *folder, hp_paths *paths, hp_skips *skips, hp_error *err)
{
    hp_strings folders = {0};
    size_t length = trimmed_length(folder), below = folder[length - 1] == '/' ? length : length + 1;
    int code = hp_strings_add(&folders, folder, err);
    for (size_t i = 0; !code && i < folders.count; i++)
        code = list_folder(&folders, folders.items[i], below, paths, skips, err);
    hp_strings_free(&folders);
    return code;
}

static int add_existing(const char *path, hp_paths *paths, hp_skips *skips, hp_error *err)
{
    struct stat status;
    if (stat(path, &status))
        return skip_for_errno(skips, path, err);
    return S_ISDIR(status.st_mode) ? walk(path, paths, skips, err) : add_path(paths, path, true, own_name(path), err);
}

static int add_pattern(const char *pattern, hp_paths *paths, hp_skips *skips, hp_error *err)
{
    glob_t found;
    int failed = glob(pattern, GLOB_NOSORT, NULL, &found);
    if (failed == GLOB_NOSPACE)
        return hp_fail(err, HP_E_MEMORY, "no memory to expand a pattern");
    if (failed) {
        bool is_pattern = strpbrk(pattern, "*?[") != NULL;
        return hp_skips_add(skips, pattern, is_pattern ? "matches no file" : "does not exist", false, err);
    }
    int code = HP_OK;
    for (size_t i = 0; !code && i < found.gl_pathc; i++)
        code = add_existing(found.gl_pathv[i], paths, skips, err);
    globfree(&found);
    return code;
}

static int compare(const void *a, const void *b)
{
    const hp_path *first = a, *second = b;
    int order = strcmp(first->path, second->path);
    order = order ? order : (int)second->named - (int)first->named;
    return order ? order : (first->below > second->below) - (first->below < second->below);
}

static void sort_unique(hp_paths *paths)
{
    if (paths->count == 0)
        return;
    qsort(paths->items, paths->count, sizeof *paths->items, compare);
    size_t kept = 1;
    for (size_t i = 1; i < paths->count; i++) {
        if (strcmp(paths->items[i].path, paths->items[kept - 1].path) == 0)
            free(paths->items[i].path);
        else
            paths->items[kept++] = paths->items[i];
    }
    paths->count = kept;
}

int hp_paths_collect(const char *const *arguments, size_t count, hp_paths *paths, hp_skips *skips, hp_error *err)
{
    int code = HP_OK;
    for (size_t i = 0; !code && i < count; i++) {
        struct stat status;
        bool exists = lstat(arguments[i], &status) == 0 || errno != ENOENT;
        code = exists ? add_existing(arguments[i], paths, skips, err) : add_pattern(arguments[i], paths, skips, err);
    }
    sort_unique(paths);
    return code;
}

/* As told: a byte that tells whether the user named it, then the path with its 0. `below` is for repairs, no team's. */
static int pack(const hp_paths *paths, char **bytes, size_t *size, hp_error *err)
{
    *size = 0;
    for (size_t i = 0; i < paths->count; i++)
        *size += strlen(paths->items[i].path) + 2;
    char *at = *bytes = hp_calloc(*size, 1, err);
    if (!at)
        return HP_E_MEMORY;
    for (size_t i = 0; i < paths->count; i++) {
        size_t length = strlen(paths->items[i].path) + 1;
        *at++ = (char)paths->items[i].named;
        memcpy(at, paths->items[i].path, length);
        at += length;
    }
    return HP_OK;
}

static int unpack(hp_paths *paths, const char *bytes, size_t size, hp_error *err)
{
    int code = HP_OK;
    for (const char *at = bytes; !code && at < bytes + size; at += strlen(at + 1) + 2)
        code = add_path(paths, at + 1, *at, own_name(at + 1), err);
    return code;
}

int hp_paths_share(hp_paths *paths, const hp_team *team, hp_error *err)
{
    char *bytes = NULL;
    size_t size = 0;
    if (!team)
        return HP_OK;
    int code = hp_team_leads(team) ? pack(paths, &bytes, &size, err) : HP_OK;
    code = hp_team_agree(team, code, err);
    if (!code)
        code = hp_team_share(team, (void **)&bytes, &size, err);
    if (!code && !hp_team_leads(team))
        code = unpack(paths, bytes, size, err);
    free(bytes);
    return hp_team_agree(team, code, err);
}

void hp_paths_free(hp_paths *paths)
{
    for (size_t i = 0; i < paths->count; i++)
        free(paths->items[i].path);
    free(paths->items);
    *paths = (hp_paths){0};
}
