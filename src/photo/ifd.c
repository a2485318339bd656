#include "photo/ifd.h"

#include "base/text.h"

#include <string.h>

enum {
    MOST_IFDS = 64,          /* of one file; a loop of directories ends here */
    MOST_ENTRIES = 4096,     /* of one directory */
    MOST_STRIPS = 1 << 22,   /* that are looked at */
    PHOTOMETRIC_CFA = 32803, /* TIFF/EP */
    PHOTOMETRIC_LINEAR_RAW = 34892,
};

enum {
    TAG_COMPRESSION = 259,
    TAG_PHOTOMETRIC = 262,
    TAG_MAKE = 271,
    TAG_MODEL = 272,
    TAG_STRIP_OFFSETS = 273,
    TAG_STRIP_BYTE_COUNTS = 279,
    TAG_TILE_OFFSETS = 324,
    TAG_TILE_BYTE_COUNTS = 325,
    TAG_SUB_IFDS = 330,
    TAG_CFA_REPEAT = 33421,
    TAG_CFA_PATTERN = 33422,
    TAG_LEAF_MOS = 34310,
    TAG_EXIF_IFD = 34665,
    TAG_DNG_VERSION = 50706,
    TAG_CFA_PLANE_COLOR = 50710,
    TAG_ACTIVE_AREA = 50829,
    TAG_KODAK_CFA_PATTERN = 64777,
};

/* Bytes of one value of each TIFF type; 0: no such type. */
static const uint8_t type_bytes[] = {0, 1, 1, 2, 4, 8, 1, 1, 2, 4, 8, 4, 8, 4, 0, 0, 8, 8, 8};

typedef struct walk {
    hp_bytes file;
    hp_ifds *out;
    bool big_endian, big_tiff;
    uint64_t waiting[MOST_IFDS]; /* offsets of directories */
    unsigned count;
} walk;

/* One entry: `values` points to its first value, or is NULL when that lies beyond the bytes given. */
typedef struct entry {
    unsigned tag, type;
    uint64_t count;
    const uint8_t *values;
} entry;

static uint64_t number_at(const walk *w, const uint8_t *at, unsigned bytes)
{
    uint64_t value = 0;
    for (unsigned i = 0; i < bytes; i++)
        value = value << 8 | at[w->big_endian ? i : bytes - 1 - i];
    return value;
}

static const uint8_t *within(const walk *w, uint64_t offset, uint64_t bytes)
{
    if (offset <= w->file.size && bytes <= w->file.size - offset)
        return w->file.data + offset;
    w->out->complete = false;
    return NULL;
}

/* Value i of an entry of integers; 0 when it is of another type. */
static uint64_t value_at(const walk *w, const entry *e, uint64_t i)
{
    bool is_integer = e->type == 1 || e->type == 3 || e->type == 4 || e->type == 13 || e->type == 16 || e->type == 18;
    unsigned bytes = type_bytes[e->type];
    return e->values && i < e->count && is_integer ? number_at(w, e->values + i * bytes, bytes) : 0;
}

static void push(walk *w, uint64_t offset)
{
    for (unsigned i = 0; i < w->count; i++)
        if (w->waiting[i] == offset)
            return;
    if (offset != 0 && w->count < MOST_IFDS)
        w->waiting[w->count++] = offset;
}

/* Reads the entry at `at` (12 bytes, 20 of BigTIFF). */
static entry read_entry(const walk *w, const uint8_t *at)
{
    unsigned word = w->big_tiff ? 8 : 4;
    entry e = {.tag = (unsigned)number_at(w, at, 2), .type = (unsigned)number_at(w, at + 2, 2)};
    e.count = number_at(w, at + 4, word);
    if (e.type >= sizeof type_bytes || type_bytes[e.type] == 0) {
        e.type = 0;
        return e;
    }
    const uint8_t *field = at + 4 + word;
    if (e.count <= word / type_bytes[e.type])
        e.values = field;
    else if (e.count <= UINT64_MAX / 8)
        e.values = within(w, number_at(w, field, word), e.count * type_bytes[e.type]);
    return e;
}

