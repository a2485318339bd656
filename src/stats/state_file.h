/*
 * State files: FITS, one image an array of sums, then the table of photos (docs/state.md). The same state gives the
 * same bytes.
 */
#ifndef HP_STATS_STATE_FILE_H
#define HP_STATS_STATE_FILE_H

#include "base/pool.h"
#include "stats/state.h"

#include <sys/stat.h>

enum { HP_STATE_VERSION = 3 };

/* An array in a file. */
typedef struct hp_image {
    hp_array array;
    size_t pixels;       /* numbers of one channel, which stand together */
    uint64_t offset;     /* of the data in the file, bytes */
    uint64_t bytes;      /* of the data, without what fills the last block */
    uint64_t header_sum; /* hp_fits_sum of the header */
} hp_image;

/* A part of an image that is read, written or joined in one go. */
typedef struct hp_piece {
    size_t image;    /* which */
    size_t first;    /* number in memory it begins with */
    size_t count;    /* numbers, at most HP_PIECE_NUMBERS, in memory `channels` apart */
    uint64_t offset; /* in the file, bytes */
    size_t bytes;    /* in the file; the last piece reaches to the end of the block */
} hp_piece;

enum { HP_PIECE_NUMBERS = 1 << 16, HP_PIECE_BYTES = HP_PIECE_NUMBERS * 8 + 2880 };

size_t hp_pieces_of(const hp_image *images, size_t count);
hp_piece hp_piece_at(const hp_image *images, size_t index);

/* The images of an accumulator, without places in a file. Returns their number. */
size_t hp_images_of(hp_accumulator *accumulator, hp_image images[HP_ARRAYS_MOST]);

/*
 * Fills the numbers of a piece into `file` (HP_PIECE_BYTES, aligned for 8 byte numbers), the rest of its bytes with
 * zeros, from values as they lie in memory.
 */
void hp_piece_encode(const hp_image *image, const hp_piece *piece, const void *values, void *file);

/* Reads or writes all of it. The messages do not name the file. Fail with HP_E_IO, HP_E_INPUT. */
int hp_read_at(int fd, void *data, size_t size, uint64_t offset, hp_error *err);
int hp_write_at(int fd, const void *data, size_t size, uint64_t offset, hp_error *err);

/* Where the sums that are written come from: fills `file` as hp_piece_encode does. */
typedef int hp_fill_piece(void *context, const hp_image *images, const hp_piece *piece, unsigned worker, void *file,
                          hp_error *err);

/*
 * Writes a state into an empty file. fill NULL: the sums are those of the state; else the accumulator's memory is not
 * touched. The album must be in order (hp_album_sort). Not synced. Fails with HP_E_IO, HP_E_MEMORY.
 */
int hp_state_write(hp_state *state, hp_fill_piece *fill, void *context, hp_pool *pool, int fd, hp_error *err);

/* A state file that is open: all but the sums is read. */
typedef struct hp_state_file {
    char *path;
    int fd;
    struct stat status;
    const hp_accumulator_kind *kind;
    hp_photo_info shape;
    bool settling, bounds_only;
    size_t photos; /* in the sums */
    hp_album album;
    hp_image images[HP_ARRAYS_MOST]; /* array.values are NULL */
    size_t image_count;
} hp_state_file;

/*
 * Opens and checks everything but the sums. Every error names the file. Fails with HP_E_IO, HP_E_MEMORY, HP_E_INPUT
 * (no FITS, no state, cut short, damaged), HP_E_UNSUPPORTED (another version). To be closed in any case.
 */
int hp_state_open(const char *path, hp_state_file *file, hp_error *err);
void hp_state_close(hp_state_file *file);

/* Reads the sums and checks them; the album moves into the state. Fails as hp_state_open does. */
int hp_state_load(hp_state_file *file, const hp_kernels *kernels, hp_pool *pool, hp_state *state, hp_error *err);

/*
 * The same in two steps: the pool's helpers begin, the caller helps in the second. The file must stay until that, or
 * until the loading is given up.
 */
typedef struct hp_state_loading hp_state_loading;
int hp_state_load_begin(const hp_state_file *file, const hp_kernels *kernels, hp_pool *pool, hp_state_loading **loading,
                        hp_error *err);
int hp_state_load_end(hp_state_loading **loading, hp_state_file *file, hp_state *state, hp_error *err);
void hp_state_load_give_up(hp_state_loading **loading);

#endif
