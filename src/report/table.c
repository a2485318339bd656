#include "report/map.h"
#include "report/markup.h"
#include "report/section.h"
#include "report/shades.h"

#include <inttypes.h>
#include <stdlib.h>

enum { BOX_GAP = 1 }; /* px between a box and its line */

/* ---- crops ---- */

/* A sheet of pictures, of which every row shows its own by a use element. */
static int write_sheet(const hp_section *s, hp_crop_kind kind, const char *name, hp_error *err)
{
    hp_picture sheet = {0};
    int code = hp_shade_crops(s->list, kind, &sheet, err);
    if (!code) {
        fprintf(s->stream, "<image class=\"pixels\" id=\"%s-%s\" width=\"%" PRIu32 "\" height=\"%" PRIu32 "\" href=\"",
                s->prefix, name, sheet.width, sheet.height);
        code = hp_picture_write_uri(&sheet, s->stream, err);
        fputs("\"/>\n", s->stream);
    }
    hp_picture_free(&sheet);
    return code;
}

static int write_sheets(const hp_section *s, hp_error *err)
{
    const hp_evidence *e = s->list->evidence;
    if (!e || !e->crop_count)
        return HP_OK;
    fputs("<svg class=\"sheets\" width=\"0\" height=\"0\" aria-hidden=\"true\"><defs>\n", s->stream);
    int code = write_sheet(s, HP_CROP_MEAN, "mean", err);
    if (!code)
        code = write_sheet(s, HP_CROP_RESIDUAL, "residual", err);
    fputs("</defs></svg>\n", s->stream);
    return code;
}

/* Lists may have been united since: a crop is found by its place. Both are ordered by it. */
static const hp_crop *find_crop(const hp_evidence *e, const hp_defect *d)
{
    size_t from = 0, to = e ? e->crop_count : 0;
    while (from < to) {
        size_t middle = from + (to - from) / 2;
        const hp_crop *crop = &e->crops[middle];
        if (crop->y == d->y && crop->x == d->x)
            return crop;
        if (crop->y < d->y || (crop->y == d->y && crop->x < d->x))
            from = middle + 1;
        else
            to = middle;
    }
    return NULL;
}

/* The box is drawn around its pixels, so that they are seen; the picture clips it where it is larger. */
static void write_crop(const hp_section *s, const hp_defect *d, const hp_crop *crop, hp_crop_kind kind,
                       const char *name, const char *what)
{
    size_t number = (size_t)(crop - s->list->evidence->crops);
    hp_shade_range range = hp_shade_crop_range(s->list, crop, kind);
    fprintf(s->stream, "<td class=\"crop\"><svg class=\"crop\" viewBox=\"0 0 %d %d\" role=\"img\" aria-label=\"%s, ",
            HP_CROP_SIDE, HP_CROP_SIDE, what);
    hp_markup_number(s->stream, range.low, 0);
    fputs(" to ", s->stream);
    hp_markup_number(s->stream, range.high, 0);
    fprintf(s->stream, " DN\"><use href=\"#%s-%s\" x=\"-%zu\" y=\"-%zu\"/>", s->prefix, name,
            number % HP_CROPS_A_ROW * HP_CROP_SIDE, number / HP_CROPS_A_ROW * HP_CROP_SIDE);
    fprintf(s->stream,
            "<rect class=\"box\" x=\"%" PRId64 "\" y=\"%" PRId64 "\" width=\"%" PRIu32 "\" height=\"%" PRIu32
            "\"/></svg></td>",
            (int64_t)d->box.x - d->x + HP_CROP_SIDE / 2 - BOX_GAP,
            (int64_t)d->box.y - d->y + HP_CROP_SIDE / 2 - BOX_GAP, d->box.width + 2 * BOX_GAP,
            d->box.height + 2 * BOX_GAP);
}

static void write_crops(const hp_section *s, const hp_defect *d)
{
    const hp_crop *crop = find_crop(s->list->evidence, d);
    if (crop) {
        write_crop(s, d, crop, HP_CROP_MEAN, "mean", "mean of the photos");
        write_crop(s, d, crop, HP_CROP_RESIDUAL, "residual", "mean difference to the neighbours");
    } else if (s->list->evidence && s->list->evidence->crop_count) {
        fputs("<td class=\"crop\"></td><td class=\"crop\"></td>", s->stream);
    }
}

/* ---- rows ---- */

static void write_values(FILE *stream, const hp_defect *d)
{
    fputs("<td class=\"number score\" data-name=\"Score\">", stream);
    if (d->score > 0)
        hp_markup_number(stream, d->score, 2);
    else
        fputs("–", stream);
    fputs("</td><td class=\"number mean\" data-name=\"Difference\">", stream);
    if (d->score > 0) {
        hp_markup_signed(stream, d->mean, 1);
        fputs(" <span class=\"deviation\">± ", stream);
        hp_markup_number(stream, d->deviation, 1);
        fputs("</span>", stream);
        if (d->dark_current != 0) {
            fputs("<br><span class=\"deviation dark\">", stream);
            hp_markup_number(stream, d->dark_current, 2);
            fputs(" DN/s in the dark</span>", stream);
        }
    } else {
        fputs("–", stream);
    }
    fputs("</td>", stream);
}

