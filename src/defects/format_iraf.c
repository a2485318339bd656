/*
 * IRAF's bad pixel file (fixpix, text2mask): "column line" or "column1 column2 line1 line2", from 1, line 1 the first
 * row of the array.
 */
#include "base/error.h"
#include "defects/list_format.h"
#include "defects/text.h"

#include <inttypes.h>

static int write_list(const hp_writing *writing, hp_error *err)
{
    const hp_list *list = &writing->result->lists[0];
    FILE *stream = writing->stream;
    (void)err;
    hp_heading_write(stream, "iraf", &list->camera);
    for (size_t i = 0; i < list->defect_count; i++) {
        const hp_box *box = &list->defects[i].box;
        if (box->width == 1 && box->height == 1)
            fprintf(stream, "%" PRIu32 " %" PRIu32, box->x + 1, box->y + 1);
        else
            fprintf(stream, "%" PRIu32 " %" PRIu32 " %" PRIu32 " %" PRIu32, box->x + 1, box->x + box->width, box->y + 1,
                    box->y + box->height);
        hp_comment_write(stream, &list->defects[i]);
        fputc('\n', stream);
    }
    return HP_OK;
}

static bool read_area(const char *text, hp_box *box)
{
    uint32_t v[4];
    if (!hp_read_place(&text, &v[0]) || !hp_read_place(&text, &v[1]) || v[0] == 0 || v[1] == 0)
        return false;
    *box = (hp_box){v[0] - 1, v[1] - 1, 1, 1};
    if (hp_read_end(text))
        return true;
    if (!hp_read_place(&text, &v[2]) || !hp_read_place(&text, &v[3]) || !hp_read_end(text))
        return false;
    if (v[1] < v[0] || v[2] == 0 || v[3] < v[2])
        return false;
    *box = (hp_box){v[0] - 1, v[2] - 1, v[1] - v[0] + 1, v[3] - v[2] + 1};
    return true;
}

static int read_line(const char *text, const char *comment, hp_list_maker *maker, hp_error *err)
{
    hp_box box;
    if (!read_area(text, &box))
        return hp_fail(err, HP_E_INPUT,
                       "is not \"column line\" or \"column1 column2 line1 line2\" with whole numbers from 1 to %d",
                       HP_SIDE_MOST);
    hp_defect defect = hp_defect_area(box);
    hp_comment_read(comment, &defect);
    return hp_list_add(maker, &defect, err);
}

static int read_list(hp_reading *reading, hp_error *err)
{
    return hp_text_read(reading, read_line, HP_SOURCE_FITS, NULL, err);
}

const hp_list_format hp_list_iraf = {.name = "iraf", .read = read_list, .write = write_list};
