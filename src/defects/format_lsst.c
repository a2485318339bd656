/*
 * A FITS table of regions, as the Defects of LSST's science pipelines: X and Y of the centre from 1, SHAPE "POINT" or
 * "BOX", R width and height, ROTANG 0, COMPONENT the number of the row; row y of the photo is line y + 1. hotpix adds
 * KIND.
 */
#include "base/error.h"
#include "base/memory.h"
#include "base/text.h"
#include "defects/fits_list.h"
#include "defects/list_format.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { TEXT_BYTES = 64, HDUS_MOST = 64 };

static const char rule[] = "table with X, Y, SHAPE and R, the LSST form of a list";

/* ---- writing ---- */

enum { X = 1, Y, SHAPE, R, ROTANG, COMPONENT, KIND };

static void write_row(fitsfile *fits, LONGLONG row, const hp_defect *d, int *status)
{
    const hp_box *box = &d->box;
    bool point = box->width == 1 && box->height == 1;
    double x = box->x + (box->width - 1) / 2.0 + 1, y = box->y + (box->height - 1) / 2.0 + 1;
    double sides[] = {box->width, box->height}, angle = 0;
    int component = (int)(row - 1);
    char shape[8], kind[24], *shapes[] = {shape}, *kinds[] = {kind};
    snprintf(shape, sizeof shape, "%s", point ? "POINT" : "BOX");
    snprintf(kind, sizeof kind, "%s, %s", hp_kind_name(d->kind), hp_grade_name(d->grade));
    fits_write_col(fits, TDOUBLE, X, row, 1, 1, &x, status);
    fits_write_col(fits, TDOUBLE, Y, row, 1, 1, &y, status);
    fits_write_col(fits, TSTRING, SHAPE, row, 1, 1, shapes, status);
    fits_write_col(fits, TDOUBLE, R, row, 1, 2, sides, status);
    fits_write_col(fits, TDOUBLE, ROTANG, row, 1, 1, &angle, status);
    fits_write_col(fits, TINT, COMPONENT, row, 1, 1, &component, status);
    fits_write_col(fits, TSTRING, KIND, row, 1, 1, kinds, status);
}

static int write_list(const hp_writing *writing, hp_error *err)
{
    const hp_list *list = &writing->result->lists[0];
    char *names[] = {"X", "Y", "SHAPE", "R", "ROTANG", "COMPONENT", "KIND"};
    char *forms[] = {"1D", "1D", "5A", "2D", "1D", "1J", "16A"};
    char *units[] = {"pixel", "pixel", "", "pixel", "deg", "", ""};
    char type[] = "defects";
    hp_fits_making making;
    int status = 0;
    hp_fits_making_start(&making, &status);
    fits_create_tbl(making.fits, BINARY_TBL, (LONGLONG)list->defect_count, KIND, names, forms, units, "DEFECTS",
                    &status);
    fits_update_key(making.fits, TSTRING, "OBSTYPE", type, "as LSST's pipelines say", &status);
    hp_fits_write_camera(making.fits, &list->camera, true, &status);
    for (size_t i = 0; i < list->defect_count && !status; i++)
        write_row(making.fits, (LONGLONG)i + 1, &list->defects[i], &status);
    return hp_fits_making_end(&making, writing->stream, status, err);
}

/* ---- reading ---- */

typedef struct columns {
    int x, y, shape, r, rotang, kind; /* 0: there is none */
} columns;

static int find_column(fitsfile *fits, char *name, LONGLONG least, LONGLONG most)
{
    int status = 0, column = 0, type;
    LONGLONG repeat = 0, width;
    if (fits_get_colnum(fits, CASEINSEN, name, &column, &status))
        column = 0;
    else if (fits_get_coltypell(fits, column, &type, &repeat, &width, &status) || type < 0 || repeat < least ||
             repeat > most)
        column = 0;
    fits_clear_errmsg();
    return column;
}

static bool find_columns(fitsfile *fits, columns *c)
{
    c->x = find_column(fits, "X", 1, 1);
    c->y = find_column(fits, "Y", 1, 1);
    c->shape = find_column(fits, "SHAPE", 1, TEXT_BYTES);
    c->r = find_column(fits, "R", 2, 2);
    c->rotang = find_column(fits, "ROTANG", 1, 1);
    c->kind = find_column(fits, "KIND", 1, TEXT_BYTES);
    return c->x && c->y && c->shape && c->r;
}

