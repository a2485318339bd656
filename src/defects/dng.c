#include "defects/dng.h"

#include "base/error.h"
#include "base/memory.h"
#include "base/text.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

enum {
    DIRECTORIES_MOST = 64,
    ENTRIES_MOST = 4096,
    ENTRY_BYTES = 12,
    SIDE_MOST = UINT16_MAX, /* rawspeed keeps places in 16 bits */
};

enum {
    NEW_SUBFILE_TYPE = 254,
    IMAGE_WIDTH = 256,
    IMAGE_LENGTH = 257,
    PHOTOMETRIC = 262,
    MAKE = 271,
    MODEL = 272,
    SUB_IFDS = 330,
    CFA_PATTERN = 33422,
    DNG_VERSION = 50706,
    CAMERA_SERIAL_NUMBER = 50735,
    ACTIVE_AREA = 50829,
    RAW_IMAGE_DIGEST = 50972,
    OPCODE_LIST_1 = 51008,
    NEW_RAW_IMAGE_DIGEST = 51111,
};

enum { TYPE_BYTE = 1, TYPE_ASCII = 2, TYPE_SHORT = 3, TYPE_LONG = 4, TYPE_UNDEFINED = 7, TYPE_IFD = 13 };
enum { PHOTOMETRIC_CFA = 32803, PHOTOMETRIC_LINEAR_RAW = 34892 };

typedef struct entry {
    uint32_t tag, type, count;
    const uint8_t *values; /* NULL where they lie outside the file */
} entry;

static uint32_t number(const hp_dng *dng, const uint8_t *at, unsigned bytes)
{
    uint32_t value = 0;
    for (unsigned i = 0; i < bytes; i++)
        value = value << 8 | at[dng->big_endian ? i : bytes - 1 - i];
    return value;
}

static void put_number(const hp_dng *dng, uint8_t *at, unsigned bytes, uint32_t value)
{
    for (unsigned i = 0; i < bytes; i++)
        at[dng->big_endian ? bytes - 1 - i : i] = (uint8_t)(value >> 8 * i);
}

static const uint8_t *within(const hp_dng *dng, size_t offset, size_t bytes)
{
    bool inside = offset <= dng->file.size && bytes <= dng->file.size - offset;
    return inside ? dng->file.data + offset : NULL;
}

static unsigned bytes_of(uint32_t type)
{
    switch (type) {
    case TYPE_SHORT:
        return 2;
    case TYPE_LONG:
    case TYPE_IFD:
        return 4;
    case TYPE_BYTE:
    case TYPE_ASCII:
    case TYPE_UNDEFINED:
        return 1;
    default:
        return 0; /* a type that none of the tags above has */
    }
}

static entry entry_at(const hp_dng *dng, const uint8_t *at)
{
    entry e = {number(dng, at, 2), number(dng, at + 2, 2), number(dng, at + 4, 4), NULL};
    size_t bytes = (size_t)e.count * bytes_of(e.type);
    if (bytes > 0)
        e.values = bytes <= 4 ? at + 8 : within(dng, number(dng, at + 8, 4), bytes);
    return e;
}

/* Value i of an entry of whole numbers; false where there is none. */
static bool value(const hp_dng *dng, const entry *e, uint32_t i, uint32_t *out)
{
    unsigned bytes = bytes_of(e->type);
    if (!e->values || i >= e->count || e->type == TYPE_ASCII)
        return false;
    *out = number(dng, e->values + (size_t)i * bytes, bytes);
    return true;
}

/* The entries of the directory at offset; 0 where it does not lie in the file. */
static uint32_t count_entries(const hp_dng *dng, size_t offset)
{
    const uint8_t *at = within(dng, offset, 2);
    uint32_t count = at ? number(dng, at, 2) : 0;
    bool good = count <= ENTRIES_MOST && within(dng, offset + 2, (size_t)count * ENTRY_BYTES + 4);
    return good ? count : 0;
}

static bool find(const hp_dng *dng, size_t offset, uint32_t tag, entry *e)
{
    uint32_t count = count_entries(dng, offset);
    for (uint32_t i = 0; i < count; i++) {
        *e = entry_at(dng, dng->file.data + offset + 2 + (size_t)i * ENTRY_BYTES);
        if (e->tag == tag)
            return true;
    }
    return false;
}

static bool get(const hp_dng *dng, size_t offset, uint32_t tag, uint32_t *out)
{
    entry e;
    return find(dng, offset, tag, &e) && value(dng, &e, 0, out);
}

static void get_text(const hp_dng *dng, size_t offset, uint32_t tag, char *out, size_t size)
{
    entry e;
    if (find(dng, offset, tag, &e) && e.values)
        hp_copy_trimmed(out, size, (const char *)e.values, e.count);
}

