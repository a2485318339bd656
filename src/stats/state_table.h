/* The table of photos in a state file: one row a record, fixed width, FITS binary table (FITS standard, 7.3). */
#ifndef HP_STATS_STATE_TABLE_H
#define HP_STATS_STATE_TABLE_H

#include "stats/album.h"
#include "stats/fits_cards.h"

#include <fitsio.h>

/* Widths of the columns that are not the same in every file. */
typedef struct hp_table_shape {
    size_t path, reason; /* characters */
    size_t sites;        /* of the CFA */
    size_t row_bytes;
} hp_table_shape;

enum {
    HP_TABLE_ROWS = 64,          /* that are read or written in one go */
    HP_HASH_TEXT = 32,           /* characters of a hash */
    HP_VERDICT_TEXT = 8,         /* of a verdict, at most */
    HP_CELL_TEXT_MOST = 1 << 15, /* of a path or a reason, escaped */
};

hp_table_shape hp_table_shape_of(const hp_album *album, const hp_photo_info *info);

/* All cards of the table's header. */
void hp_table_cards(const hp_table_shape *shape, size_t rows, hp_cards *cards);

/* One row of shape->row_bytes. */
void hp_table_put_row(const hp_table_shape *shape, const hp_record *record, uint8_t *row);

/* Whether the current HDU is such a table, and its widths. Fails with HP_E_INPUT. */
int hp_table_read_shape(fitsfile *fits, size_t sites, hp_table_shape *shape, size_t *rows, hp_error *err);

/* A record of its own from a row, added to the album. Fails with HP_E_INPUT, HP_E_MEMORY. */
int hp_table_get_row(const hp_table_shape *shape, const uint8_t *row, hp_album *album, hp_error *err);

#endif
