/* Whether what was read of a state file is what was written: checksums, and numbers that its photos can have made. */
#ifndef HP_STATS_STATE_CHECK_H
#define HP_STATS_STATE_CHECK_H

#include "stats/state_file.h"

#include <stdatomic.h>

/* sum: hp_fits_sum of a part, header and data. Fails with HP_E_INPUT, naming the part. */
int hp_state_check_sum(uint64_t sum, const char *part, hp_error *err);

/* What all threads meet in the images of a file, by image; zero to begin with. */
typedef struct hp_image_tally {
    atomic_uint_fast64_t sums[HP_ARRAYS_MOST]; /* hp_fits_sum of the data */
    atomic_uint_fast64_t largest[HP_ARRAYS_MOST];
} hp_image_tally;

/*
 * Decodes a piece as hp_numbers_decode does, from its bytes in the file to its numbers in memory, `stride` apart, and
 * adds to the tally what it meets.
 */
void hp_image_tally_decode(hp_image_tally *tally, hp_number number, const hp_piece *piece, const void *file,
                           void *values, size_t stride);

/* Once all pieces were added. Fails with HP_E_INPUT, naming the file. */
int hp_image_tally_check(const hp_image_tally *tally, const hp_state_file *file, hp_error *err);

#endif
