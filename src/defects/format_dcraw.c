/*
 * The list of dcraw and LibRaw (-P, .badpixels): "x y time" a line, all three needed, time 0 = bad since ever.
 * '#' begins a comment; both read lines into 128 bytes and take what follows for a line of its own.
 */
#include "base/error.h"
#include "defects/list_format.h"
#include "defects/text.h"

#include <inttypes.h>

/* dcraw, and LibRaw before 0.22.1, take later times for negative ones: bad since ever. */
static int64_t time_of(const hp_defect *defect)
{
    return defect->since_s > 0 && defect->since_s <= INT32_MAX ? defect->since_s : 0;
}

/* The list is what dcraw repairs, pixel by pixel from its neighbours: the centre alone, not the smear of a JPEG. */
static int write_list(const hp_writing *writing, hp_error *err)
{
    hp_list points;
    int code = hp_list_points(&writing->result->lists[0], &points, err);
    if (code)
        return code;
    hp_heading_write(writing->stream, "dcraw", &points.camera);
    fputs("# x y time: from 0 at the top left, before any rotation; time 0: bad in every photo\n", writing->stream);
    for (size_t i = 0; i < points.defect_count; i++) {
        const hp_defect *d = &points.defects[i];
        fprintf(writing->stream, "%" PRIu32 " %" PRIu32 " %" PRId64, d->x, d->y, time_of(d));
        hp_comment_write(writing->stream, d);
        fputc('\n', writing->stream);
    }
    hp_list_clear(&points);
    return HP_OK;
}

static int read_line(const char *text, const char *comment, hp_list_maker *maker, hp_error *err)
{
    uint32_t x, y;
    int64_t since;
    bool placed = hp_read_place(&text, &x) && hp_read_place(&text, &y);
    if (placed && hp_read_end(text))
        return hp_fail(err, HP_E_INPUT,
                       "is not \"x y time\": the time is missing (0: bad in every photo), or it is a "
                       "list of RawTherapee's, to be named as rawtherapee:FILE");
    if (!placed || !hp_read_number(&text, INT64_MIN, INT64_MAX, &since) || !hp_read_end(text))
        return hp_fail(err, HP_E_INPUT, "is not \"x y time\" with x and y from 0 to %d", HP_SIDE_MOST);
    hp_defect defect = hp_defect_point(x, y);
    defect.since_s = since > 0 ? since : 0;
    hp_comment_read(comment, &defect);
    return hp_list_add(maker, &defect, err);
}

static int read_list(hp_reading *reading, hp_error *err)
{
    return hp_text_read(reading, read_line, HP_SOURCE_RAW, NULL, err);
}

const hp_list_format hp_list_dcraw = {
    .name = "dcraw", .endings = {".badpixels", ".txt"}, .for_raws = true, .read = read_list, .write = write_list};