static bool is_raw(const hp_dng *dng, size_t offset)
{
    uint32_t type = 0, photometric = 0;
    (void)get(dng, offset, NEW_SUBFILE_TYPE, &type);
    (void)get(dng, offset, PHOTOMETRIC, &photometric);
    return type == 0 && (photometric == PHOTOMETRIC_CFA || photometric == PHOTOMETRIC_LINEAR_RAW);
}

/* Looks at the directory that the 4 bytes at `pointer` point to, and at those below it. */
static bool look_at(hp_dng *dng, size_t pointer)
{
    const uint8_t *at = within(dng, pointer, 4);
    size_t offset = at ? number(dng, at, 4) : 0;
    if (offset == 0 || !is_raw(dng, offset))
        return false;
    dng->pointer = pointer;
    dng->directory = offset;
    dng->entries = count_entries(dng, offset);
    return true;
}

/* The first directory, and those that it has below it: a DNG keeps its raw picture in one of these. */
static bool find_raw(hp_dng *dng)
{
    enum { FIRST_POINTER = 4 };
    entry e;
    size_t first = number(dng, dng->file.data + FIRST_POINTER, 4);
    if (look_at(dng, FIRST_POINTER))
        return true;
    if (!find(dng, first, SUB_IFDS, &e) || !e.values || bytes_of(e.type) != 4)
        return false;
    for (uint32_t i = 0; i < e.count && i < DIRECTORIES_MOST; i++)
        if (look_at(dng, (size_t)(e.values - dng->file.data) + 4 * (size_t)i))
            return true;
    return false;
}

/* Top, left, bottom, right; the whole frame where the tag is missing. */
static bool read_area(hp_dng *dng)
{
    entry e;
    uint32_t bottom = dng->height, right = dng->width;
    if (find(dng, dng->directory, ACTIVE_AREA, &e) &&
        (!value(dng, &e, 0, &dng->top) || !value(dng, &e, 1, &dng->left) || !value(dng, &e, 2, &bottom) ||
         !value(dng, &e, 3, &right)))
        return false;
    if (dng->top >= bottom || dng->left >= right || bottom > dng->height || right > dng->width)
        return false;
    dng->camera.width = right - dng->left;
    dng->camera.height = bottom - dng->top;
    return true;
}

/* The pattern begins at the active area, the phase at the first pixel of the frame. */
static void read_phase(hp_dng *dng)
{
    enum { RED, GREEN, BLUE };
    entry e;
    uint32_t colour = 0, right = 0, row = dng->top % 2 * 2, column = dng->left % 2;
    if (!find(dng, dng->directory, CFA_PATTERN, &e) || e.count != 4 || !value(dng, &e, row + column, &colour) ||
        !value(dng, &e, row + (column + 1) % 2, &right))
        return;
    dng->bayer_phase = colour == GREEN ? (right == BLUE ? 2 : 1) : colour == BLUE ? 3 : 0;
}

static void read_names(hp_dng *dng)
{
    size_t first = number(dng, dng->file.data + 4, 4);
    hp_camera *camera = &dng->camera;
    camera->source = HP_SOURCE_RAW;
    get_text(dng, first, MAKE, camera->make, sizeof camera->make);
    get_text(dng, first, MODEL, camera->model, sizeof camera->model);
    get_text(dng, first, CAMERA_SERIAL_NUMBER, camera->serial, sizeof camera->serial);
}

int hp_dng_open(hp_bytes file, hp_dng *dng, hp_error *err)
{
    entry e;
    *dng = (hp_dng){.file = file, .big_endian = file.size > 0 && file.data[0] == 'M'};
    if (file.size < 16 || (memcmp(file.data, "II", 2) != 0 && memcmp(file.data, "MM", 2) != 0) ||
        number(dng, file.data + 2, 2) != 42)
        return hp_fail(err, HP_E_UNSUPPORTED, "is no DNG%s",
                       file.size >= 4 && number(dng, file.data + 2, 2) == 43 ? " that is read: it is a BigTIFF" : "");
    if (!find(dng, number(dng, file.data + 4, 4), DNG_VERSION, &e))
        return hp_fail(err, HP_E_UNSUPPORTED, "is no DNG, or one whose beginning is damaged");
    if (!find_raw(dng))
        return hp_fail(err, HP_E_INPUT, "is a DNG without a raw picture");
    (void)get(dng, dng->directory, IMAGE_WIDTH, &dng->width);
    (void)get(dng, dng->directory, IMAGE_LENGTH, &dng->height);
    if (dng->width > SIDE_MOST || dng->height > SIDE_MOST || !read_area(dng))
        return hp_fail(err, HP_E_INPUT, "is a DNG of %ux%u with an active area that cannot be", dng->width,
                       dng->height);
    if (find(dng, dng->directory, OPCODE_LIST_1, &e) && e.values)
        dng->opcodes = (hp_bytes){e.values, (size_t)e.count * bytes_of(e.type)};
    read_phase(dng);
    read_names(dng);
    return HP_OK;
}