static int find_table(fitsfile *fits, columns *c, LONGLONG *rows, hp_error *err)
{
    int status = 0, type = 0;
    for (int i = 2; i <= HDUS_MOST && !fits_movabs_hdu(fits, i, &type, &status); i++)
        if (type == BINARY_TBL && find_columns(fits, c) && !fits_get_num_rowsll(fits, rows, &status))
            return *rows <= HP_DEFECTS_MOST ? HP_OK
                                            : hp_fail(err, HP_E_INPUT, "holds more than %d rows", HP_DEFECTS_MOST);
    fits_clear_errmsg();
    return hp_fail(err, HP_E_INPUT, "has no %s", rule);
}

/* The first pixel of a length around a centre that counts from 1; false where it lies outside any frame. */
static bool read_extent(double centre, double length, uint32_t *start, uint32_t *count)
{
    double first = floor(centre - length / 2 + 1);
    if (!(length >= 1 && length <= HP_SIDE_MOST && length == floor(length) && first >= 1 && first <= HP_SIDE_MOST))
        return false;
    *start = (uint32_t)first - 1;
    *count = (uint32_t)length;
    return true;
}

static void read_kind(fitsfile *fits, int column, LONGLONG row, hp_defect *defect)
{
    char text[TEXT_BYTES + 1] = "", *texts[] = {text};
    int status = 0, none;
    fits_read_col_str(fits, column, row, 1, 1, "", texts, &none, &status);
    fits_clear_errmsg();
    char *comma = strchr(text, ',');
    if (status || !comma)
        return;
    *comma = 0;
    (void)hp_kind_find(text, &defect->kind);
    (void)hp_grade_find(comma + 1 + (comma[1] == ' '), &defect->grade);
}

static int read_row(fitsfile *fits, const columns *c, LONGLONG row, hp_list_maker *maker, hp_error *err)
{
    char shape[TEXT_BYTES + 1] = "", *shapes[] = {shape};
    double x = 0, y = 0, sides[2] = {0}, angle = 0;
    int status = 0, none;
    hp_box box;
    fits_read_col_dbl(fits, c->x, row, 1, 1, 0, &x, &none, &status);
    fits_read_col_dbl(fits, c->y, row, 1, 1, 0, &y, &none, &status);
    fits_read_col_str(fits, c->shape, row, 1, 1, "", shapes, &none, &status);
    fits_read_col_dbl(fits, c->r, row, 1, 2, 0, sides, &none, &status);
    if (c->rotang)
        fits_read_col_dbl(fits, c->rotang, row, 1, 1, 0, &angle, &none, &status);
    if (status)
        return hp_fits_fail(status, err);
    bool point = hp_text_alike(shape, "POINT", SIZE_MAX);
    if (point)
        sides[0] = sides[1] = 1;
    if ((!point && !hp_text_alike(shape, "BOX", SIZE_MAX)) || !(angle == 0) ||
        !read_extent(x, sides[0], &box.x, &box.width) || !read_extent(y, sides[1], &box.y, &box.height))
        return hp_fail(err, HP_E_INPUT, "is no POINT and no BOX upright, or not at pixels from 1 to %d", HP_SIDE_MOST);
    hp_defect defect = hp_defect_area(box);
    if (c->kind)
        read_kind(fits, c->kind, row, &defect);
    return hp_list_add(maker, &defect, err);
}

static int read_table(fitsfile *fits, hp_reading *reading, hp_error *err)
{
    hp_list_maker maker = {0};
    columns c = {0};
    LONGLONG rows = 0;
    int code = find_table(fits, &c, &rows, err);
    if (!code) {
        hp_fits_read_camera(fits, &maker.list.camera);
        code = hp_reading_settle(reading, &maker.list, HP_SOURCE_FITS, err);
    }
    for (LONGLONG row = 1; row <= rows && !code; row++) {
        code = read_row(fits, &c, row, &maker, err);
        char where[32];
        snprintf(where, sizeof where, "row %lld", row);
        if (code)
            hp_fail_in(err, code, where);
    }
    if (!code)
        code = hp_reading_add(reading, &maker.list, err);
    hp_list_clear(&maker.list);
    return code;
}

static int read_list(hp_reading *reading, hp_error *err)
{
    return hp_fits_list_read(reading, read_table, err);
}

/* A FITS file without a primary array, whose first extension has such a column. */
static bool probe(hp_bytes file)
{
    static const char opening[] = "SIMPLE  =", column[] = "= 'SHAPE   '";
    enum { CARD = 80, HEADERS = 64 * CARD * 36 };
    if (file.size < CARD || memcmp(file.data, opening, sizeof opening - 1) != 0)
        return false;
    for (size_t at = 0; at + CARD <= file.size && at < HEADERS; at += CARD)
        if (!memcmp(file.data + at, "TTYPE", 5) && !memcmp(file.data + at + 8, column, sizeof column - 1))
            return true;
    return false;
}

const hp_list_format hp_list_lsst = {.name = "lsst", .probe = probe, .read = read_list, .write = write_list};
