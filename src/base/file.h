/* Reading files whole, and writing them so that the target is never half there. */
#ifndef HP_BASE_FILE_H
#define HP_BASE_FILE_H

#include "base/hash.h"
#include "hotpix.h"

#include <stdio.h>
#include <sys/stat.h>

/* Bytes of a file, or its beginning; read only. */
typedef struct hp_bytes {
    const uint8_t *data;
    size_t size;
} hp_bytes;

/* A buffer that is used for one file after the other; all zero is empty. */
typedef struct hp_file_buffer {
    uint8_t *data;
    size_t size;
    size_t capacity;
    bool shares;              /* set before the first use: it is made of memory that workers can be given */
    struct hp_shared *shared; /* that memory, which data is the beginning of */
} hp_file_buffer;

/*
 * Reads a regular file, at most `most` bytes of it (SIZE_MAX: all). *file_size gets its whole length.
 * The messages do not name the path: the caller knows it. Fails with HP_E_IO, HP_E_INPUT (not a regular file),
 * HP_E_MEMORY.
 */
int hp_file_read(const char *path, size_t most, hp_file_buffer *buffer, uint64_t *file_size, hp_error *err);

/*
 * The same, and the hash of the whole file, of which what is not kept in the buffer is read through the cache of the
 * CPU: no slower than cat.
 */
int hp_file_read_hashed(const char *path, size_t most, hp_file_buffer *buffer, uint64_t *file_size, hp_hash *hash,
                        hp_error *err);
void hp_file_buffer_free(hp_file_buffer *buffer);

/* Whether two names led to one file. */
bool hp_is_same_file(const struct stat *a, const struct stat *b);

/*
 * The path of a file beside another: with an ending of at most 15 bytes, for which a long name is cut, so that there
 * can be such a file wherever the other can. To be freed; NULL: HP_E_MEMORY.
 */
char *hp_name_beside(const char *path, const char *ending, hp_error *err);

/* A file in the making, beside its target. */
typedef struct hp_output {
    FILE *stream;
    char *target;
    char *temporary;
} hp_output;

/* Whether hp_output_open would accept the target: HP_E_IO when it exists and force is false, or its folder cannot be
 * written. */
int hp_output_check(const char *target, bool force, hp_error *err);

int hp_output_open(hp_output *output, const char *target, bool force, hp_error *err);

/* Flushes, syncs and renames. On failure the target is as it was and the temporary is gone. */
int hp_output_commit(hp_output *output, hp_error *err);

/* Gives up: removes the temporary. Harmless after commit and on an all-zero output. */
void hp_output_discard(hp_output *output);

/* Whether a folder of this name exists, or can only be meant ("lists/"). */
bool hp_is_folder(const char *file);

/* Has the folder that a file stands in written to disk: what was renamed there stays. Failing is no fault. */
void hp_sync_folder_of(const char *path);

#endif
