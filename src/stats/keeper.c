#define _GNU_SOURCE /* flock, sync_file_range */
#include "stats/keeper.h"

#include "base/clock.h"
#include "base/error.h"
#include "base/file.h"
#include "base/memory.h"
#include "stats/state_names.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

enum {
    SAVING_SHARE = 10, /* a checkpoint may take one part in so many of the time */
    MOST_LINKS = 40,   /* that lead from one to the next; more lead in a circle */
};

static int fail_on(const hp_keeper *keeper, const char *what, hp_error *err)
{
    hp_fail(err, HP_E_IO, "%s: %s", what, strerror(errno));
    return hp_fail_in(err, HP_E_IO, keeper->path);
}

/* Where a link leads, from where it stands. */
static char *target_of(const char *link, hp_error *err)
{
    char target[PATH_MAX];
    ssize_t length = readlink(link, target, sizeof target - 1);
    if (length <= 0)
        return hp_strdup(link, err);
    target[length] = 0;
    const char *slash = target[0] == '/' ? NULL : strrchr(link, '/');
    size_t folder = slash ? (size_t)(slash - link) + 1 : 0, size = folder + (size_t)length + 1;
    char *path = hp_calloc(size, 1, err);
    if (path)
        snprintf(path, size, "%.*s%s", (int)folder, link, target);
    return path;
}

/* The file behind a link is made or replaced, not the link. */
static char *follow_links(const char *path, hp_error *err)
{
    struct stat status;
    char *file = hp_strdup(path, err);
    for (int i = 0; file && i < MOST_LINKS && lstat(file, &status) == 0 && S_ISLNK(status.st_mode); i++) {
        char *next = target_of(file, err);
        free(file);
        file = next;
    }
    return file;
}

/*
 * The name of a lock file is removed by the one that holds its lock. Who opened it before that holds a lock on a file
 * without a name: it must look again.
 */
static int lock_once(hp_keeper *keeper, bool *again, hp_error *err)
{
    struct stat held, named;
    *again = false;
    keeper->lock = open(keeper->lock_path, O_RDWR | O_CREAT | O_CLOEXEC, 0666);
    if (keeper->lock < 0 && errno == EACCES) /* of another user, whose run was killed: a lock need not be written to */
        keeper->lock = open(keeper->lock_path, O_RDONLY | O_CLOEXEC);
    if (keeper->lock < 0)
        return fail_on(keeper, "its lock file cannot be made in its folder", err);
    if (flock(keeper->lock, LOCK_EX | LOCK_NB)) {
        if (errno != EWOULDBLOCK)
            return fail_on(keeper, "cannot be locked", err);
        hp_fail(err, HP_E_IO, "is being worked on by another hotpix");
        return hp_fail_in(err, HP_E_IO, keeper->path);
    }
    *again = fstat(keeper->lock, &held) || stat(keeper->lock_path, &named) || !hp_is_same_file(&held, &named);
    if (*again) {
        close(keeper->lock);
        keeper->lock = -1;
    }
    return HP_OK;
}

/* Of a state that is to be made. */
static int check_new(const hp_keeper *keeper, hp_error *err)
{
    char shown[512];
    const char *path = keeper->path, *slash = strrchr(path, '/');
    char *folder = slash ? strndup(path, (size_t)(slash - path) + 1) : NULL; /* with its '/', so that it is one */
    bool missing = folder && access(folder, F_OK) && (errno == ENOENT || errno == ENOTDIR);
    free(folder);
    if (slash && !slash[1])
        hp_fail(err, HP_E_IO, "is a folder's name, and there is no such folder; name a state in one, as %sall.fits",
                hp_printable(path, shown, sizeof shown));
    else if (missing)
        hp_fail(err, HP_E_IO, "cannot be made: its folder is not there");
    else
        return hp_state_check_name(path, err);
    return hp_fail_in(err, HP_E_IO, path);
}

static int check_target(const hp_keeper *keeper, hp_error *err)
{
    struct stat status;
    if (stat(keeper->path, &status))
        return errno == ENOENT ? check_new(keeper, err) : fail_on(keeper, "cannot be examined", err);
    if (S_ISREG(status.st_mode))
        return HP_OK;
    hp_fail(err, HP_E_IO,
            S_ISDIR(status.st_mode) ? "is a folder, not a state; name a state in it" : "is not a regular file");
    return hp_fail_in(err, HP_E_IO, keeper->path);
}

