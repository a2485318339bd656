#include "report/map.h"

#include "base/memory.h"
#include "report/markup.h"
#include "report/shades.h"

#include <inttypes.h>
#include <stdlib.h>

enum { SIGNS_A_WIDTH = 110 }; /* half a marker's width is the frame's by this */

static const char *sign_path(hp_kind kind)
{
    switch (kind) {
    case HP_HOT:
        return "M-1,0a1,1 0 1 0 2,0a1,1 0 1 0-2,0";
    case HP_STUCK:
        return "M-.9-.9h1.8v1.8h-1.8z";
    case HP_DEAD:
        return "M-.8-.8l1.6,1.6M.8-.8l-1.6,1.6";
    case HP_WEAK:
        return "M-1-.8h2l-1,1.8z";
    }
    return "";
}

/* Twice: a dark edge keeps the sign apart from what is behind it. */
void hp_map_draw_sign(FILE *stream, hp_kind kind, hp_grade grade)
{
    const hp_rgb c = hp_shade_of_kind(kind);
    const char *dash = grade == HP_PROBABLE ? " stroke-dasharray=\"3 2\"" : "";
    for (int pass = 0; pass < 2; pass++) {
        fprintf(stream, "<path d=\"%s\" fill=\"none\" vector-effect=\"non-scaling-stroke\" ", sign_path(kind));
        if (pass == 0)
            fputs("stroke=\"#0b0e13\" stroke-opacity=\".75\" stroke-width=\"4.5\"/>", stream);
        else
            fprintf(stream, "stroke=\"#%02x%02x%02x\" stroke-width=\"2\"%s/>", c.red, c.green, c.blue, dash);
    }
}

static void define_signs(FILE *stream, const hp_camera *camera, const char *prefix)
{
    uint32_t side = camera->width > camera->height ? camera->width : camera->height;
    fprintf(stream, "<defs>");
    for (int kind = 0; kind < HP_KINDS; kind++)
        for (int grade = HP_PROBABLE; grade <= HP_CERTAIN; grade++) {
            fprintf(stream, "<g class=\"sign\" id=\"%s-%s-%s\" transform=\"scale(", prefix, hp_kind_name((hp_kind)kind),
                    hp_grade_name((hp_grade)grade));
            hp_markup_number(stream, (double)side / SIGNS_A_WIDTH, 2);
            fputs(")\">", stream);
            hp_map_draw_sign(stream, (hp_kind)kind, (hp_grade)grade);
            fputs("<circle r=\"1.6\" fill=\"#fff\" fill-opacity=\"0\"/></g>", stream);
        }
    fputs("</defs>\n", stream);
}

/* A column or a row is seen as the line that it is. */
static void draw_extent(FILE *stream, const hp_defect *d)
{
    const hp_rgb c = hp_shade_of_kind(d->kind);
    if (d->shape != HP_SHAPE_COLUMN && d->shape != HP_SHAPE_ROW)
        return;
    fprintf(stream,
            "<rect x=\"%" PRIu32 "\" y=\"%" PRIu32 "\" width=\"%" PRIu32 "\" height=\"%" PRIu32
            "\" fill=\"none\" stroke=\"#%02x%02x%02x\" stroke-width=\"2\" vector-effect=\"non-scaling-stroke\"/>",
            d->box.x, d->box.y, d->box.width, d->box.height, c.red, c.green, c.blue);
}

static void draw_marker(FILE *stream, const hp_list *list, size_t index, const char *prefix, bool links)
{
    const hp_defect *d = &list->defects[index];
    if (links)
        fprintf(stream, "<a href=\"#%s-d%zu\">", prefix, index);
    else
        fputs("<g>", stream);
    fprintf(stream, "<title>%s %s, %s, x %" PRIu32 ", y %" PRIu32, hp_kind_name(d->kind), hp_shape_name(d->shape),
            hp_grade_name(d->grade), d->x, d->y);
    if (d->score > 0) {
        fputs(", score ", stream);
        hp_markup_number(stream, d->score, 2);
    }
    fputs("</title>", stream);
    draw_extent(stream, d);
    fprintf(stream, "<use href=\"#%s-%s-%s\" x=\"%" PRIu32 ".5\" y=\"%" PRIu32 ".5\"/>%s\n", prefix,
            hp_kind_name(d->kind), hp_grade_name(d->grade), d->x, d->y, links ? "</a>" : "</g>");
}

static int draw_ground(FILE *stream, const hp_list *list, hp_error *err)
{
    const hp_evidence *e = list->evidence;
    fprintf(stream, "<rect width=\"%" PRIu32 "\" height=\"%" PRIu32 "\" fill=\"#0e1218\"/>", list->camera.width,
            list->camera.height);
    if (!e)
        return HP_OK;
    hp_picture picture = {0};
    int code = hp_shade_scores(e, &picture, err);
    if (!code) {
        fprintf(stream,
                "<image class=\"pixels\" width=\"%" PRIu32 "\" height=\"%" PRIu32 "\" preserveAspectRatio=\"none\" "
                "href=\"",
                e->cell * e->score_width, e->cell * e->score_height);
        code = hp_picture_write_uri(&picture, stream, err);
        fputs("\"/>\n", stream);
    }
    hp_picture_free(&picture);
    return code;
}

int hp_map_draw(FILE *stream, const hp_list *list, const char *prefix, bool links, const bool *marked, hp_error *err)
{
    define_signs(stream, &list->camera, prefix);
    int code = draw_ground(stream, list, err);
    for (size_t i = 0; i < list->defect_count && !code; i++)
        if (marked[i])
            draw_marker(stream, list, i, prefix, links);
    return code;
}

typedef struct scored {
    double score;
    size_t index;
} scored;

static int compare_falling(const void *a, const void *b)
{
    const scored *x = a, *y = b;
    int by = (x->score < y->score) - (x->score > y->score);
    return by ? by : (x->index > y->index) - (x->index < y->index);
}

size_t *hp_map_order(const hp_list *list, hp_error *err)
{
    size_t count = list->defect_count;
    scored *sorted = hp_calloc(count, sizeof *sorted, err);
    size_t *order = hp_calloc(count, sizeof *order, err);
    if (sorted && order) {
        for (size_t i = 0; i < count; i++)
            sorted[i] = (scored){list->defects[i].score, i};
        qsort(sorted, count, sizeof *sorted, compare_falling);
        for (size_t i = 0; i < count; i++)
            order[i] = sorted[i].index;
    } else {
        free(order);
        order = NULL;
    }
    free(sorted);
    return order;
}

bool *hp_map_strongest(const hp_list *list, hp_error *err)
{
    size_t count = list->defect_count;
    size_t *order = hp_map_order(list, err);
    bool *marked = order ? hp_calloc(count, sizeof *marked, err) : NULL;
    for (size_t i = 0; marked && i < count && i < HP_MARKED_MOST; i++)
        marked[order[i]] = true;
    free(order);
    return marked;
}
