#include "frame.h"

#include <stdlib.h>
#include <string.h>

static void mask_row(const cs_frame *frame, const cs_camera *camera, const cs_shot *shot, int y, float *normal,
                     float *offset)
{
    uint64_t noise_key = cs_random_key(camera->seed, (uint64_t)shot->index, CS_FOR_MARGIN);
    uint64_t pattern_key = cs_random_key(camera->seed, 0, CS_FOR_MARGIN);
    uint16_t *row = frame->value + (size_t)y * (size_t)frame->width;
    cs_normal_row(&camera->normals, noise_key, y, frame->width, normal);
    cs_normal_row(&camera->normals, pattern_key, y, frame->width, offset);
    for (int x = 0; x < frame->width; x++)
        row[x] = cs_sensor_masked_value(camera, shot, normal[x], offset[x]);
}

int cs_frame_fill(cs_frame *frame, const cs_camera *camera, const cs_shot *shot, const cs_raw *raw, int left, int top,
                  int right, int bottom, cs_error *err)
{
    *frame = (cs_frame){.width = left + raw->width + right, .height = top + raw->height + bottom};
    size_t width = (size_t)frame->width, visible = (size_t)raw->width;
    float *normal = malloc(2 * width * sizeof *normal);
    frame->value = malloc(width * (size_t)frame->height * sizeof *frame->value);
    if (!normal || !frame->value) {
        free(normal);
        return cs_fail(err, "no memory for %dx%d pixels", frame->width, frame->height);
    }
    for (int y = 0; y < frame->height; y++) {
        int row = y - top;
        int is_visible = row >= 0 && row < raw->height;
        if (!is_visible || left || right)
            mask_row(frame, camera, shot, y, normal, normal + width);
        if (is_visible)
            memcpy(frame->value + (size_t)y * width + (size_t)left, raw->value + (size_t)row * visible,
                   visible * sizeof *raw->value);
    }
    free(normal);
    return 0;
}

void cs_frame_free(cs_frame *frame)
{
    free(frame->value);
    *frame = (cs_frame){0};
}

size_t cs_pack_bits(const uint16_t *value, int count, int bits, uint8_t *out)
{
    uint32_t waiting = 0;
    int waiting_bits = 0;
    uint8_t *next = out;
    for (int i = 0; i < count; i++) {
        waiting = waiting << bits | value[i];
        for (waiting_bits += bits; waiting_bits >= 8; waiting_bits -= 8)
            *next++ = (uint8_t)(waiting >> (waiting_bits - 8));
    }
    if (waiting_bits)
        *next++ = (uint8_t)(waiting << (8 - waiting_bits));
    return (size_t)(next - out);
}
