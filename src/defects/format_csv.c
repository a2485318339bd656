/*
 * CSV by RFC 4180 (with LF): a header, then a line for each defect, its camera first. Columns are known by their
 * names, in any order; x and y are needed.
 */
#include "base/error.h"
#include "base/memory.h"
#include "defects/csv.h"
#include "defects/history.h"
#include "defects/list_format.h"
#include "defects/makers.h"
#include "defects/text.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { NAME_BYTES = sizeof((hp_camera *)0)->make };

#define SCALED_MOST 9e18 /* a little below 2^63 */

/* A line of the file. */
typedef struct row {
    hp_camera camera;
    hp_defect defect;
} row;

typedef enum field_type { NAME, PLACE, KIND, GRADE, SHAPE, SOURCE, NUMBER_2, NUMBER_3, SHARE, DARK, TIME } field_type;

typedef struct column {
    const char *name;
    field_type type;
    size_t offset; /* in row */
} column;

static const column columns[] = {
    {"make", NAME, offsetof(row, camera.make)},
    {"model", NAME, offsetof(row, camera.model)},
    {"serial", NAME, offsetof(row, camera.serial)},
    {"x", PLACE, offsetof(row, defect.x)},
    {"y", PLACE, offsetof(row, defect.y)},
    {"kind", KIND, offsetof(row, defect.kind)},
    {"grade", GRADE, offsetof(row, defect.grade)},
    {"score", NUMBER_3, offsetof(row, defect.score)},
    {"mean", NUMBER_2, offsetof(row, defect.mean)},
    {"deviation", NUMBER_2, offsetof(row, defect.deviation)},
    {"box_x", PLACE, offsetof(row, defect.box.x)},
    {"box_y", PLACE, offsetof(row, defect.box.y)},
    {"box_width", PLACE, offsetof(row, defect.box.width)},
    {"box_height", PLACE, offsetof(row, defect.box.height)},
    {"width", PLACE, offsetof(row, camera.width)},
    {"height", PLACE, offsetof(row, camera.height)},
    {"source", SOURCE, offsetof(row, camera.source)},
    {"since", TIME, offsetof(row, defect.since_s)},
    {"until", TIME, offsetof(row, defect.until_s)},
    {"shape", SHAPE, offsetof(row, defect.shape)},
    {"expected_false", SHARE, offsetof(row, defect.expected_false)},
    {"dark_current", DARK, offsetof(row, defect.dark_current)},
};
static const size_t column_count = sizeof columns / sizeof *columns;

/* ---- writing ---- */

static void write_text(FILE *stream, const char *shown)
{
    if (!strpbrk(shown, ",\"")) {
        fputs(shown, stream);
        return;
    }
    fputc('"', stream);
    for (const char *c = shown; *c; c++) {
        if (*c == '"')
            fputc('"', stream);
        fputc(*c, stream);
    }
    fputc('"', stream);
}

static void write_name(FILE *stream, const char *text)
{
    char shown[4 * NAME_BYTES];
    write_text(stream, hp_printable(text, shown, sizeof shown));
}

/* Not by %f: its point is a comma in some locales, which the library neither knows nor sets. */
static void write_number(FILE *stream, double value, int decimals)
{
    if (!isfinite(value) || fabs(value) > HP_NUMBER_MOST)
        return;
    long long scale = decimals == 9 ? 1000000000 : decimals == 3 ? 1000 : 100;
    for (; fabs(value) * (double)scale > SCALED_MOST; scale /= 10)
        decimals--;
    long long scaled = llround(value * (double)scale);
    long long size = scaled < 0 ? -scaled : scaled;
    fprintf(stream, "%s%lld.%0*lld", scaled < 0 ? "-" : "", size / scale, decimals, size % scale);
}

