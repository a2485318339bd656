/* The sensor map alone, as a drawing. */
#include "report/formats.h"
#include "report/map.h"
#include "report/markup.h"

#include <inttypes.h>
#include <stdlib.h>

static int write_map(const hp_writing *writing, hp_error *err)
{
    const hp_list *list = &writing->result->lists[0];
    FILE *stream = writing->stream;
    bool *marked = hp_map_strongest(list, err);
    if (!marked)
        return HP_E_MEMORY;
    fprintf(stream,
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %" PRIu32 " %" PRIu32
            "\" style=\"background:#0e1218\">\n"
            "<style>.pixels{image-rendering:pixelated}</style>\n<title>Bad pixels of ",
            list->camera.width, list->camera.height);
    hp_markup_text(stream, list->camera.model[0] ? list->camera.model : "an unknown camera");
    fputs("</title>\n", stream);
    int code = hp_map_draw(stream, list, "map", false, marked, err);
    fputs("</svg>\n", stream);
    free(marked);
    return code;
}

const hp_list_format hp_report_svg = {.name = "svg", .endings = {".svg"}, .write = write_map};
