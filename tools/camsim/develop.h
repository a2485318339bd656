/* What a camera does to make a JPEG of raw values: white balance, demosaic, colour matrix, tone, noise reduction,
 * sharpening. */
#ifndef CAMSIM_DEVELOP_H
#define CAMSIM_DEVELOP_H

#include "camera.h"
#include "error.h"
#include "sensor.h"
#include "shot.h"

/* Rows of width times luma, blue and red difference (JFIF YCbCr); of a mono camera luma only. */
typedef struct cs_picture {
    int width, height, components; /* 3 or 1 */
    uint8_t *value;
} cs_picture;

int cs_develop(cs_picture *picture, const cs_camera *camera, const cs_shot *shot, const cs_raw *raw,
               int has_noise_reduction, cs_error *err);
void cs_picture_free(cs_picture *picture);

#endif
