#include "photo/scale.h"

#include <math.h>
#include <string.h>

enum {
    UNKNOWN_SHIFT = 16,
    RARE = 1000, /* one value in so many may lie outside of the scale: cosmic rays, dead columns */
    RARE_ABOVE_ONE = 10000,
    HEADROOM = 16, /* the scale reaches below 0 by this part of its length where values do */
};

/* A picture of 0 to 1 may overshoot, by resampling, but not to this. */
#define MOST_OF_UNIT 16.0

size_t hp_stored_bytes(hp_stored_type type)
{
    static const uint8_t bytes[] = {1, 2, 4, 1, 2, 4, 4, 8};
    return bytes[type];
}

double hp_stored_value(const hp_stored *p, unsigned channel, size_t i)
{
    const char *at = (const char *)p->channel[channel] + i * p->step * hp_stored_bytes(p->type);
    union {
        uint8_t u8;
        uint16_t u16;
        uint32_t u32;
        int8_t i8;
        int16_t i16;
        int32_t i32;
        float f32;
        double f64;
    } v;
    memcpy(&v, at, hp_stored_bytes(p->type));
    switch (p->type) {
    case HP_STORED_U8:
        return v.u8;
    case HP_STORED_U16:
        return v.u16;
    case HP_STORED_U32:
        return v.u32;
    case HP_STORED_I8:
        return v.i8;
    case HP_STORED_I16:
        return v.i16;
    case HP_STORED_I32:
        return v.i32;
    case HP_STORED_F32:
        return (double)v.f32;
    default:
        return v.f64;
    }
}

static unsigned power_above(double value)
{
    if (value < 1)
        return 0;
    int power = ilogb(value) + 1;
    return power < 63 ? (unsigned)power : 63;
}

void hp_survey_add(hp_survey *survey, const hp_stored *pixels, size_t count)
{
    for (unsigned channel = 0; channel < pixels->channels; channel++)
        for (size_t i = 0; i < count; i++) {
            double value = hp_stored_value(pixels, channel, i);
            if (!isfinite(value))
                continue;
            survey->count++;
            survey->negative += value < 0;
            survey->beyond_one += value > 1;
            survey->most = value > survey->most ? value : survey->most;
            survey->below_power[power_above(value)]++;
            if (pixels->type == HP_STORED_U16)
                survey->used_bits |= (uint32_t)value;
        }
}

static unsigned zero_bits(uint32_t used)
{
    unsigned shift = 0;
    while (shift < UNKNOWN_SHIFT && !(used >> shift & 1))
        shift++;
    return shift;
}

/*
 * One of few lengths, so that all photos of a camera, dark or light, get the same: 1 for normalised pictures, else the
 * first of 2^16, 2^20, 2^24, 2^32, 2^40 ... that holds all but rare values.
 */
static double length_for(const hp_survey *s, hp_stored_type type)
{
    bool is_float = type == HP_STORED_F32 || type == HP_STORED_F64;
    if (is_float && s->most <= MOST_OF_UNIT && s->beyond_one <= s->count / RARE_ABOVE_ONE)
        return 1;
    uint64_t inside = 0;
    unsigned power = 0;
    for (; power < 63; power++) {
        inside += s->below_power[power];
        if (s->count - inside <= s->count / RARE)
            break;
    }
    power = power <= 16 ? 16 : power <= 20 ? 20 : power <= 24 ? 24 : (power + 7) / 8 * 8;
    return ldexp(1, (int)power) - 1;
}

hp_scale hp_survey_scale(const hp_survey *survey, hp_stored_type type)
{
    if (type == HP_STORED_U8)
        return (hp_scale){0};
    if (type == HP_STORED_U16)
        return (hp_scale){.shift = zero_bits(survey->used_bits)};
    double length = length_for(survey, type);
    bool below = survey->negative > survey->count / RARE;
    return (hp_scale){.low = below ? -length / HEADROOM : 0, .high = length};
}

hp_scale hp_scale_join(const hp_scale *a, const hp_scale *b)
{
    double high = a->high > b->high ? a->high : b->high;
    return (hp_scale){
        .shift = a->shift < b->shift ? a->shift : b->shift,
        .low = a->low < 0 || b->low < 0 ? -high / HEADROOM : 0,
        .high = high,
    };
}
