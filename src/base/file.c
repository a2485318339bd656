#include "base/file.h"

#include "base/error.h"
#include "base/memory.h"
#include "base/shared.h"
#include "base/text.h"
#include "base/xxh.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum {
    PART_BYTES = 1 << 17, /* of a file that is hashed and not kept: it stays in the cache of the CPU */
    STEM_BYTES = 240,     /* of a name, before the ending of another beside it: names have 255 at most */
    RANDOM_LETTERS = 6,
    TRIES = 100
};

static int read_into(int fd, size_t wanted, hp_file_buffer *buffer, hp_error *err)
{
    buffer->size = 0;
    while (buffer->size < wanted) {
        ssize_t got = read(fd, buffer->data + buffer->size, wanted - buffer->size);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return hp_fail(err, HP_E_IO, "cannot be read: %s", strerror(errno));
        if (got == 0)
            return hp_fail(err, HP_E_IO, "ended at byte %zu of %zu while being read", buffer->size, wanted);
        buffer->size += (size_t)got;
    }
    return HP_OK;
}

/* Shared memory does not grow in place; what was in it is not needed any more. */
static int make_room(hp_file_buffer *buffer, size_t wanted, hp_error *err)
{
    if (!buffer->shares)
        return hp_grow((void **)&buffer->data, &buffer->capacity, wanted, 1, err);
    if (wanted <= buffer->capacity)
        return HP_OK;
    size_t more = wanted < SIZE_MAX - wanted / 8 ? wanted + wanted / 8 : wanted;
    hp_file_buffer_free(buffer);
    buffer->shares = true;
    int code = hp_shared_create_to_read(more, &buffer->shared, err);
    if (!code) {
        buffer->data = buffer->shared->memory;
        buffer->capacity = more;
    }
    return code;
}

static int hash_all(int fd, const hp_file_buffer *buffer, uint64_t file_size, hp_hash *hash, hp_error *err)
{
    XXH3_state_t *state = XXH3_createState();
    uint8_t bytes[PART_BYTES];
    hp_file_buffer part = {.data = bytes, .capacity = sizeof bytes};
    int code = HP_OK;
    if (!state)
        return hp_fail(err, HP_E_MEMORY, "no memory to hash it");
    XXH3_128bits_reset(state);
    XXH3_128bits_update(state, buffer->data, buffer->size);
    for (uint64_t left = file_size - buffer->size; !code && left > 0; left -= part.size) {
        code = read_into(fd, left < sizeof bytes ? (size_t)left : sizeof bytes, &part, err);
        XXH3_128bits_update(state, bytes, part.size);
    }
    XXH128_hash_t made = XXH3_128bits_digest(state);
    XXH3_freeState(state);
    *hash = (hp_hash){made.high64, made.low64};
    return code;
}

/*
 * A file may claim any size and take no room on the disk (holes). Memory that is shared is not refused beforehand: the
 * system would end the program, or another one, once all of it is full.
 */
static int check_fits(size_t wanted, hp_error *err)
{
    char size[HP_SIZE_TEXT];
    if (wanted <= hp_memory_of_machine() / 2)
        return HP_OK;
    return hp_fail(err, HP_E_MEMORY, "has %s, more than half of the memory of this machine",
                   hp_size_text(wanted, true, size));
}

/* O_NONBLOCK: opening a FIFO must not wait for a writer. It has no effect on the regular files that are read. */
static int read_file(const char *path, size_t most, hp_file_buffer *buffer, uint64_t *file_size, hp_hash *hash,
                     hp_error *err)
{
    int code = HP_OK;
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (fd < 0)
        return hp_fail(err, HP_E_IO, "cannot be opened: %s", strerror(errno));
    struct stat status;
    if (fstat(fd, &status)) {
        code = hp_fail(err, HP_E_IO, "cannot be examined: %s", strerror(errno));
        goto done;
    }
    if (!S_ISREG(status.st_mode)) {
        code = hp_fail(err, HP_E_INPUT, S_ISDIR(status.st_mode) ? "is a folder" : "is not a regular file");
        goto done;
    }
    *file_size = (uint64_t)status.st_size;
    size_t wanted = *file_size < most ? (size_t)*file_size : most;
    if (wanted == 0) {
        code = hp_fail(err, HP_E_INPUT, "is empty");
        goto done;
    }
    code = check_fits(wanted, err);
    if (!code)
        code = make_room(buffer, wanted, err);
    if (!code)
        code = read_into(fd, wanted, buffer, err);
    if (!code && hash)
        code = hash_all(fd, buffer, *file_size, hash, err);
done:
    close(fd);
    return code;
}

