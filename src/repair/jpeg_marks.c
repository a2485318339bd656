#include "repair/jpeg_marks.h"

#include "base/error.h"
#include "base/memory.h"
#include "repair/jpeg_index.h"

#include <stdlib.h>
#include <string.h>

enum {
    MARK = 0xff,
    TEM = 0x01,
    DHT = 0xc4,
    DAC = 0xcc,
    RST0 = 0xd0,
    RST7 = 0xd7,
    EOI = 0xd9,
    SOS = 0xda,
    DNL = 0xdc,
    DRI = 0xdd
};

/* A segment: its marker begins at `at`, with fill bytes before it; the next one at `next`. */
typedef struct segment {
    size_t at, next;
    unsigned code;
    hp_bytes body; /* behind the two bytes of its length */
} segment;

static int fail_at(size_t at, hp_error *err)
{
    return hp_fail(err, HP_E_INPUT, "is a damaged JPEG: no marker where one should be, at byte %zu", at);
}

static bool stands_alone(unsigned code)
{
    return code == TEM || (code >= RST0 && code <= EOI);
}

static int read_segment(hp_bytes file, size_t at, segment *s, hp_error *err)
{
    size_t mark = at;
    while (mark < file.size && file.data[mark] == MARK)
        mark++;
    if (mark == at || mark >= file.size)
        return fail_at(at, err);
    *s = (segment){.at = at, .next = mark + 1, .code = file.data[mark]};
    if (stands_alone(s->code))
        return HP_OK;
    size_t length = file.size - s->next >= 2 ? (size_t)file.data[mark + 1] << 8 | file.data[mark + 2] : 0;
    if (length < 2 || length > file.size - s->next)
        return fail_at(at, err);
    s->body = (hp_bytes){file.data + mark + 3, length - 2};
    s->next += length;
    return HP_OK;
}

/* Where the coded data from `at` on end: at the next marker that is no restart. */
static size_t skip_data(hp_bytes file, size_t at)
{
    while (at < file.size) {
        const uint8_t *mark = memchr(file.data + at, MARK, file.size - at);
        if (!mark)
            return file.size;
        at = (size_t)(mark - file.data);
        size_t next = at + 1;
        while (next < file.size && file.data[next] == MARK)
            next++;
        if (next >= file.size)
            return file.size;
        if (file.data[next] != 0 && (file.data[next] < RST0 || file.data[next] > RST7))
            return at;
        at = next + 1;
    }
    return at;
}

static int add_scan(hp_jpeg_marks *marks, const segment *s, unsigned restart, hp_error *err)
{
    unsigned count = s->body.size ? s->body.data[0] : 0;
    if (count < 1 || count > HP_JPEG_SCAN_PLANES_MOST || s->body.size != 4 + 2 * (size_t)count)
        return fail_at(s->at, err);
    if (marks->scan_count == HP_JPEG_SCANS_MOST)
        return hp_fail(err, HP_E_UNSUPPORTED, "is a JPEG with more than %d scans", HP_JPEG_SCANS_MOST);
    if (marks->scan_count == 0)
        marks->first_scan = s->at;
    hp_jpeg_scan *scan = &marks->scans[marks->scan_count++];
    const uint8_t *band = s->body.data + 1 + 2 * (size_t)count;
    *scan = (hp_jpeg_scan){count, {0}, band[0], band[1], band[2] >> 4, band[2] & 15, restart};
    for (unsigned i = 0; i < count; i++)
        scan->ids[i] = s->body.data[1 + 2 * i];
    return HP_OK;
}

int hp_jpeg_marks_read(hp_bytes file, hp_jpeg_marks *marks, hp_error *err)
{
    *marks = (hp_jpeg_marks){0};
    unsigned restart = 0;
    for (size_t at = 0;;) {
        segment s = {0};
        int code = read_segment(file, at, &s, err);
        if (!code && s.code == DRI && s.body.size == 2)
            restart = (unsigned)s.body.data[0] << 8 | s.body.data[1];
        if (!code && s.code == SOS)
            code = add_scan(marks, &s, restart, err);
        if (code)
            return code;
        if (s.code == EOI) {
            marks->end = s.at;
            return marks->scan_count ? HP_OK : fail_at(at, err);
        }
        at = s.code == SOS ? skip_data(file, s.next) : s.next;
    }
}

