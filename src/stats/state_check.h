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

/* Of a piece of an image: hp_fits_sum of its bytes, and hp_numbers_largest. */
void hp_image_tally_add(hp_image_tally *tally, size_t image, uint64_t sum, uint64_t largest);

/* Once all pieces were added. Fails with HP_E_INPUT, naming the file. */
int hp_image_tally_check(const hp_image_tally *tally, const hp_state_file *file, hp_error *err);

#endif
