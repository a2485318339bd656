/* The EXIF block of a JPEG, by libexif. */
#ifndef CAMSIM_EXIF_H
#define CAMSIM_EXIF_H

#include "camera.h"
#include "error.h"
#include "shot.h"

#define CS_F_NUMBER_NUM 56
#define CS_F_NUMBER_DEN 10
#define CS_FOCAL_LENGTH_MM 35

/* A block for marker APP1, "Exif" included; the caller frees it with free(). */
int cs_exif_build(const cs_camera *camera, const cs_shot *shot, unsigned char **block, unsigned *size, cs_error *err);

#endif
