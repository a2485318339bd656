/* The tags of a DNG: camera, colours, geometry, exposure. */
#ifndef CAMSIM_DNG_TAGS_H
#define CAMSIM_DNG_TAGS_H

#include "camera.h"
#include "shot.h"

#include <tiffio.h>

typedef struct cs_dng_layout {
    int width, height; /* with the masked pixels */
    int strip_rows;    /* rows a strip of packed bits, or 0 */
    int tile_side;     /* of lossless JPEG tiles, or 0 */
    int active[4];     /* top, left, bottom, right of the visible pixels */
} cs_dng_layout;

/* Writes the EXIF directory (unless has_exif is 0), then sets the tags of the photo's own. */
int cs_dng_set_tags(TIFF *tiff, const cs_dng_layout *layout, const cs_camera *camera, const cs_shot *shot,
                    int has_exif);

#endif
