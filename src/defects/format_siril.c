/*
 * Siril's list (find_hot writes it, cosme reads it): "P x y H|C" a pixel, "L y 0 H" a row, "C x 0 H" a column; H is
 * filled by a mean, C (cold) by a median. y counts from the top as Siril shows the photo: a FITS file, whose first row
 * is at the bottom, is upside down. A place below the frame crashes Siril 1.0.6.
 */
#include "base/error.h"
#include "defects/list_format.h"
#include "defects/text.h"

#include <inttypes.h>

static char letter(const hp_defect *d)
{
    return d->kind == HP_DEAD || d->kind == HP_WEAK ? 'C' : 'H';
}

/* Its own inverse. */
static uint32_t flip(const hp_camera *camera, uint32_t y)
{
    return camera->source == HP_SOURCE_FITS ? camera->height - 1 - y : y;
}

static void write_defect(FILE *stream, const hp_camera *camera, const hp_defect *d)
{
    fprintf(stream, "P %" PRIu32 " %" PRIu32 " %c", d->x, flip(camera, d->y), letter(d));
    hp_comment_write(stream, d);
    fputc('\n', stream);
}

static bool is_row(const hp_camera *camera, const hp_defect *d)
{
    return d->box.width == camera->width && d->box.height == 1 && camera->width > 1;
}

static bool is_column(const hp_camera *camera, const hp_defect *d)
{
    return d->box.height == camera->height && d->box.width == 1 && camera->height > 1;
}

/* Whole rows and columns first; they are left out of what is then written pixel by pixel. */
static int write_lines(FILE *stream, const hp_list *list, hp_list_maker *rest, hp_error *err)
{
    const hp_camera *camera = &list->camera;
    int code = HP_OK;
    for (size_t i = 0; i < list->defect_count && !code; i++) {
        const hp_defect *d = &list->defects[i];
        if (is_row(camera, d))
            fprintf(stream, "L %" PRIu32 " 0 %c", flip(camera, d->y), letter(d));
        else if (is_column(camera, d))
            fprintf(stream, "C %" PRIu32 " 0 %c", d->x, letter(d));
        else {
            code = hp_list_add(rest, d, err);
            continue;
        }
        hp_comment_write(stream, d);
        fputc('\n', stream);
    }
    return code;
}

static int write_list(const hp_writing *writing, hp_error *err)
{
    const hp_list *list = &writing->result->lists[0];
    hp_list_maker rest = {.list = {.camera = list->camera}};
    hp_list points = {0};
    int code = hp_reading_needs_source(list, err);
    if (code)
        return code;
    hp_heading_write(writing->stream, "siril", &list->camera);
    code = write_lines(writing->stream, list, &rest, err);
    if (!code)
        code = hp_list_points(&rest.list, &points, err);
    for (size_t i = 0; i < points.defect_count && !code; i++)
        write_defect(writing->stream, &list->camera, &points.defects[i]);
    hp_list_clear(&rest.list);
    hp_list_clear(&points);
    return code;
}

/* A row or a column gets its length when the frame is known: until then that is 0. */
static int read_line(const char *text, const char *comment, hp_list_maker *maker, hp_error *err)
{
    uint32_t a, b;
    bool row = hp_read_mark(&text, 'L'), column = !row && hp_read_mark(&text, 'C');
    bool good = (row || column || hp_read_mark(&text, 'P')) && hp_read_place(&text, &a) && hp_read_place(&text, &b);
    bool cold = good && hp_read_mark(&text, 'C');
    if (!good || (!cold && !hp_read_end(text) && !hp_read_mark(&text, 'H')) || !hp_read_end(text))
        return hp_fail(err, HP_E_INPUT,
                       "is not \"P x y H\", \"L y 0 H\" or \"C x 0 H\" with whole numbers from 0 to %d", HP_SIDE_MOST);
    hp_defect defect = row ? hp_defect_point(0, a) : column ? hp_defect_point(a, 0) : hp_defect_point(a, b);
    defect.kind = cold ? HP_DEAD : HP_HOT;
    defect.box.width = row ? 0 : 1;
    defect.box.height = column ? 0 : 1;
    hp_comment_read(comment, &defect);
    return hp_list_add(maker, &defect, err);
}

static int place(hp_list *list, hp_error *err)
{
    const hp_camera *camera = &list->camera;
    int code = hp_reading_needs_source(list, err);
    if (code)
        return code;
    for (size_t i = 0; i < list->defect_count; i++) {
        hp_defect *d = &list->defects[i];
        if (d->y >= camera->height)
            return hp_fail(err, HP_E_INPUT, "row %" PRIu32 " lies outside the frame of %" PRIu32 "x%" PRIu32, d->y,
                           camera->width, camera->height);
        d->box.y = d->box.height ? flip(camera, d->box.y) : 0;
        d->box.width = d->box.width ? d->box.width : camera->width;
        d->box.height = d->box.height ? d->box.height : camera->height;
        d->x = d->box.x + (d->box.width - 1) / 2;
        d->y = d->box.y + (d->box.height - 1) / 2;
    }
    return HP_OK;
}

static int read_list(hp_reading *reading, hp_error *err)
{
    return hp_text_read(reading, read_line, HP_SOURCE_UNKNOWN, place, err);
}

const hp_list_format hp_list_siril = {.name = "siril", .endings = {".lst"}, .read = read_list, .write = write_list};
