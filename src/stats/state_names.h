/* Which file holds the state of a camera: the one given, or one of a folder, named by the camera. */
#ifndef HP_STATS_STATE_NAMES_H
#define HP_STATS_STATE_NAMES_H

#include "hotpix.h"

/*
 * FOLDER/MAKE-MODEL-SERIAL-WIDTHxHEIGHT-SOURCE.fits in *path, which is the caller's; the folder is made where it is
 * missing. Fails with HP_E_IO, HP_E_MEMORY.
 */
int hp_state_name_in(const char *folder, const hp_camera *camera, char **path, hp_error *err);

/* Whether a new state may have this name: HP_E_ARGUMENT where it is that of a list, photo or page. */
int hp_state_check_name(const char *path, hp_error *err);

#endif