/* ---- writing ---- */

/* What the copy is made of: the scans go from where they were coded to the stream. */
typedef struct parts {
    hp_bytes file, coded;
    bool own_tables;
    uint8_t *head; /* all before the first scan */
    size_t head_size;
    hp_bytes scans; /* without EOI */
} parts;

static void put(parts *p, const uint8_t *from, size_t size)
{
    memcpy(p->head + p->head_size, from, size);
    p->head_size += size;
}

static bool is_table(unsigned code)
{
    return code == DHT || code == DAC;
}

/* Where the first scan of a JPEG begins that libjpeg made. */
static size_t scans_of(hp_bytes coded)
{
    segment s = {0};
    do {
        if (read_segment(coded, s.next, &s, NULL))
            return coded.size;
    } while (s.code != SOS);
    return s.at;
}

bool hp_jpeg_keeps_places(hp_bytes file, const hp_jpeg_marks *marks, hp_bytes coded)
{
    size_t room = marks->end - marks->first_scan, scans = coded.size - scans_of(coded);
    return file.size <= marks->end + 2 || scans - 2 <= room;
}

/* The file's segments before its first scan, and of those between scans what belongs to no scan. */
static int put_header(parts *p, const hp_jpeg_marks *marks, hp_error *err)
{
    for (size_t at = 0; at < marks->end;) {
        segment s = {0};
        int code = read_segment(p->file, at, &s, err);
        if (code)
            return code;
        bool early = at < marks->first_scan, dropped = is_table(s.code) && p->own_tables;
        bool of_scans = is_table(s.code) || s.code == SOS || s.code == DRI || s.code == DNL;
        if (early ? !dropped : !of_scans)
            put(p, p->file.data + s.at, s.next - s.at);
        bool only_scan = s.code == SOS && marks->scan_count == 1;
        at = only_scan ? marks->end : s.code == SOS ? skip_data(p->file, s.next) : s.next;
    }
    return HP_OK;
}

/* Of the coded one its tables, if they are needed, and where its scans are. */
static int put_tables(parts *p, hp_error *err)
{
    for (size_t at = 0;;) {
        segment s = {0};
        int code = read_segment(p->coded, at, &s, err);
        if (code)
            return code;
        if (s.code == SOS) {
            p->scans = (hp_bytes){p->coded.data + at, p->coded.size - at - 2};
            return HP_OK;
        }
        if (is_table(s.code) && p->own_tables)
            put(p, p->coded.data + s.at, s.next - s.at);
        at = s.next;
    }
}

/*
 * Fill bytes before EOI (ITU-T T.81, B.1.1.2) keep what is behind it in its place: an index of pictures, a maker's own
 * notes and others count from the beginning.
 */
static void write_parts(parts *p, const hp_jpeg_marks *marks, FILE *stream)
{
    size_t at = p->head_size + p->scans.size, rest = p->file.size - marks->end;
    bool more = rest > 2;
    if (more && at > marks->end)
        hp_jpeg_index_move(p->head, p->head_size, at - marks->end);
    (void)fwrite(p->head, 1, p->head_size, stream); /* the stream remembers a failure */
    (void)fwrite(p->scans.data, 1, p->scans.size, stream);
    for (; more && at < marks->end; at++)
        (void)putc(MARK, stream);
    (void)fwrite(p->file.data + marks->end, 1, rest, stream);
}

int hp_jpeg_splice(hp_bytes file, const hp_jpeg_marks *marks, hp_bytes coded, bool own_tables, FILE *stream,
                   hp_error *err)
{
    parts p = {.file = file, .coded = coded, .own_tables = own_tables};
    p.head = hp_calloc((marks->scan_count == 1 ? marks->first_scan : marks->end) + scans_of(coded), 1, err);
    if (!p.head)
        return HP_E_MEMORY;
    int code = put_header(&p, marks, err);
    if (!code)
        code = put_tables(&p, err);
    if (!code)
        write_parts(&p, marks, stream);
    free(p.head);
    return code;
}