static void write_field(FILE *stream, field_type type, const void *field)
{
    switch (type) {
    case NAME:
        write_name(stream, field);
        break;
    case PLACE:
        fprintf(stream, "%" PRIu32, *(const uint32_t *)field);
        break;
    case KIND:
        fputs(hp_kind_name(*(const hp_kind *)field), stream);
        break;
    case GRADE:
        fputs(hp_grade_name(*(const hp_grade *)field), stream);
        break;
    case SHAPE:
        fputs(hp_shape_name(*(const hp_shape *)field), stream);
        break;
    case SOURCE:
        fputs(hp_source_name(*(const hp_source *)field), stream);
        break;
    case NUMBER_2:
    case NUMBER_3:
        write_number(stream, *(const double *)field, type == NUMBER_3 ? 3 : 2);
        break;
    case SHARE: /* 0: not known */
        if (*(const double *)field > 0)
            write_number(stream, fmax(*(const double *)field, HP_SHARE_LEAST), 9);
        break;
    case DARK: /* 0: not known */
        if (fabs(*(const double *)field) >= 0.0005)
            write_number(stream, *(const double *)field, 3);
        break;
    case TIME:
        if (*(const int64_t *)field)
            fprintf(stream, "%" PRId64, *(const int64_t *)field);
        break;
    }
}

static int write_path(FILE *stream, const char *path, hp_error *err)
{
    size_t size = 4 * strlen(path) + 1; /* every byte as \xNN */
    char *shown = hp_calloc(size, 1, err);
    if (!shown)
        return HP_E_MEMORY;
    write_text(stream, hp_printable(path, shown, size));
    free(shown);
    return HP_OK;
}

/* The columns of history_header; empty ones for a list without a history. */
static int write_history(FILE *stream, const hp_history *history, size_t defect, hp_error *err)
{
    const hp_timeline *t = history ? &history->timelines[defect] : NULL;
    if (!t) {
        fputs(",,,,", stream);
        return HP_OK;
    }
    fprintf(stream, ",%s,", hp_history_verdict_name(t->verdict));
    write_number(stream, t->confidence, 3);
    fputc(',', stream);
    if (t->verdict == HP_NOT_SEEN) {
        fputc(',', stream);
        return HP_OK;
    }
    int code = write_path(stream, history->photos[t->first_bad].path, err);
    fputc(',', stream);
    return code ? code : write_path(stream, history->photos[t->last_bad].path, err);
}

static int write_lists(const hp_writing *writing, hp_error *err)
{
    static const char history_header[] = ",verdict,confidence,first,last";
    FILE *stream = writing->stream;
    bool has_history = hp_history_is_in(writing->result);
    int code = HP_OK;
    for (size_t i = 0; i < column_count; i++)
        fprintf(stream, "%s%s", i ? "," : "", columns[i].name);
    fprintf(stream, "%s\n", has_history ? history_header : "");
    for (size_t i = 0; i < writing->result->list_count; i++) {
        const hp_list *list = &writing->result->lists[i];
        for (size_t k = 0; k < list->defect_count && !code; k++) {
            const row r = {list->camera, list->defects[k]};
            for (size_t c = 0; c < column_count; c++) {
                fputs(c ? "," : "", stream);
                write_field(stream, columns[c].type, (const char *)&r + columns[c].offset);
            }
            if (has_history)
                code = write_history(stream, list->history, k, err);
            fputc('\n', stream);
        }
    }
    return code;
}

/* ---- reading ---- */

/* ".0": programs that have no whole numbers beside missing ones write all with a point. */
static bool ends_whole(const char *text)
{
    if (text[0] == '.' && text[1] == '0')
        text += 1 + strspn(text + 1, "0");
    return hp_read_end(text);
}

static bool read_field(const char *text, field_type type, void *field)
{
    switch (type) {
    case NAME:
        hp_printable(text, field, NAME_BYTES);
        return true;
    case PLACE:
        return hp_read_place(&text, field) && ends_whole(text);
    case KIND:
        return hp_kind_find(text, field);
    case GRADE:
        return hp_grade_find(text, field);
    case SHAPE:
        return hp_shape_find(text, field);
    case SOURCE:
        return hp_source_find(text, field);
    case NUMBER_2:
    case NUMBER_3:
    case SHARE:
    case DARK:
        return hp_read_decimal(&text, field) && hp_read_end(text) && fabs(*(double *)field) <= HP_NUMBER_MOST;
    case TIME:
        return hp_read_number(&text, 0, INT64_MAX, field) && ends_whole(text);
    }
    return false;
}

