#include "repair/jpeg_index.h"

#include <string.h>

enum {
    ENTRY_TAG = 0xb002,
    FIELD_BYTES = 12,
    PICTURE_BYTES = 16,
    FIELDS_MOST = 64,
    MARK = 0xff,
    SOS = 0xda,
    APP2 = 0xe2
};

/* The TIFF-like block in the APP2 segment; places in it count from its first byte. */
typedef struct block {
    uint8_t *data;
    size_t size;
    bool big_endian;
} block;

static uint32_t get(const block *b, size_t at, unsigned bytes)
{
    uint32_t value = 0;
    for (unsigned i = 0; i < bytes; i++)
        value = value << 8 | b->data[at + (b->big_endian ? i : bytes - 1 - i)];
    return value;
}

static void put32(const block *b, size_t at, uint32_t value)
{
    for (unsigned i = 0; i < 4; i++)
        b->data[at + (b->big_endian ? 3 - i : i)] = (uint8_t)(value >> 8 * i);
}

static bool has(const block *b, size_t at, size_t bytes)
{
    return at <= b->size && bytes <= b->size - at;
}

/* Each entry: attributes, length, place. The first picture's place is 0: it grew. The others moved. */
static void move_pictures(const block *b, size_t at, size_t count, uint32_t by)
{
    for (size_t i = 0; i < count; i++, at += PICTURE_BYTES) {
        uint32_t length = get(b, at + 4, 4), place = get(b, at + 8, 4);
        if (place == 0)
            put32(b, at + 4, length + by);
        else
            put32(b, at + 8, place + by);
    }
}

static void move_block(const block *b, uint32_t by)
{
    size_t at = has(b, 0, 8) ? get(b, 4, 4) : b->size;
    size_t fields = has(b, at, 2) ? get(b, at, 2) : 0;
    if (fields > FIELDS_MOST || !has(b, at, 2 + fields * FIELD_BYTES))
        return;
    for (size_t i = 0; i < fields; i++) {
        size_t field = at + 2 + i * FIELD_BYTES;
        size_t bytes = get(b, field + 4, 4), place = get(b, field + 8, 4);
        if (get(b, field, 2) == ENTRY_TAG && has(b, place, bytes))
            move_pictures(b, place, bytes / PICTURE_BYTES, by);
    }
}

void hp_jpeg_index_move(uint8_t *picture, size_t size, size_t by)
{
    for (size_t at = 2; at + 4 <= size && picture[at] == MARK && picture[at + 1] != SOS;) {
        if (picture[at + 1] == MARK) {
            at++;
            continue;
        }
        size_t length = (size_t)picture[at + 2] << 8 | picture[at + 3], body = at + 4;
        if (length < 2 || length - 2 > size - body)
            return;
        if (picture[at + 1] == APP2 && length > 2 + 12 && memcmp(picture + body, "MPF\0", 4) == 0) {
            uint8_t *start = picture + body + 4;
            const block b = {start, length - 6, start[0] == 'M'};
            move_block(&b, (uint32_t)by);
        }
        at += 2 + length;
    }
}
