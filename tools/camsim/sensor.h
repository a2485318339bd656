/* From light to raw values: colour filters, exposure, noise, fixed pattern, bad pixels, quantisation. */
#ifndef CAMSIM_SENSOR_H
#define CAMSIM_SENSOR_H

#include "camera.h"
#include "defects.h"
#include "scene.h"
#include "shot.h"

#include <stddef.h>

typedef struct cs_patch {
    size_t at; /* index into cs_raw.value */
    uint16_t value;
} cs_patch;

typedef struct cs_raw {
    int width, height;
    uint16_t *value; /* as a sensor without defects would give it */
    cs_patch *patch; /* what the bad pixels give instead */
    int patch_count;
} cs_raw;

int cs_sensor_expose(cs_raw *raw, const cs_camera *camera, const cs_shot *shot, const cs_scene *scene,
                     const cs_defect_list *defects, cs_error *err);
/* Puts the defects into raw->value. */
void cs_raw_spoil(cs_raw *raw);
void cs_raw_free(cs_raw *raw);

/* A value of the masked border: black with its noise. normal, offset: of mean 0 and deviation 1. */
uint16_t cs_sensor_masked_value(const cs_camera *camera, const cs_shot *shot, float normal, float offset);

#endif
