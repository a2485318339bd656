/* A RAW file in memory, opened and unpacked by LibRaw. */
#ifndef HP_PHOTO_RAW_UNPACK_H
#define HP_PHOTO_RAW_UNPACK_H

#include "base/file.h"

#include <libraw/libraw.h>

/* NULL where there is no memory; *code: LibRaw's, 0: it is open. To be closed by libraw_close. */
libraw_data_t *hp_raw_open(hp_bytes file, int *code);

/* What such a code means. */
int hp_raw_fail(int code, hp_error *err);

/*
 * Opens the file and unpacks its samples, in this thread alone. *raw is to be closed where it is not NULL, in every
 * case. Fails with HP_E_INPUT, HP_E_UNSUPPORTED, HP_E_MEMORY.
 */
int hp_raw_unpack(hp_bytes file, libraw_data_t **raw, hp_error *err);

/* Whether LibRaw has written a row of samples; only a worker process can tell (HP_UNWRITTEN). */
bool hp_raw_was_written(const uint16_t *row, uint32_t width);

#endif