/* Compressions that only cameras write, as LibRaw and exiftool list them. */
static bool is_camera_compression(uint64_t code)
{
    static const uint16_t codes[] = {32767, 32769, 32770, 34713, 65000, 65024, 65535};
    for (size_t i = 0; i < sizeof codes / sizeof *codes; i++)
        if (code == codes[i])
            return true;
    return false;
}

static void read_text(const entry *e, char *out, size_t size)
{
    if (e->type == 2 && e->values && !out[0])
        hp_copy_trimmed(out, size, (const char *)e->values, (size_t)e->count);
}

/* Where the data of a directory ends. An offset or length of all ones (Panasonic) says nothing. */
static void find_end(walk *w, const entry *offsets, const entry *lengths)
{
    if (!offsets->values || !lengths->values)
        return; /* a count is what a file claims; values are what it has */
    uint64_t count = offsets->count < lengths->count ? offsets->count : lengths->count;
    for (uint64_t i = 0; i < count && i < MOST_STRIPS; i++) {
        uint64_t offset = value_at(w, offsets, i), length = value_at(w, lengths, i);
        if (offset == UINT32_MAX || length == UINT32_MAX || length > UINT64_MAX - offset || length == 0)
            continue;
        if (offset + length > w->out->data_end)
            w->out->data_end = offset + length;
    }
}

static void read_area(const walk *w, const entry *e)
{
    uint64_t side[4];
    for (unsigned i = 0; i < 4; i++) {
        side[i] = value_at(w, e, i);
        if (side[i] > INT32_MAX)
            return;
    }
    w->out->has_area = side[2] > side[0] && side[3] > side[1];
    w->out->area_top = (uint32_t)side[0];
    w->out->area_left = (uint32_t)side[1];
    w->out->area_bottom = (uint32_t)side[2];
    w->out->area_right = (uint32_t)side[3];
}

/* What single values say; those that lead to other directories are read_directory's. */
static void read_value(const walk *w, const entry *e)
{
    uint64_t first = value_at(w, e, 0);
    if (e->tag == TAG_COMPRESSION)
        w->out->raw |= is_camera_compression(first);
    else if (e->tag == TAG_PHOTOMETRIC) {
        w->out->mosaic |= first == PHOTOMETRIC_CFA;
        w->out->raw |= first == PHOTOMETRIC_LINEAR_RAW;
    } else if (e->tag == TAG_DNG_VERSION || e->tag == TAG_LEAF_MOS)
        w->out->raw = true;
    else if (e->tag == TAG_MAKE)
        read_text(e, w->out->make, sizeof w->out->make);
    else if (e->tag == TAG_MODEL)
        read_text(e, w->out->model, sizeof w->out->model);
    else if (e->tag == TAG_ACTIVE_AREA)
        read_area(w, e);
}

/*
 * LibRaw (to 0.21 at least) takes the planes of a pattern for the first of red, green, blue, white where the file does
 * not name them, knows two sets of complementary colours, and gives any other colour a plane that follows from what
 * the stack held: another one each time.
 */
static bool has_known_colours(const entry *pattern, const entry *planes)
{
    static const uint32_t known[] = {1, 3, 7, 15, 070, 072}; /* bit i: colour i of TIFF/EP occurs */
    enum { MOST_PATTERN = 16, MOST_PLANES = 4 };
    uint32_t seen = 0, named = 0;
    for (uint64_t i = 0; i < pattern->count && i < MOST_PATTERN; i++) {
        if (!pattern->values || pattern->values[i] > 31)
            return false;
        seen |= UINT32_C(1) << pattern->values[i];
    }
    for (uint64_t i = 0; planes->values && i < planes->count && i < MOST_PLANES; i++)
        named |= planes->values[i] > 31 ? 0 : UINT32_C(1) << planes->values[i];
    if (planes->tag)
        return seen != 0 && (seen & ~named) == 0;
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (seen == known[i])
            return true;
    return !pattern->tag;
}

/*
 * Debian's LibRaw 0.20.2 has a loop without an end for a pattern of 36 colours: it writes over all that lies behind it.
 * It has another way where it met a repeat of 6x6 before, but not for the pattern of old Kodaks.
 */