bool hp_dng_find(const hp_dng *dng, uint32_t tag, hp_dng_numbers *found)
{
    entry e;
    if (!find(dng, dng->directory, tag, &e) || !e.values || e.count == 0 || e.type == TYPE_ASCII)
        return false;
    *found = (hp_dng_numbers){e.count, bytes_of(e.type), (size_t)(e.values - dng->file.data)};
    return true;
}

uint32_t hp_dng_get(const hp_dng *dng, const hp_dng_numbers *numbers, uint32_t i)
{
    assert(i < numbers->count);
    return number(dng, dng->file.data + numbers->place + (size_t)i * numbers->bytes, numbers->bytes);
}

/* ---- writing ---- */

bool hp_dng_put(const hp_dng *dng, const hp_dng_numbers *numbers, uint32_t i, uint32_t value, uint8_t *copy)
{
    assert(i < numbers->count);
    if (numbers->bytes < sizeof value && value >> 8 * numbers->bytes)
        return false;
    put_number(dng, copy + numbers->place + (size_t)i * numbers->bytes, numbers->bytes, value);
    return true;
}

void hp_dng_drop_digests(const hp_dng *dng, uint8_t *copy)
{
    enum { DIGEST_BYTES = 16 };
    static const uint32_t tags[] = {RAW_IMAGE_DIGEST, NEW_RAW_IMAGE_DIGEST};
    const size_t directories[] = {number(dng, dng->file.data + 4, 4), dng->directory};
    entry e;
    for (int d = 0; d < 2; d++)
        for (int t = 0; t < 2; t++)
            if (find(dng, directories[d], tags[t], &e) && e.values && bytes_of(e.type) == 1 && e.count == DIGEST_BYTES)
                memset(copy + (e.values - dng->file.data), 0, DIGEST_BYTES);
}

/* The directory again, with the entry of the list in its place by the order of tags. */
static size_t build_directory(const hp_dng *dng, uint32_t list_offset, size_t list_size, uint8_t *out)
{
    const uint8_t *old = dng->file.data + dng->directory + 2;
    uint8_t own[ENTRY_BYTES];
    uint32_t count = 0;
    bool placed = false;
    put_number(dng, own, 2, OPCODE_LIST_1);
    put_number(dng, own + 2, 2, TYPE_UNDEFINED);
    put_number(dng, own + 4, 4, (uint32_t)list_size);
    put_number(dng, own + 8, 4, list_offset);
    for (uint32_t i = 0; i <= dng->entries; i++) {
        uint32_t tag = i < dng->entries ? number(dng, old + (size_t)i * ENTRY_BYTES, 2) : UINT32_MAX;
        if (!placed && tag >= OPCODE_LIST_1) {
            memcpy(out + 2 + (size_t)count++ * ENTRY_BYTES, own, ENTRY_BYTES);
            placed = true;
        }
        if (i < dng->entries && tag != OPCODE_LIST_1)
            memcpy(out + 2 + (size_t)count++ * ENTRY_BYTES, old + (size_t)i * ENTRY_BYTES, ENTRY_BYTES);
    }
    put_number(dng, out, 2, count);
    memcpy(out + 2 + (size_t)count * ENTRY_BYTES, old + (size_t)dng->entries * ENTRY_BYTES, 4); /* the next one */
    return 2 + (size_t)count * ENTRY_BYTES + 4;
}

static void pad(FILE *stream, size_t size)
{
    if (size % 2)
        fputc(0, stream);
}

int hp_dng_write(const hp_dng *dng, hp_bytes opcodes, FILE *stream, hp_error *err)
{
    const hp_bytes file = dng->file;
    size_t list = file.size + file.size % 2;
    size_t directory = list + opcodes.size + opcodes.size % 2;
    size_t room = 2 + ((size_t)dng->entries + 1) * ENTRY_BYTES + 4;
    if (file.size > UINT32_MAX || opcodes.size <= 4 || opcodes.size > UINT32_MAX || directory > UINT32_MAX - room)
        return hp_fail(err, HP_E_UNSUPPORTED, "with a list it would be longer than 4 GiB, which a DNG cannot be");
    uint8_t pointer[4], *built = hp_calloc(room, 1, err);
    if (!built)
        return HP_E_MEMORY;
    size_t size = build_directory(dng, (uint32_t)list, opcodes.size, built);
    put_number(dng, pointer, 4, (uint32_t)directory);
    (void)fwrite(file.data, 1, dng->pointer, stream);
    (void)fwrite(pointer, 1, sizeof pointer, stream);
    (void)fwrite(file.data + dng->pointer + 4, 1, file.size - dng->pointer - 4, stream);
    pad(stream, file.size);
    (void)fwrite(opcodes.data, 1, opcodes.size, stream);
    pad(stream, opcodes.size);
    (void)fwrite(built, 1, size, stream);
    free(built);
    return HP_OK;
}
