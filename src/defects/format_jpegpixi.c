/*
 * The blocks that jpegpixi takes (-f): "[D:]X,Y[,S]" or "[D:]X,Y,SX,SY" a line, D the direction of interpolation (2, V
 * or H), X,Y the top left corner in the stored JPEG.
 */
#include "base/error.h"
#include "defects/list_format.h"
#include "defects/text.h"

#include <inttypes.h>
#include <string.h>

/* Across a bad column or row, where the other direction has nothing good to begin from. */
static const char *direction(const hp_box *box)
{
    if (box->height > HP_FOOTPRINT_MOST && box->width <= HP_FOOTPRINT_MOST)
        return "H:";
    return box->width > HP_FOOTPRINT_MOST && box->height <= HP_FOOTPRINT_MOST ? "V:" : "";
}

static int write_list(const hp_writing *writing, hp_error *err)
{
    const hp_list *list = &writing->result->lists[0];
    (void)err;
    hp_heading_write(writing->stream, "jpegpixi", &list->camera);
    for (size_t i = 0; i < list->defect_count; i++) {
        const hp_box *box = &list->defects[i].box;
        fprintf(writing->stream, "%s%" PRIu32 ",%" PRIu32 ",%" PRIu32 ",%" PRIu32, direction(box), box->x, box->y,
                box->width, box->height);
        hp_comment_write(writing->stream, &list->defects[i]);
        fputc('\n', writing->stream);
    }
    return HP_OK;
}

static bool read_block(const char *text, hp_box *box)
{
    text += strspn(text, " \t");
    if (text[0] && strchr("2VvHh", text[0]) && text[1] == ':')
        text += 2;
    if (!hp_read_place(&text, &box->x) || !hp_read_mark(&text, ',') || !hp_read_place(&text, &box->y))
        return false;
    box->width = box->height = 1;
    if (hp_read_end(text))
        return true;
    if (!hp_read_mark(&text, ',') || !hp_read_place(&text, &box->width))
        return false;
    box->height = box->width;
    if (hp_read_end(text))
        return box->width > 0;
    return hp_read_mark(&text, ',') && hp_read_place(&text, &box->height) && hp_read_end(text) && box->width > 0 &&
           box->height > 0;
}

static int read_line(const char *text, const char *comment, hp_list_maker *maker, hp_error *err)
{
    hp_box box;
    if (!read_block(text, &box))
        return hp_fail(err, HP_E_INPUT, "is not \"X,Y\", \"X,Y,S\" or \"X,Y,SX,SY\" with whole numbers of pixels%s",
                       strchr(text, '%') ? ": shares of the frame are not read" : "");
    hp_defect defect = hp_defect_area(box);
    hp_comment_read(comment, &defect);
    return hp_list_add(maker, &defect, err);
}

static int read_list(hp_reading *reading, hp_error *err)
{
    return hp_text_read(reading, read_line, HP_SOURCE_JPEG, NULL, err);
}

const hp_list_format hp_list_jpegpixi = {.name = "jpegpixi", .read = read_list, .write = write_list};
