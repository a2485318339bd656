/* What one place of the sensor shows in one photo, and in all of them: what a history is made from. */
#ifndef HP_DETECT_TRACE_H
#define HP_DETECT_TRACE_H

#include "photo/photo.h"
#include "stats/ring.h"

enum { HP_TRACE_REACH = 10 }; /* px from the place in which the noise is looked at */

/* A place in a photo; all values as shares of the range from black to white. */
typedef struct hp_sight {
    float residual; /* x - e (docs/method.md, "Ring") */
    float level;    /* e above black */
    float noise;    /* one sigma of the residual where nothing is wrong */
    float gain;     /* ISO / 100; 1 where it is not known */
    float exposure_s;
    float range; /* from black to white, DN */
    float black; /* DN, as the photo tells it; else 0 */
} hp_sight;

/* Rows that hp_sight_take reads for a place in row y of a frame of this height. */
hp_rows hp_sight_rows(const hp_ring *ring, uint32_t y, uint32_t height);

/*
 * Measures (x, y) in a plane of which those rows are there; it needs no padding. spared: pixels around the place that
 * the noise is not taken from, since the defect shows in them.
 */
hp_sight hp_sight_take(const hp_plane *plane, const hp_photo_info *info, const hp_ring *ring, uint32_t x, uint32_t y,
                       uint32_t spared);

/* The sights of one place in order of date, each value an array. light: level before the camera's tone curve. */
typedef struct hp_trace {
    size_t count;
    bool developed; /* values have gone through a tone curve */
    float *residual, *level, *light, *noise, *gain, *exposure_s;
    void *memory;
} hp_trace;

/* Room for so many. Fails with HP_E_MEMORY. */
int hp_trace_create(size_t count, hp_trace *trace, hp_error *err);
void hp_trace_free(hp_trace *trace);

/* Fills a trace with trace->count sights of photos that are developed or not. */
void hp_trace_fill(hp_trace *trace, const hp_sight *sights, bool developed);

/* The tone curve of sRGB, on 0..1; it clips. */
float hp_tone_of(float light);

#endif
