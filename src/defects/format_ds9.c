/*
 * DS9 regions in image coordinates: pixel centres at whole numbers, from 1, y upwards. A FITS file's first row is at
 * the bottom; other photos, whose first row is at the top, are shown upright: there Y = height - y.
 */
#include "base/error.h"
#include "base/text.h"
#include "defects/list_format.h"
#include "defects/text.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

static const char opening[] = "# Region file format: DS9";

/* ---- writing ---- */

/* Half of twice a coordinate: the centre of an even number of pixels lies between two. */
static void write_half(FILE *stream, uint64_t twice)
{
    fprintf(stream, "%" PRIu64 "%s", twice / 2, twice % 2 ? ".5" : "");
}

static void write_defect(FILE *stream, const hp_camera *camera, const hp_defect *d)
{
    const hp_box *box = &d->box;
    bool point = box->width == 1 && box->height == 1;
    uint64_t x = 2 * (uint64_t)box->x + box->width + 1;
    uint64_t y = 2 * (uint64_t)box->y + box->height + 1;
    if (camera->source != HP_SOURCE_FITS)
        y = 2 * (uint64_t)camera->height + 2 - y;
    fputs(point ? "point(" : "box(", stream);
    write_half(stream, x);
    fputc(',', stream);
    write_half(stream, y);
    if (point)
        fputs(") # point=x", stream);
    else
        fprintf(stream, ",%" PRIu32 ",%" PRIu32 ",0) #", box->width, box->height);
    fprintf(stream, " text={%s, %s", hp_kind_name(d->kind), hp_grade_name(d->grade));
    if (d->since_s)
        fprintf(stream, ", since %" PRId64, d->since_s);
    if (d->until_s)
        fprintf(stream, ", until %" PRId64, d->until_s);
    fputs("}\n", stream);
}

static int write_list(const hp_writing *writing, hp_error *err)
{
    const hp_list *list = &writing->result->lists[0];
    int code = hp_reading_needs_source(list, err);
    if (code)
        return code;
    fprintf(writing->stream, "%s version 4.1\n", opening);
    hp_heading_write_camera(writing->stream, &list->camera);
    fputs("image\n", writing->stream);
    for (size_t i = 0; i < list->defect_count; i++)
        write_defect(writing->stream, &list->camera, &list->defects[i]);
    return HP_OK;
}

/* ---- reading ---- */

/* The word at *at in small letters. */
static void read_word(const char **at, char out[16])
{
    size_t length = 0;
    *at += strspn(*at, " \t;");
    for (; hp_is_plain(**at) && length < 15; ++*at)
        out[length++] = hp_small_letter(**at);
    out[length] = 0;
}

/* "(a,b,c)" with `most` numbers at most; 0 where it is not. */
static size_t read_numbers(const char **at, double *values, size_t most)
{
    size_t count = 0;
    if (!hp_read_mark(at, '('))
        return 0;
    do {
        if (count == most || !hp_read_decimal(at, &values[count]) || fabs(values[count]) > HP_SIDE_MOST)
            return 0;
        count++;
    } while (hp_read_mark(at, ','));
    return hp_read_mark(at, ')') ? count : 0;
}

/* The first pixel and the number of pixels of a length around a centre; false where it is not from 1 on. */
static bool read_extent(double centre, double length, uint32_t *start, uint32_t *count)
{
    double pixels = fmax(1, floor(length + 0.5));
    double first = floor(centre - pixels / 2 + 1);
    if (length < 0 || first < 1)
        return false;
    *start = (uint32_t)first - 1;
    *count = (uint32_t)pixels;
    return true;
}

static int fail_shape(const char *shape, hp_error *err)
{
    return hp_fail(err, HP_E_INPUT,
                   "'%s' is none of point(x,y), box(x,y,width,height,0) and image, or not from 1 to %d", shape,
                   HP_SIDE_MOST);
}

static bool is_setting(const char *word)
{
    return !strcmp(word, "global") || !strcmp(word, "image") || !strcmp(word, "physical");
}

static void read_text(const char *comment, hp_defect *defect)
{
    static const char key[] = "text={";
    char words[96];
    const char *text = strstr(comment, key);
    if (!text)
        return;
    text += sizeof key - 1;
    size_t length = strcspn(text, "}");
    if (length >= sizeof words)
        return;
    memcpy(words, text, length);
    words[length] = 0;
    hp_comment_read(words, defect);
}

/* y stays upwards, from 0, until the frame is known. */
static int read_line(const char *text, const char *comment, hp_list_maker *maker, hp_error *err)
{
    char word[16];
    double v[5] = {0};
    hp_box box;
    read_word(&text, word);
    if (!strcmp(word, "global"))
        return HP_OK;
    if (is_setting(word) && hp_read_end(text))
        return HP_OK;
    if (is_setting(word))
        read_word(&text, word);
    size_t count = read_numbers(&text, v, 5);
    bool point = !strcmp(word, "point") && count == 2;
    bool area = !strcmp(word, "box") && (count == 4 || (count == 5 && v[4] == 0));
    if (!hp_read_end(text) || (!point && !area) || !read_extent(v[0], v[2], &box.x, &box.width) ||
        !read_extent(v[1], v[3], &box.y, &box.height))
        return fail_shape(word, err);
    hp_defect defect = hp_defect_area(box);
    read_text(comment, &defect);
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
        if (d->box.y >= camera->height || d->box.height > camera->height - d->box.y)
            return hp_fail(err, HP_E_INPUT, "Y %" PRIu32 " lies outside the frame of %" PRIu32 "x%" PRIu32,
                           d->box.y + 1, camera->width, camera->height);
        if (camera->source != HP_SOURCE_FITS)
            d->box.y = camera->height - d->box.y - d->box.height;
        d->y = d->box.y + (d->box.height - 1) / 2;
    }
    return HP_OK;
}

static int read_list(hp_reading *reading, hp_error *err)
{
    return hp_text_read(reading, read_line, HP_SOURCE_UNKNOWN, place, err);
}

static bool probe(hp_bytes file)
{
    size_t length = sizeof opening - 1;
    return file.size >= length && !memcmp(file.data, opening, length);
}

const hp_list_format hp_list_ds9 = {
    .name = "ds9", .endings = {".reg"}, .probe = probe, .read = read_list, .write = write_list};
