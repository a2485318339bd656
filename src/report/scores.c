/* How the scores of all pixels are spread, and the ranking of the article of 2011. */
#include "defects/list.h"
#include "report/markup.h"
#include "report/section.h"

#include <inttypes.h>
#include <math.h>

enum { PLOT_LEFT = 34, PLOT_TOP = 12, PLOT_WIDTH = 356, PLOT_HEIGHT = 150, LABEL_GAP = 14 };

/* ---- histogram ---- */

static double column_x(double score)
{
    return PLOT_LEFT + score / (HP_SCORE_BINS * HP_SCORE_BIN) * PLOT_WIDTH;
}

/* Counts by their logarithm; one pixel is still seen. */
static double row_y(double count, double decades)
{
    double height = count < 1 ? 0 : (log10(count) + 0.3) / (decades + 0.3);
    return PLOT_TOP + PLOT_HEIGHT * (1 - height);
}

static void write_steps(FILE *stream, const uint64_t *counts, double decades, const char *class)
{
    fprintf(stream, "<path class=\"%s\" d=\"M%d %d", class, PLOT_LEFT, PLOT_TOP + PLOT_HEIGHT);
    for (size_t i = 0; i < HP_SCORE_BINS; i++) {
        fputc('V', stream);
        hp_markup_number(stream, row_y((double)counts[i], decades), 1);
        fputc('H', stream);
        hp_markup_number(stream, column_x((double)(i + 1) * HP_SCORE_BIN), 1);
    }
    fprintf(stream, "V%dz\"/>\n", PLOT_TOP + PLOT_HEIGHT);
}

static void write_grid(FILE *stream, int decades)
{
    static const char *const labels[] = {"1", "10", "100", "1k", "10k", "100k", "1M", "10M", "100M", "1G"};
    for (int power = 0; power <= decades && power < 10; power++) {
        double y = row_y(pow(10, power), decades);
        fprintf(stream, "<path class=\"grid\" d=\"M%d ", PLOT_LEFT);
        hp_markup_number(stream, y, 1);
        fprintf(stream, "h%d\"/><text class=\"tick\" text-anchor=\"end\" x=\"%d\" y=\"", PLOT_WIDTH, PLOT_LEFT - 4);
        hp_markup_number(stream, y + 3.5, 1);
        fprintf(stream, "\">%s</text>\n", labels[power]);
    }
    for (int score = 0; score <= 4; score++) {
        fputs("<text class=\"tick\" text-anchor=\"middle\" x=\"", stream);
        hp_markup_number(stream, column_x(score), 1);
        fprintf(stream, "\" y=\"%d\">%d%s</text>\n", PLOT_TOP + PLOT_HEIGHT + LABEL_GAP, score, score == 4 ? "+" : "");
    }
}

static void write_threshold(FILE *stream)
{
    fputs("<path class=\"threshold\" d=\"M", stream);
    hp_markup_number(stream, column_x(1), 1);
    fprintf(stream, " %dV%d\"/><text class=\"tick strong\" x=\"", PLOT_TOP - 6, PLOT_TOP + PLOT_HEIGHT);
    hp_markup_number(stream, column_x(1) + 4, 1);
    fprintf(stream, "\" y=\"%d\">threshold</text>\n", PLOT_TOP + 2);
}

static uint64_t largest(const hp_evidence *e)
{
    uint64_t most = 10;
    for (size_t i = 0; i < HP_SCORE_BINS; i++) {
        most = e->brighter[i] > most ? e->brighter[i] : most;
        most = e->darker[i] > most ? e->darker[i] : most;
    }
    return most;
}

static uint64_t above_threshold(const uint64_t *counts)
{
    uint64_t sum = 0;
    for (size_t i = (size_t)lround(1 / HP_SCORE_BIN); i < HP_SCORE_BINS; i++)
        sum += counts[i];
    return sum;
}

/* docs/method.md, 3.1 and 3.3 */
static void write_thresholds(FILE *stream, const hp_evidence *e)
{
    static const struct {
        const char *name, *meaning;
    } maps[4] = {{"z", "brighter or darker than the pixels around it, in all photos alike"},
                 {"zt", "the more so, the longer the exposure"},
                 {"zg", "the more so, the higher the ISO"},
                 {"en", "now brighter, now darker"}};
    fputs("<p>Each pixel is looked at in four ways. A score of 1 is reached in any of them at this many standard "
          "deviations of the good pixels:</p>\n<dl class=\"thresholds\">\n",
          stream);
    for (int i = 0; i < 4; i++) {
        fputs("<div><dt>", stream);
        hp_markup_number(stream, e->thresholds[i], 1);
        fprintf(stream, "</dt><dd>%s (<i>%s</i>)</dd></div>\n", maps[i].meaning, maps[i].name);
    }
    fputs("</dl>\n", stream);
}

