#include "tiny_dng.h"

#include <stdlib.h>
#include <string.h>

enum { LEFT = 3, TOP = 2, RIGHT = 1, BOTTOM = 4, BYTE = 1, ASCII = 2, SHORT = 3, LONG = 4, SPACE = 1024 };

typedef struct maker {
    uint8_t data[SPACE];
    size_t at;   /* of the next entry */
    size_t free; /* for values that do not fit an entry */
    bool big_endian;
} maker;

static void put(maker *m, size_t at, unsigned size, uint32_t value)
{
    for (unsigned i = 0; i < size; i++)
        m->data[at + (m->big_endian ? size - 1 - i : i)] = (uint8_t)(value >> 8 * i);
}

static void entry(maker *m, uint32_t tag, uint32_t type, uint32_t count, const uint32_t *values)
{
    unsigned size = type == LONG ? 4 : type == SHORT ? 2 : 1;
    size_t place = m->at + 8;
    put(m, m->at, 2, tag);
    put(m, m->at + 2, 2, type);
    put(m, m->at + 4, 4, count);
    if (size * count > 4) {
        put(m, place, 4, (uint32_t)m->free);
        place = m->free;
        m->free += (size_t)size * count;
    }
    for (uint32_t i = 0; i < count; i++)
        put(m, place + (size_t)i * size, size, values[i]);
    m->at += 12;
}

static void one(maker *m, uint32_t tag, uint32_t type, uint32_t value)
{
    entry(m, tag, type, 1, &value);
}

static void text(maker *m, uint32_t tag, const char *words)
{
    uint32_t letters[32], length = (uint32_t)strlen(words) + 1;
    for (uint32_t i = 0; i < length; i++)
        letters[i] = (uint8_t)words[i];
    entry(m, tag, ASCII, length, letters);
}

static void names(maker *m)
{
    static const uint32_t version[] = {1, 4, 0, 0};
    text(m, 271, "HOTPIX");
    text(m, 272, "TINY");
    entry(m, 50706, BYTE, 4, version);
    text(m, 50735, "77");
}

static void picture(maker *m, uint32_t width, uint32_t height, bool with_names)
{
    const uint32_t pattern[] = {0, 1, 1, 2}, area[] = {TOP, LEFT, TOP + height, LEFT + width};
    one(m, 254, LONG, 0);
    one(m, 256, LONG, width + LEFT + RIGHT);
    one(m, 257, LONG, height + TOP + BOTTOM);
    one(m, 258, SHORT, 16);
    one(m, 262, SHORT, 32803);
    if (with_names)
        names(m);
    entry(m, 33422, BYTE, 4, pattern);
    entry(m, 50829, LONG, 4, area);
}

bytes tiny_dng(uint32_t width, uint32_t height, bool big_endian, bool in_sub)
{
    enum { FIRST = 8, SECOND = 256, VALUES = 512 };
    maker m = {.free = VALUES, .big_endian = big_endian};
    memcpy(m.data, big_endian ? "MM" : "II", 2);
    put(&m, 2, 2, 42);
    put(&m, 4, 4, FIRST);
    m.at = FIRST + 2;
    if (in_sub) {
        one(&m, 254, LONG, 1);
        names(&m);
        one(&m, 330, LONG, SECOND);
        put(&m, FIRST, 2, (uint32_t)(m.at - FIRST - 2) / 12);
        m.at = SECOND + 2;
        picture(&m, width, height, false);
        put(&m, SECOND, 2, (uint32_t)(m.at - SECOND - 2) / 12);
    } else {
        picture(&m, width, height, true);
        put(&m, FIRST, 2, (uint32_t)(m.at - FIRST - 2) / 12);
    }
    bytes made = {malloc(SPACE), m.free};
    if (!made.data)
        abort();
    memcpy(made.data, m.data, m.free);
    return made;
}
