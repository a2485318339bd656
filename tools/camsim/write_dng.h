/* Photos as DNG (Adobe, Digital Negative Specification 1.4), by libtiff. */
#ifndef CAMSIM_WRITE_DNG_H
#define CAMSIM_WRITE_DNG_H

#include "camera.h"
#include "error.h"
#include "sensor.h"
#include "shot.h"

typedef struct cs_dng_options {
    int is_compressed;            /* lossless JPEG; else bits packed one after another */
    int left, top, right, bottom; /* masked pixels around the visible ones (ActiveArea) */
    int has_exif;
} cs_dng_options;

/* Before the first and after the last cs_write_dng; libtiff's table of codecs is changed meanwhile. */
int cs_dng_start(cs_error *err);
void cs_dng_end(void);

/* Writes raw to path, which is replaced. */
int cs_write_dng(const char *path, const cs_dng_options *options, const cs_camera *camera, const cs_shot *shot,
                 const cs_raw *raw, cs_error *err);

#endif