static bool is_endless(const walk *w, const entry *e, const entry *repeat)
{
    enum { TYPE_SHORT = 3, X_TRANS = 6 };
    bool announced =
        repeat->type == TYPE_SHORT && value_at(w, repeat, 0) == X_TRANS && value_at(w, repeat, 1) == X_TRANS;
    bool is_pattern = (e->tag == TAG_CFA_PATTERN && !announced) || e->tag == TAG_KODAK_CFA_PATTERN;
    return is_pattern && e->count == X_TRANS * X_TRANS;
}

static void read_directory(walk *w, const uint8_t *entries, uint64_t count)
{
    entry offsets = {0}, lengths = {0}, repeat = {0}, pattern = {0}, planes = {0};
    for (uint64_t i = 0; i < count; i++) {
        entry e = read_entry(w, entries + i * (w->big_tiff ? 20 : 12));
        read_value(w, &e);
        w->out->endless_cfa |= is_endless(w, &e, &repeat);
        if (e.tag == TAG_STRIP_OFFSETS || e.tag == TAG_TILE_OFFSETS)
            offsets = e;
        else if (e.tag == TAG_STRIP_BYTE_COUNTS || e.tag == TAG_TILE_BYTE_COUNTS)
            lengths = e;
        else if (e.tag == TAG_CFA_REPEAT)
            repeat = e;
        else if (e.tag == TAG_CFA_PATTERN)
            pattern = e;
        else if (e.tag == TAG_CFA_PLANE_COLOR)
            planes = e;
        else if (e.tag == TAG_EXIF_IFD)
            push(w, value_at(w, &e, 0));
        for (uint64_t k = 0; e.tag == TAG_SUB_IFDS && k < e.count && k < MOST_IFDS; k++)
            push(w, value_at(w, &e, k));
    }
    find_end(w, &offsets, &lengths);
    w->out->doubtful_cfa |= !has_known_colours(&pattern, &planes);
}

/* Of a directory that is cut short the entries that are there count: libraries read them, too. */
static void visit(walk *w, uint64_t offset)
{
    unsigned head = w->big_tiff ? 8 : 2, word = w->big_tiff ? 8 : 4, size = w->big_tiff ? 20 : 12;
    const uint8_t *at = within(w, offset, head);
    if (!at)
        return;
    uint64_t count = number_at(w, at, head);
    if (count > MOST_ENTRIES)
        count = MOST_ENTRIES;
    uint64_t there = (w->file.size - offset - head) / size;
    bool is_whole = within(w, offset + head, count * size) != NULL;
    read_directory(w, at + head, is_whole ? count : there);
    if (!is_whole)
        return;
    const uint8_t *next = within(w, offset + head + count * size, word);
    if (next)
        push(w, number_at(w, next, word));
}

/* The header: TIFF 6.0, section 2; BigTIFF; and the numbers that Panasonic and Olympus write instead of 42. */
static bool read_header(walk *w, uint64_t *first)
{
    const uint8_t *d = w->file.data;
    if (w->file.size < 16 || d[0] != d[1] || (d[0] != 'I' && d[0] != 'M'))
        return false;
    w->big_endian = d[0] == 'M';
    uint64_t magic = number_at(w, d + 2, 2);
    bool olympus = magic == 0x4f52 || magic == 0x5352, panasonic = magic == 0x55;
    if (magic != 42 && magic != 43 && !olympus && !panasonic)
        return false;
    w->big_tiff = magic == 43;
    if (w->big_tiff && (number_at(w, d + 4, 2) != 8 || number_at(w, d + 6, 2) != 0))
        return false;
    bool canon = magic == 42 && d[8] == 'C' && d[9] == 'R';
    w->out->raw = olympus || panasonic || canon;
    *first = w->big_tiff ? number_at(w, d + 8, 8) : number_at(w, d + 4, 4);
    return true;
}

bool hp_ifds_begin(hp_bytes file)
{
    hp_ifds none = {0};
    walk w = {.file = file, .out = &none};
    uint64_t first;
    return read_header(&w, &first);
}

void hp_ifds_read(hp_bytes file, hp_ifds *ifds)
{
    *ifds = (hp_ifds){.complete = true};
    walk w = {.file = file, .out = ifds};
    uint64_t first;
    if (!read_header(&w, &first))
        return;
    ifds->found = true;
    push(&w, first);
    for (unsigned i = 0; i < w.count; i++)
        visit(&w, w.waiting[i]);
}
