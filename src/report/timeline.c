/* A defect's strip over time: what it was above its neighbours in each photo, and since when it is bad. */
#include "report/markup.h"
#include "report/section.h"

#include <math.h>

enum {
    COLUMNS_MOST = 120, /* bars of a strip; photos beyond share one */
    STRIP_WIDTH = 120,
    STRIP_HEIGHT = 26,
    MIDDLE = 13
};

/* ---- words ---- */

static void write_since(FILE *stream, int64_t since_s, int64_t until_s)
{
    if (since_s) {
        fputs("since ", stream);
        hp_markup_day(stream, since_s);
    }
    if (until_s) {
        fputs(since_s ? ", until " : "until ", stream);
        hp_markup_day(stream, until_s);
    }
}

static void write_verdict(FILE *stream, const hp_timeline *t)
{
    switch (t->verdict) {
    case HP_NOT_SEEN:
        fputs("not seen in single photos", stream);
        break;
    case HP_ALWAYS_BAD:
        fputs("from before the first photo, still bad", stream);
        break;
    case HP_BEGAN:
        write_since(stream, t->since_s, 0);
        fputs(", still bad", stream);
        break;
    case HP_ENDED:
        fputs("from before the first photo ", stream);
        write_since(stream, 0, t->until_s);
        break;
    case HP_BEGAN_AND_ENDED:
        write_since(stream, t->since_s, t->until_s);
        break;
    case HP_INTERMITTENT:
        fputs("bad and good by turns", stream);
        break;
    }
    if (t->verdict == HP_NOT_SEEN)
        return;
    fputs(" <span class=\"deviation\">", stream);
    hp_markup_number(stream, 100 * t->confidence, 0);
    fputs(" % sure</span>", stream);
}

/* ---- strip ---- */

/* Of the photos that share a column the one that stands out most. */
static size_t strongest(const hp_timeline *t, size_t from, size_t to)
{
    size_t best = from;
    for (size_t i = from; i < to; i++)
        if (fabsf(t->residual[i]) > fabsf(t->residual[best]))
            best = i;
    return best;
}

static double scale_of(const hp_timeline *t, size_t count)
{
    double most = 1;
    for (size_t i = 0; i < count; i++)
        if (isfinite(t->residual[i]))
            most = fmax(most, fabs((double)t->residual[i]));
    return (MIDDLE - 1) / most;
}

/* Bars of the photos in which it is bad, or of the others, as one path. */
static void write_bars(FILE *stream, const hp_timeline *t, size_t count, bool bad)
{
    size_t columns = count < COLUMNS_MOST ? count : COLUMNS_MOST;
    double scale = scale_of(t, count), step = (double)STRIP_WIDTH / (double)columns;
    fprintf(stream, "<path class=\"%s\" d=\"", bad ? "bad" : "fine");
    for (size_t k = 0; k < columns; k++) {
        size_t i = strongest(t, k * count / columns, (k + 1) * count / columns);
        if ((t->badness[i] >= 0.5F) != bad || !isfinite(t->residual[i]))
            continue;
        double length = scale * (double)t->residual[i];
        length = fabs(length) < 0.6 ? copysign(0.6, length) : length;
        fputc('M', stream);
        hp_markup_number(stream, ((double)k + 0.5) * step, 1);
        fprintf(stream, " %dv", MIDDLE);
        hp_markup_number(stream, -length, 1);
    }
    fputs("\" stroke-width=\"", stream);
    hp_markup_number(stream, fmax(0.7, fmin(4, 0.72 * step)), 1);
    fputs("\"/>", stream);
}

static void write_strip(FILE *stream, const hp_history *history, const hp_timeline *t)
{
    fprintf(stream,
            "<svg class=\"strip\" viewBox=\"0 0 %d %d\" preserveAspectRatio=\"none\" role=\"img\" aria-label=\"",
            STRIP_WIDTH, STRIP_HEIGHT);
    fputs("difference to the neighbours in ", stream);
    hp_markup_count(stream, history->photo_count, "photo");
    fprintf(stream, " by date\"><path class=\"axis\" d=\"M0 %dh%d\"/>", MIDDLE, STRIP_WIDTH);
    write_bars(stream, t, history->photo_count, false);
    write_bars(stream, t, history->photo_count, true);
    fputs("</svg>", stream);
}

void hp_section_timeline(const hp_section *section, size_t defect)
{
    const hp_list *list = section->list;
    const hp_defect *d = &list->defects[defect];
    const hp_history *history = list->history;
    FILE *stream = section->stream;
    if (!section->has_times)
        return;
    fputs("<td class=\"time\" data-name=\"Over time\">", stream);
    if (history && defect < history->timeline_count && history->photo_count) {
        write_strip(stream, history, &history->timelines[defect]);
        fputs("<span class=\"when\">", stream);
        write_verdict(stream, &history->timelines[defect]);
        fputs("</span>", stream);
    } else {
        fputs("<span class=\"when\">", stream);
        write_since(stream, d->since_s, d->until_s);
        fputs("</span>", stream);
    }
    fputs("</td>", stream);
}
