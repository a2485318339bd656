/* hp_merge: one state out of many, piece by piece, so that memory does not grow with their size or number. */
#include "base/error.h"
#include "base/file.h"
#include "base/memory.h"
#include "photo/spared.h"
#include "stats/keeper.h"
#include "stats/numbers.h"
#include "stats/rounds.h"
#include "stats/state_check.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* One of the states to merge. Its file is open only while it is read: there may be more than a process may open. */
typedef struct part {
    hp_state_file file;
    hp_image_tally tally;
} part;

typedef struct merging {
    hp_run *run;
    part *parts;
    size_t count;
    hp_state state;  /* the one to be: its sums' memory is not touched */
    size_t *origin;  /* of each record of its album: the part */
    size_t capacity; /* of origin */
    uint8_t *buffers;
} merging;

enum { BUFFERS = 3 }; /* a worker: bytes of a file, its numbers, their sums */

/* ---- photos ---- */

/* Of two records of a content that neither counts, the same one whatever the order. */
static bool goes_before(const hp_record *a, const hp_record *b)
{
    if (a->verdict != b->verdict)
        return a->verdict < b->verdict;
    int order = hp_record_compare(a, b);
    if (order)
        return order < 0;
    return a->like.high != b->like.high ? a->like.high < b->like.high : a->like.low < b->like.low;
}

static int fail_twice(const merging *work, const hp_record *record, size_t first, size_t second, hp_error *err)
{
    const struct stat *a = &work->parts[first].file.status, *b = &work->parts[second].file.status;
    char path[256], one[256], other[256];
    if (hp_is_same_file(a, b))
        return hp_fail(err, HP_E_INPUT, "%s is given twice",
                       hp_printable(work->parts[second].file.path, other, sizeof other));
    return hp_fail(err, HP_E_INPUT,
                   "%s counts in both %s and %s, and sums cannot tell it apart again: scan the photos of one with "
                   "--state of the other instead, which takes only what is new",
                   hp_printable(record->path, path, sizeof path),
                   hp_printable(work->parts[first].file.path, one, sizeof one),
                   hp_printable(work->parts[second].file.path, other, sizeof other));
}

static int add_new(merging *work, const hp_record *record, size_t from, hp_error *err)
{
    hp_album *album = &work->state.album;
    int code = hp_grow((void **)&work->origin, &work->capacity, album->count + 1, sizeof *work->origin, err);
    if (!code)
        code = hp_album_add(album, record, err);
    if (!code)
        work->origin[album->count - 1] = from;
    return code;
}

static int add_record(merging *work, const hp_record *record, size_t from, hp_error *err)
{
    hp_album *album = &work->state.album;
    ptrdiff_t index = hp_album_find(album, record->hash);
    if (index < 0) /* HP_NOT_FOUND */
        return add_new(work, record, from, err);
    assert(album->items);
    const hp_record *known = &album->items[index];
    if (known->verdict == HP_PHOTO_TAKEN && record->verdict == HP_PHOTO_TAKEN)
        return fail_twice(work, record, work->origin[index], from, err);
    if (!goes_before(record, known))
        return HP_OK;
    work->origin[index] = from;
    return hp_album_replace(album, (size_t)index, record, err);
}

static int add_photos(merging *work, size_t from, hp_error *err)
{
    hp_album *album = &work->parts[from].file.album;
    int code = HP_OK;
    for (size_t i = 0; !code && i < album->count; i++)
        code = add_record(work, &album->items[i], from, err);
    hp_album_free(album);
    const hp_accumulator_kind *kind = work->parts[from].file.kind;
    if (!code && work->state.album.taken > kind->most_photos)
        code = hp_fail(err, HP_E_INPUT, "the states hold %zu photos together, sums hold %llu", work->state.album.taken,
                       (unsigned long long)kind->most_photos);
    return code;
}

static int check_same(const hp_state_file *a, const hp_state_file *b, hp_error *err)
{
    char one[256], other[256], first[HP_SHAPE_TEXT], second[HP_SHAPE_TEXT];
    hp_printable(a->path, one, sizeof one);
    hp_printable(b->path, other, sizeof other);
    if (a->kind != b->kind)
        return hp_fail(err, HP_E_INPUT, "%s is a state of %s, %s of %s", one, hp_state_kind_text(a->kind), other,
                       hp_state_kind_text(b->kind));
    if (hp_state_same_shape(a->kind, &a->shape, &b->shape))
        return HP_OK;
    return hp_fail(err, HP_E_INPUT, "%s holds photos of %.300s, %s of %.300s", one,
                   hp_shape_text(a->kind, &a->shape, first), other, hp_shape_text(b->kind, &b->shape, second));
}

static int open_part(merging *work, const char *path, hp_error *err)
{
    size_t index = work->count++;
    part *added = &work->parts[index];
    int code = hp_state_open(path, &added->file, err);
    if (!code)
        code = check_same(&work->parts[0].file, &added->file, err);
    if (!code)
        code = add_photos(work, index, err);
    work->state.settling |= added->file.settling;
    work->state.bounds_only |= added->file.bounds_only;
    if (added->file.fd >= 0)
        close(added->file.fd);
    added->file.fd = -1;
    return code;
}

