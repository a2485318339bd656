/* Photos as JPEG, by libjpeg. */
#ifndef CAMSIM_WRITE_JPEG_H
#define CAMSIM_WRITE_JPEG_H

#include "camera.h"
#include "develop.h"
#include "error.h"
#include "shot.h"

typedef struct cs_jpeg_options {
    int quality;
    int subsampling; /* 444, 422, 420 */
    int is_progressive;
    int restart_rows; /* MCU rows between restart markers, 0: none */
    int has_exif;
} cs_jpeg_options;

/* Writes picture to path, which is replaced. */
int cs_write_jpeg(const char *path, const cs_jpeg_options *options, const cs_camera *camera, const cs_shot *shot,
                  const cs_picture *picture, cs_error *err);

#endif