int hp_file_read(const char *path, size_t most, hp_file_buffer *buffer, uint64_t *file_size, hp_error *err)
{
    return read_file(path, most, buffer, file_size, NULL, err);
}

int hp_file_read_hashed(const char *path, size_t most, hp_file_buffer *buffer, uint64_t *file_size, hp_hash *hash,
                        hp_error *err)
{
    return read_file(path, most, buffer, file_size, hash, err);
}

void hp_file_buffer_free(hp_file_buffer *buffer)
{
    if (!buffer->shares)
        free(buffer->data);
    hp_shared_free(&buffer->shared);
    *buffer = (hp_file_buffer){0};
}

static int fail_on(const char *target, const char *what, hp_error *err)
{
    hp_fail(err, HP_E_IO, "%s: %s", what, strerror(errno));
    return hp_fail_in(err, HP_E_IO, target);
}

static int fail_on_new(const char *target, hp_error *err)
{
    if (errno != ENOENT)
        return fail_on(target, "cannot be written", err);
    hp_fail(err, HP_E_IO, "cannot be written: its folder is not there");
    return hp_fail_in(err, HP_E_IO, target);
}

/* /dev/stdout is a link to /proc/self/fd/1, and that leads to a file where the output goes to one. */
static bool is_stream(const char *target)
{
    enum { LINKS_MOST = 8 };
    char path[PATH_MAX], next[PATH_MAX];
    if ((size_t)snprintf(path, sizeof path, "%s", target) >= sizeof path)
        return false;
    for (int i = 0; i < LINKS_MOST; i++) {
        ssize_t length = readlink(path, next, sizeof next - 1);
        if (length <= 0 || next[0] != '/')
            return false;
        next[length] = 0;
        if (!strncmp(next, "/proc/", 6))
            return true;
        memcpy(path, next, (size_t)length + 1);
    }
    return false;
}

/* Only regular files are replaced by rename, and links to them; /dev/stdout or a FIFO would vanish that way. */
static int check_existing(const char *target, bool force, hp_error *err)
{
    struct stat status;
    if (lstat(target, &status))
        return errno == ENOENT ? HP_OK : fail_on(target, "cannot be examined", err);
    bool dangles = S_ISLNK(status.st_mode) && stat(target, &status);
    const char *fault = S_ISDIR(status.st_mode)                ? "is a folder"
                        : !dangles && !S_ISREG(status.st_mode) ? "is not a regular file"
                        : is_stream(target)                    ? "is a stream of a program, and no file to replace"
                        : !force                               ? "exists already; --force replaces it"
                                                               : NULL;
    if (!fault)
        return HP_OK;
    hp_fail(err, HP_E_IO, "%s", fault);
    return hp_fail_in(err, HP_E_IO, target);
}

bool hp_is_same_file(const struct stat *a, const struct stat *b)
{
    return a->st_dev == b->st_dev && a->st_ino == b->st_ino;
}

/* Not within a character of UTF-8: some file systems take no other names. */
char *hp_name_beside(const char *path, const char *ending, hp_error *err)
{
    const char *slash = strrchr(path, '/'), *own = slash ? slash + 1 : path;
    size_t folder = (size_t)(own - path), length = strlen(own), size = strlen(path) + strlen(ending) + 1;
    if (length > STEM_BYTES)
        for (length = STEM_BYTES; length > STEM_BYTES - 3 && ((unsigned char)own[length] & 0xc0) == 0x80;)
            length--;
    char *name = hp_calloc(size, 1, err);
    if (name)
        snprintf(name, size, "%.*s%s", (int)(folder + length), path, ending);
    return name;
}

