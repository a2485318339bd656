/* What must hold of every list that a reader accepts. */
#ifndef TEST_ROUND_TRIP_H
#define TEST_ROUND_TRIP_H

#include "defects/list_format.h"
#include "mutate.h"

/* Writes into memory; a list inside a photo goes into a tiny DNG of this byte order and order of directories. */
int list_write(const hp_list_format *format, bool big_endian, bool in_sub, const hp_result *result, bytes *out,
               hp_error *err);

/* NULL and err where it is not accepted; a failure without a message aborts. */
hp_result *list_read(const hp_list_format *format, const bytes *file, const hp_list_options *options, hp_error *err);

/*
 * Inside its frame and in order; written, read and written again: the same bytes. What cannot be written, a list of too
 * many pixels, says so. *why: what does not hold.
 */
bool list_round_trips(const hp_list_format *format, const hp_result *result, const char **why);

#endif
