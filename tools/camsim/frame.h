/* The whole sensor: the visible pixels with their masked border. */
#ifndef CAMSIM_FRAME_H
#define CAMSIM_FRAME_H

#include "camera.h"
#include "error.h"
#include "sensor.h"
#include "shot.h"

typedef struct cs_frame {
    int width, height;
    uint16_t *value;
} cs_frame;

int cs_frame_fill(cs_frame *frame, const cs_camera *camera, const cs_shot *shot, const cs_raw *raw, int left, int top,
                  int right, int bottom, cs_error *err);
void cs_frame_free(cs_frame *frame);

/* count values of bits (9..16) each, the highest bit first, no gaps but at the end; returns the bytes. */
size_t cs_pack_bits(const uint16_t *value, int count, int bits, uint8_t *out);

#endif
