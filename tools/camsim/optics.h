/* The lens: draws a scene on the sensor, slightly blurred. */
#ifndef CAMSIM_OPTICS_H
#define CAMSIM_OPTICS_H

#include "scene.h"

enum { CS_BLUR_REACH = 3, CS_BLUR_TAPS = 2 * CS_BLUR_REACH + 1 };

typedef struct cs_optics {
    const cs_scene *scene;
    float tap[CS_BLUR_TAPS];
    float *memory;
    float *padded[3];             /* one scene row with CS_BLUR_REACH pixels more on either side */
    float *ring[CS_BLUR_TAPS][3]; /* rows blurred along x; scene row y is in ring[y % CS_BLUR_TAPS] */
    int ready;                    /* rows so far */
} cs_optics;

int cs_optics_open(cs_optics *optics, const cs_scene *scene, float blur_sigma, cs_error *err);
/* Rows must be asked for in order, 0 to height-1. */
void cs_optics_row(cs_optics *optics, int y, float *const rgb[3]);
void cs_optics_close(cs_optics *optics);

#endif
