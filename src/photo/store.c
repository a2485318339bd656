#include "photo/store.h"

#include <math.h>
#include <string.h>

enum {
    MOST_SAMPLE = 65535,
    BLOCK = 512, /* pixels at a time */
};

static uint16_t stretch(double value, const hp_scale *scale)
{
    double sample = nearbyint((value - scale->low) * (MOST_SAMPLE / (scale->high - scale->low)));
    return sample <= 0 ? 0 : sample >= MOST_SAMPLE ? MOST_SAMPLE : (uint16_t)sample;
}

/* One channel of a block; missing[i] is set where there is no value. */
static void convert(const hp_stored *p, unsigned channel, size_t first, size_t count, const hp_photo_info *info,
                    uint16_t *out, bool *missing)
{
    const hp_scale *scale = &info->scale;
    const char *at = (const char *)p->channel[channel] + first * p->step * hp_stored_bytes(p->type);
    if (p->type == HP_STORED_U8)
        for (size_t i = 0; i < count; i++)
            out[i] = ((const uint8_t *)at)[i * p->step];
    else if (p->type == HP_STORED_U16)
        for (size_t i = 0; i < count; i++) {
            uint16_t value;
            memcpy(&value, at + i * p->step * sizeof value, sizeof value);
            out[i] = (uint16_t)(value >> scale->shift);
        }
    else
        for (size_t i = 0; i < count; i++) {
            double value = hp_stored_value(p, channel, first + i);
            out[i] = isfinite(value) ? stretch(value, scale) : 0;
            missing[i] |= !isfinite(value);
        }
    uint16_t white = (uint16_t)((1u << info->camera.bits) - 1);
    for (size_t i = 0; p->inverted && i < count; i++)
        out[i] = (uint16_t)(white - out[i]);
}

static void put(const uint16_t *samples, size_t count, hp_plane *plane, uint32_t x, uint32_t y, unsigned channel)
{
    size_t at = (size_t)x * plane->channels + channel;
    if (plane->sample_bytes == 1) {
        uint8_t *row = (uint8_t *)hp_plane_row(plane, y) + at;
        for (size_t i = 0; i < count; i++)
            row[i * plane->channels] = (uint8_t)samples[i];
        return;
    }
    uint16_t *row = (uint16_t *)hp_plane_row(plane, y) + at;
    for (size_t i = 0; i < count; i++)
        row[i * plane->channels] = samples[i];
}

static void mix_luma(uint16_t samples[3][BLOCK], size_t count)
{
    for (size_t i = 0; i < count; i++)
        samples[0][i] = (uint16_t)((299u * samples[0][i] + 587u * samples[1][i] + 114u * samples[2][i] + 500) / 1000);
}

int hp_store(const hp_stored *pixels, const hp_photo_info *info, hp_plane *plane, uint32_t x, uint32_t y,
             uint32_t count, hp_holes *holes, hp_error *err)
{
    for (uint32_t first = 0; first < count; first += BLOCK) {
        uint32_t n = count - first < BLOCK ? count - first : BLOCK;
        uint16_t samples[3][BLOCK] = {{0}};
        bool missing[BLOCK] = {false};
        for (unsigned channel = 0; channel < pixels->channels; channel++)
            convert(pixels, channel, first, n, info, samples[channel], missing);
        if (pixels->channels == 3 && plane->channels == 1)
            mix_luma(samples, n);
        for (unsigned channel = 0; channel < plane->channels; channel++)
            put(samples[channel], n, plane, x + first, y, channel);
        if (hp_holes_note(holes, plane, x + first, y, missing, n, err))
            return HP_E_MEMORY;
    }
    return HP_OK;
}
