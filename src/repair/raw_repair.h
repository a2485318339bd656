/* The two ways in which the samples of a DNG are written again. For raw_repair.c alone. */
#ifndef HP_REPAIR_RAW_REPAIR_H
#define HP_REPAIR_RAW_REPAIR_H

#include "defects/dng.h"
#include "photo/raw_unpack.h"
#include "repair/repair.h"

/*
 * As hp_repair_fn. HP_E_UNSUPPORTED: not in this way; then nothing that was written to the stream, or counted, is
 * wanted. The list has defects.
 */
int hp_repair_plain_dng(hp_repair *repair, const hp_dng *dng, FILE *stream, hp_error *err);
int hp_repair_ljpeg(hp_repair *repair, const hp_dng *dng, FILE *stream, hp_error *err);

/*
 * All samples of a file whose raw frame is that of the directory, as LibRaw reads them; *raw is to be closed where it
 * is not NULL. Fails with HP_E_INPUT, HP_E_UNSUPPORTED, HP_E_MEMORY.
 */
int hp_raw_repair_unpack(const hp_dng *dng, hp_bytes file, libraw_data_t **raw, hp_error *err);

/*
 * Fails with HP_E_UNSUPPORTED where LibRaw reads other samples in a photo or its copy, and as hp_raw_repair_unpack:
 * such a copy is none. agrees: whether those of a row of the raw frame are as wanted.
 */
typedef bool hp_raw_row_agrees(const void *context, uint32_t y, const uint16_t *row);
int hp_raw_repair_check(const hp_dng *dng, hp_bytes copy, hp_raw_row_agrees *agrees, const void *context,
                        hp_error *err);

#endif