/* ---- sums ---- */

/* The file must be the one that was looked at: a running scan may have put another in its place. */
static int read_again(const hp_state_file *file, void *data, size_t size, uint64_t offset, hp_error *err)
{
    struct stat status;
    int fd = open(file->path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        hp_fail(err, HP_E_IO, "cannot be opened: %s", strerror(errno));
    int code = fd < 0 ? HP_E_IO : HP_OK;
    if (!code &&
        (fstat(fd, &status) || !hp_is_same_file(&status, &file->status) || status.st_size != file->status.st_size))
        code = hp_fail(err, HP_E_IO, "was replaced while it was being merged");
    if (!code)
        code = hp_read_at(fd, data, size, offset, err);
    if (fd >= 0)
        close(fd);
    return code ? hp_fail_in(err, code, file->path) : HP_OK;
}

static int add_piece(part *p, const hp_image *image, const hp_piece *piece, uint8_t *buffer, void *sums, bool first,
                     hp_error *err)
{
    const hp_array *array = &image->array;
    void *values = first ? sums : buffer + HP_PIECE_BYTES;
    uint64_t offset = p->file.images[piece->image].offset + (piece->offset - image->offset);
    int code = read_again(&p->file, buffer, piece->bytes, offset, err);
    if (code)
        return code;
    hp_image_tally_decode(&p->tally, array->number, piece, buffer, values, 1);
    if (!first)
        hp_numbers_join(array->number, array->join, sums, values, piece->count);
    return HP_OK;
}

/* An hp_fill_piece. */
static int fill_piece(void *context, const hp_image *images, const hp_piece *piece, unsigned worker, void *file,
                      hp_error *err)
{
    merging *work = context;
    const hp_image *image = &images[piece->image];
    uint8_t *buffer = work->buffers + (size_t)worker * BUFFERS * HP_PIECE_BYTES, *sums = buffer + 2 * HP_PIECE_BYTES;
    int code = hp_run_must_stop(work->run) ? hp_fail(err, HP_E_STOPPED, "stopped") : HP_OK;
    for (size_t i = 0; !code && i < work->count; i++)
        code = add_piece(&work->parts[i], image, piece, buffer, sums, i == 0, err);
    if (code)
        return code;
    size_t used = piece->count * hp_number_bytes(image->array.number);
    hp_numbers_encode(image->array.number, sums, 1, piece->count, file);
    memset((char *)file + used, 0, piece->bytes - used);
    return HP_OK;
}

static int write_merged(merging *work, hp_keeper *keeper, hp_error *err)
{
    const hp_run *run = work->run;
    unsigned workers = hp_pool_threads(run->pool);
    const hp_state_file *first = &work->parts[0].file;
    work->buffers = hp_calloc((size_t)workers * BUFFERS, HP_PIECE_BYTES, err);
    int code = work->buffers ? HP_OK : HP_E_MEMORY;
    if (!code)
        code = first->kind->start(&first->shape, NULL, &work->state.accumulator, err);
    if (!code)
        code = hp_keeper_write(keeper, &work->state, fill_piece, work, run->pool, err);
    for (size_t i = 0; !code && i < work->count; i++)
        code = hp_image_tally_check(&work->parts[i].tally, &work->parts[i].file, err);
    return code ? code : hp_keeper_commit(keeper, err);
}

static int merge(hp_run *run, const char *const *states, size_t count, hp_keeper *keeper, hp_error *err)
{
    merging work = {.run = run, .parts = hp_calloc(count, sizeof *work.parts, err)};
    int code = work.parts ? HP_OK : HP_E_MEMORY;
    for (size_t i = 0; !code && i < count; i++)
        code = open_part(&work, states[i], err);
    if (!code)
        code = write_merged(&work, keeper, err);
    for (size_t i = 0; i < work.count; i++)
        hp_state_close(&work.parts[i].file);
    hp_state_free(&work.state);
    free(work.parts);
    free(work.origin);
    free(work.buffers);
    return code;
}

/* Where a state is meant, anything else is a slip. */
static int check_existing(const char *target, bool force, hp_error *err)
{
    bool is_state = hp_state_is_one(target);
    if (force && !is_state && hp_spare(target, err))
        return HP_E_IO;
    if (force && is_state)
        return HP_OK;
    hp_fail(err, HP_E_IO,
            is_state ? "exists already; --force replaces it" : "exists already, and is no state to replace");
    return hp_fail_in(err, HP_E_IO, target);
}

int hp_merge(const char *const *states, size_t count, const char *target, bool force, const hp_run_options *options,
             hp_error *err)
{
    hp_run run;
    hp_keeper keeper = {.lock = -1, .new_file = -1};
    if (count == 0)
        return hp_fail(err, HP_E_ARGUMENT, "no state to merge");
    int code = hp_run_start(options, &run, err);
    if (code)
        return code;
    code = hp_keeper_open(target, -1, &keeper, err);
    if (!code && hp_keeper_exists(&keeper))
        code = check_existing(target, force, err);
    if (!code)
        code = merge(&run, states, count, &keeper, err);
    hp_keeper_close(&keeper);
    hp_run_end(&run);
    return code;
}
