/*
 * Reading and decoding photo files, one after the other: by this thread, or by a worker process where the pool is
 * isolated. The one way to a photo's content: whatever parses bytes of a photo is run by hp_decoder_run.
 */
#ifndef HP_PHOTO_DECODER_H
#define HP_PHOTO_DECODER_H

#include "base/isolation.h"
#include "base/pool.h"
#include "photo/format.h"

/* For one thread. */
typedef struct hp_decoder {
    hp_seat *seat;
    hp_file_buffer file; /* what was read last, or its beginning */
    uint64_t file_size;  /* of the whole file */
} hp_decoder;

/* *decoder is to be closed in every case. Fails with HP_E_MEMORY. */
int hp_decoder_open(const hp_pool *pool, hp_decoder *decoder, hp_error *err);
void hp_decoder_close(hp_decoder *decoder);

/* An array of one for each thread of the pool; freed by hp_decoders_close. NULL and HP_E_MEMORY. */
hp_decoder *hp_decoders_open(hp_pool *pool, hp_error *err);
void hp_decoders_close(hp_decoder *decoders, hp_pool *pool);

/* Reads a file, at most `most` bytes of it: as hp_file_read does, and fails. */
int hp_decoder_read(hp_decoder *decoder, const char *path, size_t most, hp_error *err);

/* The same with the hash of the whole file: as hp_file_read_hashed. */
int hp_decoder_read_hashed(hp_decoder *decoder, const char *path, size_t most, hp_hash *hash, hp_error *err);

/*
 * The format of what was read, and its metadata. *format: what it is taken for where no format knows it, may be NULL,
 * which it then stays. Fails as hp_format's read_info does, and with
 * HP_E_DECODER; *format is set then too. Fails with HP_E_NO_PHOTO as hp_format_admit does, before any worker sees it.
 */
int hp_decoder_identify(hp_decoder *decoder, const hp_format **format, hp_photo_info *info, hp_error *err);

/* All samples of what was read into the plane. Fails as hp_format's decode does, and with HP_E_DECODER. */
int hp_decoder_decode(hp_decoder *decoder, const hp_format *format, const hp_photo_info *info, hp_view view,
                      hp_plane *plane, hp_error *err);

/* The rows that are wanted, and others or not: as hp_format_decode_rows has it. */
int hp_decoder_decode_rows(hp_decoder *decoder, const hp_format *format, const hp_photo_info *info, const hp_rows *rows,
                           size_t count, hp_plane *plane, hp_error *err);

/* A plane that decoders of the pool fill without copying; others are filled too. As hp_plane_create. */
int hp_decoder_plane(const hp_pool *pool, const hp_photo_info *info, hp_view view, uint32_t pad, hp_plane *plane,
                     hp_error *err);

/*
 * Any other work on what was read: memory[0] is the file, of which decoder->file.size bytes count, memory[1] is
 * `result`, NULL for none. pixels: of the photo, 0 where they do not matter: the memory it may take grows with them.
 * The rest as hp_seat_run has it.
 */
int hp_decoder_run(hp_decoder *decoder, hp_work *work, const char *doer, void *arguments, size_t argument_size,
                   const hp_region *result, uint64_t pixels, hp_error *err);

/* The same with `count` regions, memory[1] and on; HP_WORKER_REGIONS - 1 at most. */
int hp_decoder_run_on(hp_decoder *decoder, hp_work *work, const char *doer, void *arguments, size_t argument_size,
                      const hp_region *regions, size_t count, uint64_t pixels, hp_error *err);

#endif