static void write_row(const hp_section *s, size_t index)
{
    const hp_defect *d = &s->list->defects[index];
    FILE *stream = s->stream;
    fprintf(stream, "<tr id=\"%s-d%zu\">", s->prefix, index);
    write_crops(s, d);
    fprintf(stream,
            "<td class=\"number x\" data-name=\"x\">%" PRIu32 "</td><td class=\"number y\" data-name=\"y\">%" PRIu32
            "</td><td class=\"kind\" data-name=\"Kind\">",
            d->x, d->y);
    fprintf(stream,
            "<svg class=\"key\" viewBox=\"-1.8 -1.8 3.6 3.6\" aria-hidden=\"true\"><use href=\"#k-%s\"/></svg> %s",
            hp_kind_name(d->kind), hp_kind_name(d->kind));
    if (d->shape != HP_SHAPE_PIXEL)
        fprintf(stream, " <span class=\"deviation\">%s of %" PRIu32 " × %" PRIu32 "</span>", hp_shape_name(d->shape),
                d->box.width, d->box.height);
    fprintf(stream, "</td><td class=\"grade\" data-name=\"Grade\">%s</td>", hp_grade_name(d->grade));
    write_values(stream, d);
    hp_section_timeline(s, index);
    fputs("</tr>\n", stream);
}

/* A column's heading; key: what the script sorts by. */
static void write_heading(FILE *stream, const char *key, const char *class, const char *text)
{
    fprintf(stream, "<th scope=\"col\"%s%s%s", class[0] ? " class=\"" : "", class, class[0] ? "\"" : "");
    fprintf(stream, "%s%s%s>%s</th>", key[0] ? " data-key=\"" : "", key, key[0] ? "\"" : "", text);
}

static void write_head(const hp_section *s)
{
    FILE *stream = s->stream;
    fputs("<thead><tr>", stream);
    if (s->list->evidence && s->list->evidence->crop_count) {
        write_heading(stream, "", "crop", "Mean photo");
        write_heading(stream, "", "crop", "Difference to neighbours");
    }
    write_heading(stream, "x", "number", "x");
    write_heading(stream, "y", "number", "y");
    write_heading(stream, "kind", "", "Kind");
    write_heading(stream, "grade", "", "Grade");
    write_heading(stream, "score", "number", "Score");
    write_heading(stream, "mean", "number", "Difference, DN");
    if (s->has_times)
        write_heading(stream, "since", "time", "Over time");
    fputs("</tr></thead>\n", stream);
}

/* Strongest first. */
static int write_rows(const hp_section *s, hp_error *err)
{
    size_t count = s->list->defect_count;
    size_t *order = hp_map_order(s->list, err);
    if (!order)
        return HP_E_MEMORY;
    for (size_t i = 0; i < count; i++)
        if (s->marked[order[i]])
            write_row(s, order[i]);
    free(order);
    return HP_OK;
}

static void write_legend(const hp_section *s)
{
    unsigned bits = s->list->camera.bits;
    fputs("<p class=\"legend\">Score: how far it stands out; 1 is the least that is listed, from 1.2 on it is certain. "
          "Difference: from the pixels around it, on average and from photo to photo, in steps of brightness (DN)",
          s->stream);
    if (bits && bits < 32) {
        fputs(", of which there are ", s->stream);
        hp_markup_integer(s->stream, (uint64_t)1 << bits);
        fputs(" from black to white", s->stream);
    }
    fputs(".</p>\n", s->stream);
}

int hp_section_table(const hp_section *s, hp_error *err)
{
    if (!s->list->defect_count)
        return HP_OK;
    int code = write_sheets(s, err);
    if (code)
        return code;
    fprintf(s->stream, "<div class=\"list\"><h3 id=\"%s-pixels\">Every bad pixel</h3>\n", s->prefix);
    if (s->list->defect_count > HP_MARKED_MOST)
        fprintf(s->stream, "<p>The %d strongest of %zu are shown; lists that are saved hold all.</p>\n", HP_MARKED_MOST,
                s->list->defect_count);
    write_legend(s);
    fprintf(s->stream, "<div class=\"tools\"></div><table class=\"defects\" aria-labelledby=\"%s-pixels\">\n",
            s->prefix);
    write_head(s);
    fputs("<tbody>\n", s->stream);
    code = write_rows(s, err);
    fputs("</tbody></table></div>\n", s->stream);
    return code;
}
