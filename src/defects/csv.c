#include "defects/csv.h"

#include "base/error.h"

typedef struct filling {
    hp_csv *csv;
    hp_csv_row *row;
    size_t used;
} filling;

static int peek(const hp_csv *csv)
{
    return csv->at < csv->file.size ? csv->file.data[csv->at] : -1;
}

static int take(hp_csv *csv)
{
    int c = peek(csv);
    csv->at++;
    csv->line += c == '\n';
    return c;
}

static int put(filling *f, int c, hp_error *err)
{
    if (f->used == HP_CSV_ROW_BYTES)
        return hp_fail(err, HP_E_INPUT, "is longer than %d bytes", HP_CSV_ROW_BYTES);
    f->row->text[f->used++] = (char)c;
    return HP_OK;
}

static int take_quoted(filling *f, hp_error *err)
{
    take(f->csv);
    for (;;) {
        int c = peek(f->csv);
        if (c <= 0)
            return hp_fail(err, HP_E_INPUT, c < 0 ? "has a quote without an end" : "is not text: it holds a zero byte");
        take(f->csv);
        if (c == '"' && peek(f->csv) != '"')
            return HP_OK;
        if (c == '"')
            take(f->csv);
        int code = put(f, c, err);
        if (code)
            return code;
    }
}

static bool ends_field(int c)
{
    return c < 0 || c == ',' || c == '\n' || c == '\r';
}

static int take_field(filling *f, hp_error *err)
{
    int code = HP_OK;
    if (f->row->count == HP_CSV_FIELDS_MOST)
        return hp_fail(err, HP_E_INPUT, "has more than %d fields", HP_CSV_FIELDS_MOST);
    f->row->fields[f->row->count++] = f->row->text + f->used;
    if (peek(f->csv) == '"')
        code = take_quoted(f, err);
    while (!code && !ends_field(peek(f->csv))) {
        int c = take(f->csv);
        code = c ? put(f, c, err) : hp_fail(err, HP_E_INPUT, "is not text: it holds a zero byte");
    }
    return code ? code : put(f, 0, err);
}

static void skip_blank_rows(hp_csv *csv)
{
    while (peek(csv) == '\n' || peek(csv) == '\r')
        take(csv);
}

int hp_csv_next(hp_csv *csv, hp_csv_row *row, hp_error *err)
{
    filling f = {csv, row, 0};
    skip_blank_rows(csv);
    row->count = 0;
    row->line = csv->line + 1;
    if (peek(csv) < 0)
        return HP_OK;
    int code = take_field(&f, err);
    while (!code && peek(csv) == ',') {
        take(csv);
        code = take_field(&f, err);
    }
    return code;
}
