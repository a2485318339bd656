#define _XOPEN_SOURCE 700 /* realpath */
#include "repair/fix.h"

#include "base/error.h"
#include "base/file.h"
#include "base/memory.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static int fail_errno(const char *what, hp_error *err)
{
    return hp_fail(err, HP_E_IO, "%s: %s", what, strerror(errno));
}

static char *join(const char *a, const char *between, const char *b, hp_error *err)
{
    size_t size = strlen(a) + strlen(between) + strlen(b) + 1;
    char *out = hp_calloc(size, 1, err);
    if (out)
        snprintf(out, size, "%s%s%s", a, between, b);
    return out;
}

static bool is_same_file(const char *a, const char *b)
{
    struct stat one, other;
    return !stat(a, &one) && !stat(b, &other) && hp_is_same_file(&one, &other);
}

/* Those of a path that begin behind `from`, which others may be making too. */
static int make_folders(char *path, size_t from, hp_error *err)
{
    for (char *slash = strchr(path + from, '/'); slash; slash = strchr(slash + 1, '/')) {
        *slash = 0;
        int failed = mkdir(path, 0777) && errno != EEXIST;
        *slash = '/';
        if (failed)
            return fail_errno("the folder of its copy cannot be made", err);
    }
    return HP_OK;
}

static bool is_in(const char *path, const char *folder)
{
    size_t length = strlen(folder);
    return path && !strncmp(path, folder, length) && (!path[length] || path[length] == '/');
}

/* A copy that an earlier run left in its folder, which stands among the photos. */
static bool is_copy(const char *photo, size_t below, const char *folder)
{
    char *root = join(below ? photo : ".", "", "", NULL);
    if (root && below)
        root[below] = 0;
    char *real_root = root ? realpath(root, NULL) : NULL;
    char *real_photo = realpath(photo, NULL);
    char *real_folder = realpath(folder, NULL);
    bool copy = real_root && real_folder && is_in(real_photo, real_folder) && !is_in(real_root, real_folder);
    free(root);
    free(real_root);
    free(real_photo);
    free(real_folder);
    return copy;
}

/* In place a link stays one: what it points to is replaced. */
int hp_fix_target(const char *photo, size_t below, const hp_fix_options *options, char **target, hp_error *err)
{
    if (!options->folder) {
        *target = realpath(photo, NULL);
        return *target ? HP_OK : fail_errno("cannot be found", err);
    }
    *target = join(options->folder, "/", photo + below, err);
    if (!*target)
        return HP_E_MEMORY;
    if (is_same_file(photo, *target))
        return hp_fail(err, HP_E_ARGUMENT, "its copy would replace it; --in-place does that, and keeps it");
    if (is_copy(photo, below, options->folder))
        return hp_fail(err, HP_E_ARGUMENT, "stands in the folder of the copies");
    return make_folders(*target, strlen(options->folder) + 1, err);
}

typedef struct real_path {
    char *path;
    size_t index;
} real_path;

static int compare_paths(const void *a, const void *b)
{
    const real_path *one = a, *other = b;
    int by = strcmp(one->path, other->path);
    return by ? by : (one->index > other->index) - (one->index < other->index);
}

/* One that is not there any more is none: its repair tells. */
int hp_fix_find_again(const hp_photo_set *set, bool *again, hp_error *err)
{
    size_t count = 0;
    real_path *paths = hp_calloc(set->count + 1, sizeof *paths, err);
    if (!paths)
        return HP_E_MEMORY;
    for (size_t i = 0; i < set->count; i++) {
        paths[count] = (real_path){realpath(set->photos[i].path, NULL), i};
        count += paths[count].path != NULL;
    }
    qsort(paths, count, sizeof *paths, compare_paths);
    for (size_t i = 1; i < count; i++)
        again[paths[i].index] = strcmp(paths[i - 1].path, paths[i].path) == 0;
    for (size_t i = 0; i < count; i++)
        free(paths[i].path);
    free(paths);
    return HP_OK;
}

static int fail_on_copy(const hp_output *output, const char *what, hp_error *err)
{
    fail_errno(what, err);
    return hp_fail_in(err, HP_E_IO, output->target);
}

/*
 * As far as that is allowed: who repairs the photos of others, as root does, leaves them theirs. Before the
 * permissions, as it takes bits of these away.
 */
static void give_owner(int fd, const struct stat *photo)
{
    struct stat status;
    bool known = !fstat(fd, &status);
    if (known && (status.st_uid != photo->st_uid || status.st_gid != photo->st_gid) &&
        fchown(fd, photo->st_uid, photo->st_gid) && fchown(fd, (uid_t)-1, photo->st_gid))
        errno = 0; /* it stays who made it */
}

/* Once nothing more is written: writing would set the time again. */
int hp_fix_dress(hp_output *output, const char *photo, const char *start, const hp_fix_options *options, hp_error *err)
{
    struct stat status, begun;
    int fd = fileno(output->stream);
    if (fflush(output->stream) || ferror(output->stream)) /* now, while errno is that of writing */
        return fail_on_copy(output, "cannot be written", err);
    if (stat(photo, &status) || stat(start, &begun))
        return fail_errno("cannot be examined", err);
    if (!options->folder)
        give_owner(fd, &status);
    if (!options->folder && fchmod(fd, status.st_mode & 07777))
        return fail_on_copy(output, "cannot be given its permissions", err);
    const struct timespec times[2] = {begun.st_atim, begun.st_mtim};
    if (options->keep_time && futimens(fd, times))
        return fail_on_copy(output, "cannot be given its time", err);
    return HP_OK;
}
