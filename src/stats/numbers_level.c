/*
 * What takes time in numbers.h, written once and compiled for each level (HP_LEVEL names it): plain loops that the
 * compiler vectorises. Turning bytes round needs SSSE3: 3 to 5 times as fast with it.
 */
#define _DEFAULT_SOURCE /* endian.h */
#include "stats/number_kernels.h"

#include <assert.h>
#include <endian.h>

#define HP_JOIN2(a, b) a##b
#define HP_OF_LEVEL(name, level) HP_JOIN2(name, level)
#define HP_TABLE HP_OF_LEVEL(hp_number_kernels_, HP_LEVEL)

#define FLIP16 0x8000u
#define FLIP32 0x80000000u
#define FLIP64 0x8000000000000000u

/* Adding half the range to a signed number is the same as turning its highest bit over. */
static uint32_t flip32(hp_number number)
{
    return number == HP_NUMBER_U32 ? FLIP32 : 0;
}

static void encode8(const uint8_t *values, size_t stride, size_t count, uint8_t *file)
{
    for (size_t i = 0; i < count; i++)
        file[i] = values[i * stride];
}

static void encode16(const uint16_t *values, size_t stride, size_t count, uint16_t *file)
{
    for (size_t i = 0; i < count; i++)
        file[i] = htobe16((uint16_t)(values[i * stride] ^ FLIP16));
}

static void encode32(const uint32_t *values, size_t stride, size_t count, uint32_t flip, uint32_t *file)
{
    for (size_t i = 0; i < count; i++)
        file[i] = htobe32(values[i * stride] ^ flip);
}

static void encode64(const uint64_t *values, size_t stride, size_t count, uint64_t *file)
{
    for (size_t i = 0; i < count; i++)
        file[i] = htobe64(values[i * stride] ^ FLIP64);
}

static void encode(hp_number number, const void *values, size_t stride, size_t count, void *file)
{
    switch (number) {
    case HP_NUMBER_U8:
        encode8(values, stride, count, file);
        break;
    case HP_NUMBER_U16:
        encode16(values, stride, count, file);
        break;
    case HP_NUMBER_I32:
    case HP_NUMBER_U32:
        encode32(values, stride, count, flip32(number), file);
        break;
    case HP_NUMBER_U64:
        encode64(values, stride, count, file);
        break;
    }
}

static void decode8(const uint8_t *file, size_t count, uint8_t *values, size_t stride)
{
    for (size_t i = 0; i < count; i++)
        values[i * stride] = file[i];
}

static void decode16(const uint16_t *file, size_t count, uint16_t *values, size_t stride)
{
    for (size_t i = 0; i < count; i++)
        values[i * stride] = (uint16_t)(be16toh(file[i]) ^ FLIP16);
}

static void decode32(const uint32_t *file, size_t count, uint32_t flip, uint32_t *values, size_t stride)
{
    for (size_t i = 0; i < count; i++)
        values[i * stride] = be32toh(file[i]) ^ flip;
}

static void decode64(const uint64_t *file, size_t count, uint64_t *values, size_t stride)
{
    for (size_t i = 0; i < count; i++)
        values[i * stride] = be64toh(file[i]) ^ FLIP64;
}

static void decode(hp_number number, const void *file, size_t count, void *values, size_t stride)
{
    switch (number) {
    case HP_NUMBER_U8:
        decode8(file, count, values, stride);
        break;
    case HP_NUMBER_U16:
        decode16(file, count, values, stride);
        break;
    case HP_NUMBER_I32:
    case HP_NUMBER_U32:
        decode32(file, count, flip32(number), values, stride);
        break;
    case HP_NUMBER_U64:
        decode64(file, count, values, stride);
        break;
    }
}

/* The loops that follow are alike for each type; a macro writes them, each a plain loop that vectorises. */
#define LARGEST(type, size_of)                                                                                         \
    do {                                                                                                               \
        const type *v = values;                                                                                        \
        type most = 0;                                                                                                 \
        for (size_t i = 0; i < count; i++) {                                                                           \
            type size = (type)(size_of(v[i * stride]));                                                                \
            most = size > most ? size : most;                                                                          \
        }                                                                                                              \
        return most;                                                                                                   \
    } while (0)
#define ITSELF(x) (x)
#define MAGNITUDE(x) ((x)&FLIP32 ? 0u - (x) : (x))

static uint64_t largest(hp_number number, const void *values, size_t stride, size_t count)
{
    switch (number) {
    case HP_NUMBER_U8:
        LARGEST(uint8_t, ITSELF);
    case HP_NUMBER_U16:
        LARGEST(uint16_t, ITSELF);
    case HP_NUMBER_I32:
        LARGEST(uint32_t, MAGNITUDE);
    case HP_NUMBER_U32:
        LARGEST(uint32_t, ITSELF);
    case HP_NUMBER_U64:
        LARGEST(uint64_t, ITSELF);
    }
    return UINT64_MAX;
}

#define EACH(type, expression)                                                                                         \
    do {                                                                                                               \
        type *a = into;                                                                                                \
        const type *b = from;                                                                                          \
        for (size_t i = 0; i < count; i++)                                                                             \
            a[i] = (type)(expression);                                                                                 \
    } while (0)

/* Signed sums too are added without sign: two's complement makes it the same. */
static void add(hp_number number, void *into, const void *from, size_t count)
{
    if (number == HP_NUMBER_U64)
        EACH(uint64_t, a[i] + b[i]);
    else
        EACH(uint32_t, a[i] + b[i]);
}

static void keep_least(hp_number number, void *into, const void *from, size_t count)
{
    if (number == HP_NUMBER_U8)
        EACH(uint8_t, b[i] < a[i] ? b[i] : a[i]);
    else
        EACH(uint16_t, b[i] < a[i] ? b[i] : a[i]);
}

static void keep_largest(hp_number number, void *into, const void *from, size_t count)
{
    if (number == HP_NUMBER_U8)
        EACH(uint8_t, b[i] > a[i] ? b[i] : a[i]);
    else
        EACH(uint16_t, b[i] > a[i] ? b[i] : a[i]);
}

static void join(hp_number number, hp_join how, void *into, const void *from, size_t count)
{
    assert((how == HP_JOIN_SUM) == (hp_number_bytes(number) >= 4));
    if (how == HP_JOIN_SUM)
        add(number, into, from, count);
    else if (how == HP_JOIN_MIN)
        keep_least(number, into, from, count);
    else
        keep_largest(number, into, from, count);
}

static void subtract(hp_number number, void *into, const void *from, size_t count)
{
    if (number == HP_NUMBER_U64)
        EACH(uint64_t, a[i] - b[i]);
    else
        EACH(uint32_t, a[i] - b[i]);
}

static uint64_t sum_words(const void *bytes, size_t size)
{
    const uint32_t *words = bytes;
    uint64_t sum = 0;
    for (size_t i = 0; i < size / 4; i++)
        sum += be32toh(words[i]);
    return sum;
}

extern const hp_number_kernels HP_TABLE;
const hp_number_kernels HP_TABLE = {encode, decode, largest, join, subtract, sum_words};
