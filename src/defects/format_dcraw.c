/*
 * The list of dcraw and LibRaw (-P, .badpixels): "x y time" a line, all three needed, time 0 = bad since ever.
 * '#' begins a comment; both read lines into 128 bytes and take what follows for a line of its own.
 */
#include "defects/list_format.h"

#include <inttypes.h>
#include <stdio.h>

enum { TEXT_BYTES = 96 };

static void write_comment(FILE *stream, const char *what, const char *text)
{
    char shown[TEXT_BYTES];
    if (text[0])
        fprintf(stream, "# %s: %s\n", what, hp_printable(text, shown, sizeof shown));
}

static void write_heading(FILE *stream, const hp_camera *camera)
{
    fprintf(stream, "# bad pixels, by hotpix " HP_VERSION "\n");
    write_comment(stream, "make", camera->make);
    write_comment(stream, "model", camera->model);
    write_comment(stream, "serial", camera->serial);
    fprintf(stream, "# frame: %" PRIu32 "x%" PRIu32 " of the %s photos\n", camera->width, camera->height,
            hp_source_name(camera->source));
    fprintf(stream, "# x y time: from 0 at the top left, before any rotation; time 0: bad in every photo\n");
}

/* The list is what dcraw repairs, pixel by pixel from its neighbours: the centre alone, not the smear of a JPEG. */
int hp_write_dcraw(FILE *stream, const hp_result *result, hp_error *err)
{
    (void)err;
    const hp_list *list = &result->lists[0];
    write_heading(stream, &list->camera);
    for (size_t i = 0; i < list->defect_count; i++) {
        const hp_defect *d = &list->defects[i];
        fprintf(stream, "%" PRIu32 " %" PRIu32 " 0 # %s, %s\n", d->x, d->y, hp_kind_name(d->kind),
                hp_grade_name(d->grade));
    }
    return HP_OK;
}
