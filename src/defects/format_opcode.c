/*
 * Opcode 5 of DNG's OpcodeList1: big-endian, row before column, counted in the whole raw frame with its masked pixels;
 * bottom and right of a rectangle are behind it. A point outside the frame makes rawspeed (darktable) give up the
 * photo.
 */
#include "base/error.h"
#include "base/memory.h"
#include "defects/dng.h"
#include "defects/list_format.h"
#include "defects/opcodes.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

enum {
    FIX_BAD_PIXELS_LIST = 5,
    DNG_1_3 = 0x01030000,
    OPTIONAL = 1,    /* a reader that does not know it may go on */
    HEAD_BYTES = 16, /* id, version, flags, bytes of data */
    DATA_BYTES = 12, /* phase, points, rectangles */
    POINT_BYTES = 8, /* row, column */
    AREA_BYTES = 16, /* top, left, bottom, right */
    OPCODES_MOST = 256
};

static uint32_t get32(const uint8_t *at)
{
    return (uint32_t)at[0] << 24 | (uint32_t)at[1] << 16 | (uint32_t)at[2] << 8 | at[3];
}

static void put32(uint8_t **at, uint32_t value)
{
    for (int shift = 24; shift >= 0; shift -= 8)
        *(*at)++ = (uint8_t)(value >> shift);
}

/* The opcodes of a list one after the other: data without its head; NULL at the end, and *whole tells whether it is. */
static const uint8_t *next_opcode(hp_bytes list, size_t *at, uint32_t *id, uint32_t *size, bool *whole)
{
    *whole = *at == list.size;
    if (*at > list.size || list.size - *at < HEAD_BYTES)
        return NULL;
    const uint8_t *head = list.data + *at;
    *id = get32(head);
    *size = get32(head + 12);
    if (*size > list.size - *at - HEAD_BYTES)
        return NULL;
    *at += HEAD_BYTES + (size_t)*size;
    return head + HEAD_BYTES;
}

/* ---- writing ---- */

/* A smear is not in the raw samples: there only the pixel itself is bad. */
static bool is_point(const hp_list *list, const hp_defect *d)
{
    return hp_defect_is_smeared(list, d) || (d->box.width == 1 && d->box.height == 1);
}

static void put_places(const hp_list *list, const hp_dng *dng, uint8_t **at)
{
    for (size_t i = 0; i < list->defect_count; i++) {
        const hp_defect *d = &list->defects[i];
        if (!is_point(list, d))
            continue;
        put32(at, d->y + dng->top);
        put32(at, d->x + dng->left);
    }
    for (size_t i = 0; i < list->defect_count; i++) {
        const hp_defect *d = &list->defects[i];
        if (is_point(list, d))
            continue;
        put32(at, d->box.y + dng->top);
        put32(at, d->box.x + dng->left);
        put32(at, d->box.y + d->box.height + dng->top);
        put32(at, d->box.x + d->box.width + dng->left);
    }
}

/* What the photo has already, and the list as one opcode more. */
static int build(const hp_list *list, const hp_dng *dng, uint8_t **out, size_t *size, hp_error *err)
{
    uint32_t points = 0, count = dng->opcodes.size >= 4 ? get32(dng->opcodes.data) : 0;
    size_t before = dng->opcodes.size >= 4 ? dng->opcodes.size - 4 : 0;
    for (size_t i = 0; i < list->defect_count; i++)
        points += is_point(list, &list->defects[i]);
    uint32_t areas = (uint32_t)list->defect_count - points;
    uint32_t data = DATA_BYTES + points * POINT_BYTES + areas * AREA_BYTES; /* bounded by HP_DEFECTS_MOST */
    if (count >= OPCODES_MOST)
        return hp_fail(err, HP_E_INPUT, "the photo has %u opcodes already", count);
    *size = 4 + before + HEAD_BYTES + data;
    uint8_t *at = *out = hp_calloc(*size, 1, err);
    if (!at)
        return HP_E_MEMORY;
    put32(&at, count + 1);
    if (before)
        memcpy(at, dng->opcodes.data + 4, before);
    at += before;
    const uint32_t head[] = {FIX_BAD_PIXELS_LIST, DNG_1_3, OPTIONAL, data, dng->bayer_phase, points, areas};
    for (size_t i = 0; i < sizeof head / sizeof *head; i++)
        put32(&at, head[i]);
    put_places(list, dng, &at);
    return HP_OK;
}

static int check(const hp_list *list, const hp_dng *dng, hp_error *err)
{
    const hp_camera *a = &list->camera, *b = &dng->camera;
    char own[HP_LABEL_BYTES], other[HP_LABEL_BYTES];
    if (!hp_camera_agrees(a, b))
        return hp_fail(err, HP_E_INPUT, "the list is for %s, the photo of %s", hp_camera_label(a, own),
                       hp_camera_label(b, other));
    if (a->width != b->width || a->height != b->height)
        return hp_fail(err, HP_E_INPUT,
                       "the list is for photos of %" PRIu32 "x%" PRIu32 ", the photo has %" PRIu32 "x%" PRIu32,
                       a->width, a->height, b->width, b->height);
    uint32_t id, size, count = 0;
    bool whole = true;
    for (size_t at = 4; dng->opcodes.size && next_opcode(dng->opcodes, &at, &id, &size, &whole);)
        count++;
    if (!whole || (dng->opcodes.size && count != get32(dng->opcodes.data)))
        return hp_fail(err, HP_E_INPUT, "the photo's list of opcodes is damaged");
    return hp_list_check(list, err);
}

