/* Splitting CSV into rows and fields, by RFC 4180; CR, LF and both end a row. */
#ifndef HP_DEFECTS_CSV_H
#define HP_DEFECTS_CSV_H

#include "base/file.h"

enum { HP_CSV_FIELDS_MOST = 64, HP_CSV_ROW_BYTES = 4096 };

typedef struct hp_csv_row {
    char text[HP_CSV_ROW_BYTES];
    const char *fields[HP_CSV_FIELDS_MOST]; /* in text, without their quotes */
    size_t count;
    size_t line; /* it begins in, from 1 */
} hp_csv_row;

typedef struct hp_csv {
    hp_bytes file;
    size_t at;
    size_t line;
} hp_csv;

/*
 * Reads the next row that is not blank; row->count is 0 at the end of the file. Fails with HP_E_INPUT: a zero byte, an
 * open quote, a row that is too long. The message does not name the line, row->line does.
 */
int hp_csv_next(hp_csv *csv, hp_csv_row *row, hp_error *err);

#endif