int hp_keeper_open(const char *path, double checkpoint_s, hp_keeper *keeper, hp_error *err)
{
    *keeper = (hp_keeper){.lock = -1, .new_file = -1, .interval_s = checkpoint_s};
    keeper->due_s = hp_now_s() + checkpoint_s;
    keeper->path = follow_links(path, err);
    keeper->lock_path = keeper->path ? hp_name_beside(keeper->path, ".lock", err) : NULL;
    keeper->new_path = keeper->lock_path ? hp_name_beside(keeper->path, ".unfinished", err) : NULL;
    if (!keeper->new_path)
        return HP_E_MEMORY;
    int code = check_target(keeper, err);
    for (bool again = true; !code && again;)
        code = lock_once(keeper, &again, err);
    if (code && keeper->lock >= 0) { /* not ours: its name must stay */
        close(keeper->lock);
        keeper->lock = -1;
    }
    return code;
}

bool hp_keeper_exists(const hp_keeper *keeper)
{
    return access(keeper->path, F_OK) == 0;
}

/* The album of a file is in order. */
int hp_keeper_begin(hp_keeper *keeper, const hp_kernels *kernels, unsigned threads, uint64_t most_bytes,
                    hp_strings *paths, hp_error *err)
{
    *paths = (hp_strings){0};
    if (!hp_keeper_exists(keeper))
        return HP_OK;
    int code = hp_early_open(keeper->path, &keeper->early, err);
    if (code)
        return code;
    const hp_state_file *file = &keeper->early->file;
    for (size_t i = 0; !code && i < file->album.count; i++)
        code = hp_strings_add(paths, file->album.items[i].path, err);
    if (!code && file->kind->bytes(&file->shape) <= most_bytes)
        code = hp_early_begin(keeper->early, kernels, threads, err);
    return code;
}

bool hp_keeper_is_due(const hp_keeper *keeper)
{
    return keeper->interval_s >= 0 && hp_now_s() >= keeper->due_s;
}

/* As the state before it; a new one as any file. */
static void set_mode(const hp_keeper *keeper)
{
    struct stat status;
    if (stat(keeper->path, &status) == 0)
        (void)fchmod(keeper->new_file, status.st_mode & 07777);
}

/* What was written in part must not be put in place by a later commit. */
static void give_up(hp_keeper *keeper)
{
    if (keeper->new_file < 0)
        return;
    close(keeper->new_file);
    unlink(keeper->new_path);
    keeper->new_file = -1;
}

/* A file of its own: what a killed run left there may be one that only may be read, and what somebody else put there a
 * link to another. */
static int open_new(const char *path)
{
    (void)unlink(path);
    return open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
}

int hp_keeper_write(hp_keeper *keeper, hp_state *state, hp_fill_piece *fill, void *context, hp_pool *pool,
                    hp_error *err)
{
    double began_s = hp_now_s();
    give_up(keeper);
    keeper->new_file = open_new(keeper->new_path);
    if (keeper->new_file < 0)
        return fail_on(keeper, "cannot be written", err);
    set_mode(keeper);
    hp_album_sort(&state->album);
    int code = hp_state_write(state, fill, context, pool, keeper->new_file, err);
    if (code) {
        give_up(keeper);
        return hp_fail_in(err, code, keeper->path);
    }
#ifdef SYNC_FILE_RANGE_WRITE
    (void)sync_file_range(keeper->new_file, 0, 0, SYNC_FILE_RANGE_WRITE);
#endif
    double end_s = hp_now_s(), least_s = SAVING_SHARE * (end_s - began_s);
    keeper->due_s = end_s + (keeper->interval_s > least_s ? keeper->interval_s : least_s);
    return HP_OK;
}

int hp_keeper_commit(hp_keeper *keeper, hp_error *err)
{
    if (keeper->new_file < 0)
        return HP_OK;
    int code = HP_OK;
    if (fsync(keeper->new_file))
        code = fail_on(keeper, "cannot be written", err);
    if (close(keeper->new_file) && !code)
        code = fail_on(keeper, "cannot be written", err);
    keeper->new_file = -1;
    if (!code && rename(keeper->new_path, keeper->path))
        code = fail_on(keeper, "cannot be put in place", err);
    if (code)
        unlink(keeper->new_path);
    else
        hp_sync_folder_of(keeper->path);
    return code;
}

void hp_keeper_close(hp_keeper *keeper)
{
    give_up(keeper);
    if (keeper->lock >= 0) {
        unlink(keeper->lock_path);
        close(keeper->lock);
    }
    hp_early_close(&keeper->early);
    free(keeper->path);
    free(keeper->lock_path);
    free(keeper->new_path);
    *keeper = (hp_keeper){.lock = -1, .new_file = -1};
}
