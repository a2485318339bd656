/* The primary header of a state file: what the sums are of. All functions move to it. */
#ifndef HP_STATS_STATE_HEADER_H
#define HP_STATS_STATE_HEADER_H

#include "stats/state_file.h"

#include <fitsio.h>

/* Version and kind. Fails with HP_E_INPUT, HP_E_UNSUPPORTED. */
int hp_state_read_kind(fitsfile *fits, hp_state_file *file, hp_error *err);

/* Camera, frame and flags, bounded. Fails with HP_E_INPUT, HP_E_UNSUPPORTED. */
int hp_state_read_shape(fitsfile *fits, hp_state_file *file, hp_error *err);

/* Counts the photos of the album: whether it has as many as the header says. Fails with HP_E_INPUT. */
int hp_state_check_album(fitsfile *fits, hp_state_file *file, hp_error *err);

#endif
