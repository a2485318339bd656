/* What a camera does to make a JPEG of raw values: white balance, demosaic, colour matrix, tone, sharpening. */
#ifndef CAMSIM_DEVELOP_H
#define CAMSIM_DEVELOP_H

#include "camera.h"
#include "error.h"
#include "sensor.h"

typedef struct cs_developer cs_developer;

/* camera and raw must outlive it. NULL on failure. */
cs_developer *cs_developer_open(const cs_camera *camera, const cs_raw *raw, cs_error *err);
/* The next row, from the top: width times luma, blue and red difference (JFIF YCbCr); of a mono camera luma only. */
void cs_developer_row(cs_developer *developer, uint8_t *row);
void cs_developer_close(cs_developer *developer);

#endif