static void write_histogram(FILE *stream, const hp_evidence *e)
{
    int decades = (int)ceil(log10((double)largest(e)));
    fprintf(stream,
            "<figure class=\"histogram\"><h3>The scores of all pixels</h3>\n<svg viewBox=\"0 0 400 184\" role=\"img\" "
            "aria-label=\"Number of pixels by score; ");
    hp_markup_integer(stream, above_threshold(e->brighter));
    fputs(" brighter and ", stream);
    hp_markup_integer(stream, above_threshold(e->darker));
    fputs(" darker ones lie above the threshold\">\n", stream);
    write_grid(stream, decades);
    write_steps(stream, e->brighter, decades, "brighter");
    write_steps(stream, e->darker, decades, "darker");
    write_threshold(stream);
    fputs("</svg>\n<figcaption><span class=\"swatch brighter\"></span> brighter than the neighbours, <span "
          "class=\"swatch darker\"></span> darker. Across: the score; up: how many pixels, each line ten times the one "
          "below. Good pixels end before the threshold; what stands right of it is bad, or a ghost or a "
          "neighbour of what is bad.</figcaption>\n",
          stream);
    write_thresholds(stream, e);
    fputs("</figure>\n", stream);
}

/* ---- ranking ---- */

static const hp_defect *defect_at(const hp_list *list, const hp_subpixel *p, size_t *index)
{
    *index = hp_list_find(list, p->x, p->y);
    if (*index >= list->defect_count)
        return NULL;
    const hp_defect *d = &list->defects[*index];
    return d->x == p->x && d->y == p->y ? d : NULL;
}

static void write_ranked(const hp_section *s, size_t rank)
{
    const hp_subpixel *p = &s->list->evidence->lowest[rank];
    size_t index;
    const hp_defect *d = defect_at(s->list, p, &index);
    fprintf(s->stream,
            "<tr><td class=\"number\">%zu</td><td class=\"number\">%" PRIu32 "</td><td class=\"number\">%" PRIu32
            "</td><td class=\"number\">",
            rank + 1, p->x, p->y);
    hp_markup_number(s->stream, p->value, 1);
    fputs("</td><td class=\"number\">", s->stream);
    hp_markup_number(s->stream, p->mean, 1);
    fputs("</td><td>", s->stream);
    if (d && s->marked[index])
        fprintf(s->stream, "<a href=\"#%s-d%zu\">yes, %s</a>", s->prefix, index, hp_kind_name(d->kind));
    else
        fputs(d ? "yes" : "no", s->stream);
    fputs("</td></tr>\n", s->stream);
}

static void write_ranking(const hp_section *s)
{
    const hp_evidence *e = s->list->evidence;
    if (!e->lowest_count)
        return;
    fputs("<div class=\"ranking\"><h3>The ranking of 2011</h3>\n<p>The article <cite>Finding stuck or hot pixels in "
          "Nikon D80 images</cite> looks for the pixels that change least from photo to photo: those of the smallest "
          "M2, the sum of squared differences from the mean",
          s->stream);
    fputs(s->list->camera.source == HP_SOURCE_JPEG || s->list->camera.source == HP_SOURCE_HEIC
              ? " (here of brightness, not of each colour)"
              : "",
          s->stream);
    fputs(
        ". Only a pixel that is stuck comes first there.</p>\n<table><thead><tr><th scope=\"col\" class=\"number\">Rank"
        "</th><th scope=\"col\" class=\"number\">x</th><th scope=\"col\" class=\"number\">y</th><th scope=\"col\" "
        "class=\"number\">M2</th><th scope=\"col\" class=\"number\">Mean</th><th scope=\"col\">In the list</th></tr>"
        "</thead>\n<tbody>\n",
        s->stream);
    for (size_t i = 0; i < e->lowest_count; i++)
        write_ranked(s, i);
    fputs("</tbody></table></div>\n", s->stream);
}

void hp_section_scores(const hp_section *section)
{
    if (!section->list->evidence)
        return;
    fputs("<details class=\"technical\"><summary>Technical details</summary>\n<div class=\"background\">\n",
          section->stream);
    write_histogram(section->stream, section->list->evidence);
    write_ranking(section);
    fputs("</div></details>\n", section->stream);
}