int hp_opcodes_write(const hp_list *list, hp_bytes file, FILE *stream, hp_error *err)
{
    hp_dng dng;
    uint8_t *opcodes = NULL;
    size_t size = 0;
    int code = hp_dng_open(file, &dng, err);
    if (code)
        return hp_fail_in(err, code, "the photo");
    code = check(list, &dng, err);
    if (!code)
        code = build(list, &dng, &opcodes, &size, err);
    if (!code)
        code = hp_dng_write(&dng, (hp_bytes){opcodes, size}, stream, err);
    free(opcodes);
    return code;
}

static int write_list(const hp_writing *writing, hp_error *err)
{
    return hp_opcodes_write(&writing->result->lists[0], writing->photo, writing->stream, err);
}

/* ---- reading ---- */

/* Cuts start and end, in the raw frame, to the active area; false where nothing is left. */
static bool cut(uint32_t *start, uint32_t *length, uint32_t first, uint32_t side)
{
    uint32_t end = *start + *length, last = first + side;
    uint32_t from = *start > first ? *start : first, to = end < last ? end : last;
    *start = from - first;
    *length = to > from ? to - from : 0;
    return to > from;
}

static int add_area(const hp_dng *dng, const uint32_t edge[4], hp_list_maker *maker, size_t *masked, hp_error *err)
{
    uint32_t top = edge[0], left = edge[1], bottom = edge[2], right = edge[3];
    if (top >= bottom || left >= right || bottom > dng->height || right > dng->width)
        return hp_fail(err, HP_E_INPUT,
                       "opcode 5: row %" PRIu32 ", column %" PRIu32 " lies outside the raw frame of %" PRIu32
                       "x%" PRIu32,
                       top, left, dng->width, dng->height);
    hp_box box = {left, top, right - left, bottom - top};
    if (!cut(&box.x, &box.width, dng->left, dng->camera.width) ||
        !cut(&box.y, &box.height, dng->top, dng->camera.height)) {
        ++*masked;
        return HP_OK;
    }
    const hp_defect defect = hp_defect_area(box);
    return hp_list_add(maker, &defect, err);
}

static int read_opcode(const hp_dng *dng, const uint8_t *data, uint32_t size, hp_list_maker *maker, size_t *masked,
                       hp_error *err)
{
    uint64_t points = size >= DATA_BYTES ? get32(data + 4) : 0, areas = size >= DATA_BYTES ? get32(data + 8) : 0;
    int code = HP_OK;
    if (size < DATA_BYTES || DATA_BYTES + points * POINT_BYTES + areas * AREA_BYTES != size)
        return hp_fail(err, HP_E_INPUT, "opcode 5 has %" PRIu32 " bytes, and not what its numbers need", size);
    data += DATA_BYTES;
    for (uint64_t i = 0; i < points && !code; i++, data += POINT_BYTES) {
        uint32_t row = get32(data), column = get32(data + 4);
        const uint32_t edge[] = {row, column, row + (row < UINT32_MAX), column + (column < UINT32_MAX)};
        code = add_area(dng, edge, maker, masked, err);
    }
    for (uint64_t i = 0; i < areas && !code; i++, data += AREA_BYTES) {
        const uint32_t edge[] = {get32(data), get32(data + 4), get32(data + 8), get32(data + 12)};
        code = add_area(dng, edge, maker, masked, err);
    }
    return code;
}

static int read_opcodes(const hp_dng *dng, hp_list_maker *maker, size_t *masked, hp_error *err)
{
    size_t at = 4;
    uint32_t id, size, found = 0;
    bool whole = true;
    const uint8_t *data;
    while (dng->opcodes.size >= 4 && (data = next_opcode(dng->opcodes, &at, &id, &size, &whole))) {
        int code = id == FIX_BAD_PIXELS_LIST ? read_opcode(dng, data, size, maker, masked, err) : HP_OK;
        if (code)
            return code;
        found += id == FIX_BAD_PIXELS_LIST;
    }
    if (!whole)
        return hp_fail(err, HP_E_INPUT, "its list of opcodes is damaged");
    return found ? HP_OK
                 : hp_fail(
                       err, HP_E_INPUT,
                       "is a DNG without a list of bad pixels (opcode 5); hotpix scan PHOTO... -o bad.json makes one");
}

static int warn_masked(hp_list *list, size_t masked, hp_error *err)
{
    return masked ? hp_list_warn(list, err, "%zu bad pixels outside the active area are left out", masked) : HP_OK;
}

static int read_list(hp_reading *reading, hp_error *err)
{
    hp_dng dng;
    hp_list_maker maker = {0};
    size_t masked = 0;
    int code = hp_dng_open(reading->file, &dng, err);
    if (code == HP_E_UNSUPPORTED)
        return hp_fail(err, HP_E_INPUT,
                       "is a photo, and no DNG with a list of bad pixels; hotpix scan PHOTO... -o bad.json makes one");
    if (code)
        return code;
    maker.list.camera = dng.camera;
    code = hp_reading_settle(reading, &maker.list, HP_SOURCE_RAW, err);
    if (!code)
        code = read_opcodes(&dng, &maker, &masked, err);
    if (!code)
        code = warn_masked(&maker.list, masked, err);
    if (!code)
        code = hp_reading_add(reading, &maker.list, err);
    hp_list_clear(&maker.list);
    return code;
}

static bool probe(hp_bytes file)
{
    return file.size >= 4 && (!memcmp(file.data, "II*\0", 4) || !memcmp(file.data, "MM\0*", 4));
}

const hp_list_format hp_list_opcode = {.name = "opcode",
                                       .endings = {".dng"},
                                       .inside_photo = true,
                                       .for_raws = true,
                                       .probe = probe,
                                       .read = read_list,
                                       .write = write_list};
