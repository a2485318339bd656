/*
 * RawTherapee's list: "x y" a line in the visible frame, in its dark-frame folder, found by the camera's name. A first
 * line of one number alone is an offset for all that follow: what hotpix writes begins with a comment. Places are kept
 * in 16 bits and not checked, so that one outside the frame damages memory.
 */
#include "base/error.h"
#include "defects/list_format.h"
#include "defects/raw_name.h"
#include "defects/text.h"

#include <inttypes.h>
#include <stdio.h>

static int write_list(const hp_writing *writing, hp_error *err)
{
    const hp_camera *camera = &writing->result->lists[0].camera;
    hp_list points;
    if (camera->width > UINT16_MAX || camera->height > UINT16_MAX)
        return hp_fail(err, HP_E_INPUT, "RawTherapee counts to %d, and the frame is %" PRIu32 "x%" PRIu32, UINT16_MAX,
                       camera->width, camera->height);
    int code = hp_list_points(&writing->result->lists[0], &points, err);
    if (code)
        return code;
    hp_heading_write(writing->stream, "rawtherapee", camera);
    fputs("# x y: from 0 at the top left, before any rotation\n", writing->stream);
    for (size_t i = 0; i < points.defect_count; i++) {
        fprintf(writing->stream, "%" PRIu32 " %" PRIu32, points.defects[i].x, points.defects[i].y);
        hp_comment_write(writing->stream, &points.defects[i]);
        fputc('\n', writing->stream);
    }
    hp_list_clear(&points);
    return HP_OK;
}

/* Further columns do not count: a list of dcraw's is one of RawTherapee's too. */
static int read_line(const char *text, const char *comment, hp_list_maker *maker, hp_error *err)
{
    uint32_t x, y;
    int64_t more;
    bool good = hp_read_place(&text, &x) && hp_read_place(&text, &y);
    while (good && !hp_read_end(text))
        good = hp_read_number(&text, INT64_MIN, INT64_MAX, &more);
    if (!good)
        return hp_fail(err, HP_E_INPUT, "is not \"x y\" with whole numbers from 0 to %d", HP_SIDE_MOST);
    hp_defect defect = hp_defect_point(x, y);
    hp_comment_read(comment, &defect);
    return hp_list_add(maker, &defect, err);
}

/* Takes the offset off the file, where its first line is one. */
static int64_t take_offset(hp_bytes *file)
{
    char line[64];
    int64_t offset;
    size_t length = 0;
    while (length < file->size && length < sizeof line - 1 && file->data[length] != '\n') {
        line[length] = (char)file->data[length];
        length++;
    }
    line[length > 0 && line[length - 1] == '\r' ? length - 1 : length] = 0;
    const char *at = line;
    if (!hp_read_number(&at, -HP_SIDE_MOST, HP_SIDE_MOST, &offset) || !hp_read_end(at))
        return 0;
    file->data += length;
    file->size -= length;
    return offset;
}

static int shift(hp_list *list, int64_t offset, hp_error *err)
{
    for (size_t i = 0; i < list->defect_count; i++) {
        hp_defect *d = &list->defects[i];
        int64_t x = d->x + offset, y = d->y + offset;
        if (x < 0 || y < 0)
            return hp_fail(err, HP_E_INPUT, "defect %" PRId64 ",%" PRId64 " lies outside the frame", x, y);
        d->x = d->box.x = (uint32_t)x;
        d->y = d->box.y = (uint32_t)y;
    }
    return HP_OK;
}

static int read_list(hp_reading *reading, hp_error *err)
{
    hp_list_maker maker = {0};
    hp_bytes file = reading->file;
    int64_t offset = take_offset(&file);
    int code = hp_text_parse(file, read_line, &maker, err);
    if (!code)
        code = hp_reading_settle(reading, &maker.list, HP_SOURCE_RAW, err);
    if (!code)
        code = shift(&maker.list, offset, err);
    if (!code)
        code = hp_reading_add(reading, &maker.list, err);
    hp_list_clear(&maker.list);
    return code;
}

const hp_list_format hp_list_rawtherapee = {
    .name = "rawtherapee", .for_raws = true, .file_name = hp_rawtherapee_file, .read = read_list, .write = write_list};
