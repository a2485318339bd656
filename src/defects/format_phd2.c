/*
 * PHD2's defect map: "x y" a line in the camera's frame, from 0 at the top left. What PHD2 itself knows stands in the
 * first line and in the line of the count.
 */
#include "base/error.h"
#include "defects/list_format.h"
#include "defects/text.h"

#include <inttypes.h>
#include <string.h>

static const char opening[] = "# PHD2 Defect Map v1\n";

static int write_list(const hp_writing *writing, hp_error *err)
{
    hp_list points;
    int code = hp_list_points(&writing->result->lists[0], &points, err);
    if (code)
        return code;
    fputs(opening, writing->stream);
    hp_heading_write_camera(writing->stream, &points.camera);
    fprintf(writing->stream, "# Defect count: %zu\n", points.defect_count);
    for (size_t i = 0; i < points.defect_count; i++)
        fprintf(writing->stream, "%" PRIu32 " %" PRIu32 "\n", points.defects[i].x, points.defects[i].y);
    hp_list_clear(&points);
    return HP_OK;
}

static int read_line(const char *text, const char *comment, hp_list_maker *maker, hp_error *err)
{
    uint32_t x, y;
    (void)comment;
    if (!hp_read_place(&text, &x) || !hp_read_place(&text, &y) || !hp_read_end(text))
        return hp_fail(err, HP_E_INPUT, "is not \"x y\" with whole numbers from 0 to %d", HP_SIDE_MOST);
    const hp_defect defect = hp_defect_point(x, y);
    return hp_list_add(maker, &defect, err);
}

static int read_list(hp_reading *reading, hp_error *err)
{
    return hp_text_read(reading, read_line, HP_SOURCE_FITS, NULL, err);
}

static bool probe(hp_bytes file)
{
    size_t length = sizeof opening - 2; /* whatever ends the line */
    return file.size >= length && !memcmp(file.data, opening, length);
}

const hp_list_format hp_list_phd2 = {.name = "phd2", .probe = probe, .read = read_list, .write = write_list};