static int read_row(const hp_csv_row *header, const hp_csv_row *fields, row *r, hp_error *err)
{
    bool has_x = false, has_y = false;
    *r = (row){.defect = {.kind = HP_HOT, .grade = HP_CERTAIN}};
    for (size_t i = 0; i < fields->count && i < header->count; i++)
        for (size_t c = 0; c < column_count; c++) {
            const char *text = fields->fields[i];
            if (strcmp(header->fields[i], columns[c].name) != 0 || !text[0])
                continue;
            char shown[64];
            if (!read_field(text, columns[c].type, (char *)r + columns[c].offset))
                return hp_fail(err, HP_E_INPUT, "'%s' is no %s", hp_printable(text, shown, sizeof shown),
                               columns[c].name);
            has_x |= columns[c].offset == offsetof(row, defect.x);
            has_y |= columns[c].offset == offsetof(row, defect.y);
        }
    if (!has_x || !has_y)
        return hp_fail(err, HP_E_INPUT, "has no x and y");
    if (r->defect.box.width == 0 && r->defect.box.height == 0)
        r->defect.box = (hp_box){r->defect.x, r->defect.y, 1, 1};
    return HP_OK;
}

static int read_rows(hp_csv *csv, const hp_csv_row *header, hp_csv_row *fields, hp_makers *all, hp_error *err)
{
    for (;;) {
        row r;
        int code = hp_csv_next(csv, fields, err);
        if (!code && fields->count == 0)
            return HP_OK;
        if (!code)
            code = read_row(header, fields, &r, err);
        if (!code)
            code = hp_makers_add(all, &r.camera, &r.defect, err);
        if (code) {
            char where[32];
            snprintf(where, sizeof where, "line %zu", fields->line);
            return hp_fail_in(err, code, where);
        }
    }
}

static bool has_column(const hp_csv_row *header, const char *name)
{
    for (size_t i = 0; i < header->count; i++)
        if (!strcmp(header->fields[i], name))
            return true;
    return false;
}

/* Some spreadsheets write other separators, with a comma in numbers. */
static int check_header(const hp_csv_row *header, hp_error *err)
{
    if (header->count == 1 && strpbrk(header->fields[0], ";\t"))
        return hp_fail(err, HP_E_INPUT, "line 1: has %s between the columns, where commas should be",
                       strchr(header->fields[0], ';') ? "';'" : "tabulators");
    if (has_column(header, "x") && has_column(header, "y"))
        return HP_OK;
    return hp_fail(err, HP_E_INPUT, "line %zu: names no columns x and y, as the first line of a CSV must: \"x,y\"",
                   header->line);
}

static int read_lists(hp_reading *reading, hp_error *err)
{
    hp_csv csv = {.file = reading->file};
    hp_makers all = {0};
    hp_csv_row *rows = hp_calloc(2, sizeof *rows, err);
    int code = rows ? hp_csv_next(&csv, &rows[0], err) : HP_E_MEMORY;
    if (!code)
        code = check_header(&rows[0], err);
    if (!code)
        code = read_rows(&csv, &rows[0], &rows[1], &all, err);
    if (!code)
        code = hp_makers_give(&all, reading, err);
    hp_makers_free(&all);
    free(rows);
    return code;
}

static bool probe(hp_bytes file)
{
    static const char opening[] = "make,model,serial,x,y,";
    return file.size >= sizeof opening - 1 && !memcmp(file.data, opening, sizeof opening - 1);
}

const hp_list_format hp_list_csv = {
    .name = "csv", .endings = {".csv"}, .many_cameras = true, .probe = probe, .read = read_lists, .write = write_lists};
