/* The two ways in which the samples of a DNG are written again. For raw_repair.c alone. */
#ifndef HP_REPAIR_RAW_REPAIR_H
#define HP_REPAIR_RAW_REPAIR_H

#include "defects/dng.h"
#include "repair/repair.h"

/*
 * As hp_repair_fn. HP_E_UNSUPPORTED: not in this way; then nothing that was written to the stream, or counted, is
 * wanted. The list has defects.
 */
int hp_repair_plain_dng(hp_repair *repair, const hp_dng *dng, FILE *stream, hp_error *err);
int hp_repair_ljpeg(hp_repair *repair, const hp_dng *dng, FILE *stream, hp_error *err);

#endif