/*
 * Fills in the letters at the end of a name that is to be new. Not mkstemp, whose file is private: to learn the umask
 * is to change it, and with it the files of other threads.
 */
static int create_new(char *name)
{
    static const char letters[] = "abcdefghijklmnopqrstuvwxyz012345";
    char *end = name + strlen(name) - RANDOM_LETTERS;
    int fd = -1;
    errno = EEXIST;
    for (uint64_t i = 0; i < TRIES && fd < 0 && errno == EEXIST; i++) {
        struct timespec now;
        clock_gettime(CLOCK_REALTIME, &now);
        const uint64_t seed[] = {(uint64_t)now.tv_sec, (uint64_t)now.tv_nsec, (uint64_t)getpid(), (uintptr_t)&now, i};
        uint64_t number = XXH3_64bits(seed, sizeof seed);
        for (size_t k = 0; k < RANDOM_LETTERS; k++)
            end[k] = letters[number >> 5 * k & 31];
        fd = open(name, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
    }
    return fd;
}

int hp_output_open(hp_output *output, const char *target, bool force, hp_error *err)
{
    *output = (hp_output){0};
    int code = check_existing(target, force, err);
    if (code)
        return code;
    output->target = hp_strdup(target, err);
    output->temporary = output->target ? hp_name_beside(target, ".XXXXXX", err) : NULL;
    if (!output->temporary) {
        hp_output_discard(output);
        return HP_E_MEMORY;
    }
    int fd = create_new(output->temporary);
    if (fd < 0) {
        code = fail_on_new(target, err);
        free(output->temporary);
        output->temporary = NULL;
        hp_output_discard(output);
        return code;
    }
    output->stream = fdopen(fd, "wb");
    if (!output->stream) {
        code = fail_on(target, "cannot be written", err);
        close(fd);
        hp_output_discard(output);
    }
    return code;
}

int hp_output_check(const char *target, bool force, hp_error *err)
{
    hp_output output;
    int code = hp_output_open(&output, target, force, err);
    hp_output_discard(&output);
    return code;
}

/* The folder is synced as well: without it the rename itself can be lost with the power. */
void hp_sync_folder_of(const char *path)
{
    char *folder = hp_strdup(path, NULL);
    if (!folder)
        return;
    char *slash = strrchr(folder, '/');
    if (slash)
        slash[slash == folder ? 1 : 0] = 0;
    int fd = open(slash ? folder : ".", O_RDONLY | O_CLOEXEC);
    if (fd >= 0) {
        (void)fsync(fd);
        close(fd);
    }
    free(folder);
}

int hp_output_commit(hp_output *output, hp_error *err)
{
    int code = HP_OK;
    bool written = fflush(output->stream) == 0 && !ferror(output->stream) && fsync(fileno(output->stream)) == 0;
    if (!written)
        code = fail_on(output->target, "cannot be written", err);
    if (fclose(output->stream) && !code)
        code = fail_on(output->target, "cannot be written", err);
    output->stream = NULL;
    if (!code && rename(output->temporary, output->target))
        code = fail_on(output->target, "cannot be put in place", err);
    if (!code) {
        hp_sync_folder_of(output->target);
        free(output->temporary);
        output->temporary = NULL;
    }
    hp_output_discard(output);
    return code;
}

void hp_output_discard(hp_output *output)
{
    if (output->stream)
        fclose(output->stream);
    if (output->temporary)
        unlink(output->temporary);
    free(output->temporary);
    free(output->target);
    *output = (hp_output){0};
}

bool hp_is_folder(const char *file)
{
    struct stat status;
    size_t length = strlen(file);
    return (length && file[length - 1] == '/') || (stat(file, &status) == 0 && S_ISDIR(status.st_mode));
}
