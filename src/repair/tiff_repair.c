/*
 * TIFF, and DNG whose raw samples libtiff can write again. The copy begins as the file itself, byte for byte; then the
 * strips or tiles with a bad pixel are coded again in it, so that all else stays.
 */
#include "base/error.h"
#include "repair/raw_repair.h"
#include "repair/samples.h"
#include "repair/tiff_copy.h"

#include <math.h>
#include <string.h>

typedef struct picture {
    hp_tiff_copy copy;
    uint32_t left, top; /* of the frame in the stored picture, px */
} picture;

/* Where a sample lies: its row in the block, and which one of that row it is. */
static uint8_t *row_of(const picture *p, uint32_t x, uint32_t y, unsigned channel, uint32_t *block, size_t *index)
{
    const hp_tiff_layout *l = &p->copy.layout;
    x += p->left;
    y += p->top;
    *block = y / l->block_height * l->across + x / l->block_width + (l->separate ? channel * l->blocks : 0);
    *index = (size_t)(x % l->block_width) * (l->separate ? 1 : l->samples) + (l->separate ? 0 : channel);
    return p->copy.data + *block * l->block_bytes + y % l->block_height * l->row_bytes;
}

static bool is_packed(const hp_tiff_layout *l)
{
    return l->bits > 8 && l->bits < 16;
}

/* Bit by bit, the high one first: TIFF 6.0, FillOrder 1. */
static double get(const void *context, uint32_t x, uint32_t y, unsigned channel)
{
    const picture *p = context;
    const hp_tiff_layout *l = &p->copy.layout;
    uint32_t block, value = 0;
    size_t index;
    const uint8_t *row = row_of(p, x, y, channel, &block, &index);
    if (!is_packed(l)) {
        const hp_stored one = {.type = l->type, .channels = 1, .channel = {row}, .step = 1};
        return hp_stored_value(&one, 0, index);
    }
    for (size_t bit = index * l->bits; bit < (index + 1) * l->bits; bit++)
        value = value << 1 | (row[bit / 8] >> (7 - bit % 8) & 1u);
    return value;
}

static void put_typed(uint8_t *at, hp_stored_type type, double value)
{
    const int64_t whole = type == HP_STORED_F32 || type == HP_STORED_F64 ? 0 : (int64_t)value;
    const float narrow = (float)value;
    const uint8_t byte = (uint8_t)whole;
    const uint16_t two = (uint16_t)whole;
    const uint32_t four = (uint32_t)whole;
    switch (hp_stored_bytes(type)) {
    case 1:
        *at = byte;
        break;
    case 2:
        memcpy(at, &two, sizeof two);
        break;
    case 4:
        memcpy(at, type == HP_STORED_F32 ? (const void *)&narrow : (const void *)&four, sizeof four);
        break;
    default:
        memcpy(at, &value, sizeof value);
    }
}

static void set(void *context, uint32_t x, uint32_t y, unsigned channel, double value)
{
    picture *p = context;
    const hp_tiff_layout *l = &p->copy.layout;
    uint32_t block;
    size_t index;
    uint8_t *row = row_of(p, x, y, channel, &block, &index);
    p->copy.changed[block] = true;
    if (!is_packed(l)) {
        put_typed(row + index * hp_stored_bytes(l->type), l->type, value);
        return;
    }
    for (unsigned k = 0; k < l->bits; k++) {
        size_t bit = index * l->bits + k;
        unsigned mask = 1u << (7 - bit % 8), on = (uint32_t)value >> (l->bits - 1 - k) & 1u;
        row[bit / 8] = (uint8_t)((row[bit / 8] & ~mask) | (on ? mask : 0));
    }
}

static hp_samples samples_of(picture *p)
{
    const hp_tiff_layout *l = &p->copy.layout;
    hp_samples s = {.channels = l->channels, .get = get, .set = set, .context = p};
    bool is_float = l->type == HP_STORED_F32 || l->type == HP_STORED_F64;
    bool is_signed = l->type == HP_STORED_I8 || l->type == HP_STORED_I16 || l->type == HP_STORED_I32;
    s.whole = !is_float;
    s.low = is_float ? -HUGE_VAL : is_signed ? -ldexp(1, (int)l->bits - 1) : 0;
    s.high = is_float ? HUGE_VAL : ldexp(1, (int)l->bits - is_signed) - 1;
    return s;
}

static bool agrees(const void *context, uint32_t y, const uint16_t *row)
{
    const picture *whole = context;
    for (uint32_t x = 0; x < whole->copy.layout.width; x++)
        if ((double)row[x] != get(whole, x, y, 0))
            return false;
    return true;
}

/*
 * LibRaw takes strips to follow each other whatever the file says of them: a photo that it reads otherwise than libtiff
 * is not repaired so, nor is one whose copy it does, in which libtiff may have put a strip elsewhere.
 */
static int check_with_libraw(const picture *p, const hp_dng *dng, hp_error *err)
{
    const picture whole = {.copy = p->copy};
    if (p->copy.layout.width != dng->width || p->copy.layout.height != dng->height)
        return hp_fail(err, HP_E_UNSUPPORTED, "is a DNG that LibRaw and libtiff read differently");
    return hp_raw_repair_check(dng, (hp_bytes){p->copy.bytes, p->copy.size}, agrees, &whole, err);
}

/* raw: of a DNG; NULL: a TIFF. */
static int repair_copy(hp_repair *repair, const hp_dng *raw, FILE *stream, hp_error *err)
{
    if (repair->list->defect_count == 0)
        return HP_OK;
    picture p = {.left = raw ? raw->left : 0, .top = raw ? raw->top : 0};
    const hp_camera *frame = &repair->info->camera;
    const hp_tiff_layout *l = &p.copy.layout;
    int code = hp_tiff_copy_open(repair->file, raw ? raw->directory : 0, &p.copy, err);
    if (!code && (p.left + (uint64_t)frame->width > l->width || p.top + (uint64_t)frame->height > l->height))
        code = hp_fail(err, HP_E_INPUT, "changed while it was read");
    if (!code && raw)
        code = check_with_libraw(&p, raw, err);
    const hp_samples samples = samples_of(&p);
    if (!code)
        code = hp_samples_repair(&samples, repair, err);
    if (!code && repair->repaired)
        code = hp_tiff_copy_write(&p.copy, err);
    if (!code && repair->repaired && raw) {
        hp_dng_drop_digests(raw, p.copy.bytes);
        code = check_with_libraw(&p, raw, err);
    }
    if (!code && repair->repaired)
        (void)fwrite(p.copy.bytes, 1, p.copy.size, stream); /* the stream remembers a failure */
    hp_tiff_copy_close(&p.copy);
    return code;
}

int hp_repair_tiff(hp_repair *repair, FILE *stream, hp_error *err)
{
    return repair_copy(repair, NULL, stream, err);
}

int hp_repair_plain_dng(hp_repair *repair, const hp_dng *dng, FILE *stream, hp_error *err)
{
    return repair_copy(repair, dng, stream, err);
}
