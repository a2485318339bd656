#include "say.h"
#include "table.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

enum { DATE_BYTES = 32, NAME_BYTES = 64 };

/* The camera's clock, which has no zone. */
static const char *date_text(int64_t time_s, const char *otherwise, char out[DATE_BYTES])
{
    struct tm parts;
    time_t time = (time_t)time_s;
    if (time_s == 0 || !gmtime_r(&time, &parts) || !strftime(out, DATE_BYTES, "%Y-%m-%d %H:%M", &parts))
        snprintf(out, DATE_BYTES, "%s", otherwise);
    return out;
}

static const char *file_name(const hp_dated_photo *photo, char out[NAME_BYTES])
{
    const char *slash = strrchr(photo->path, '/');
    return hp_printable(slash ? slash + 1 : photo->path, out, NAME_BYTES);
}

static void print_timeline(const hp_defect *d, const hp_history *history, const hp_timeline *t)
{
    char since[DATE_BYTES], until[DATE_BYTES], first[NAME_BYTES], last[NAME_BYTES];
    printf("%6" PRIu32 " %6" PRIu32 "  %-5s  %-15s %5.1f %%", d->x, d->y, hp_kind_name(d->kind),
           hp_history_verdict_name(t->verdict), 100 * t->confidence);
    if (t->verdict == HP_NOT_SEEN) {
        puts("");
        return;
    }
    printf("  %-22s  %-16s  %s to %s\n", date_text(t->since_s, "before the first photo", since),
           date_text(t->until_s, "still bad", until), file_name(&history->photos[t->first_bad], first),
           file_name(&history->photos[t->last_bad], last));
}

static void print_counts(const hp_list *list)
{
    const hp_history *history = list->history;
    size_t counts[HP_INTERMITTENT + 1] = {0};
    const char *comma = "";
    for (size_t i = 0; i < history->timeline_count; i++)
        counts[history->timelines[i].verdict]++;
    table_print_shapes(list);
    fputs(": ", stdout);
    for (int verdict = HP_NOT_SEEN; verdict <= HP_INTERMITTENT; verdict++) {
        if (counts[verdict] == 0)
            continue;
        printf("%s%zu %s", comma, counts[verdict], hp_history_verdict_name((hp_history_verdict)verdict));
        comma = ", ";
    }
    puts(".");
}

static void print_list(const hp_list *list)
{
    char name[CAMERA_NAME_BYTES], from[DATE_BYTES], to[DATE_BYTES];
    const hp_history *history = list->history;
    size_t photos = history->photo_count;
    printf("%s\n%zu photo%s with a date", camera_name(&list->camera, name), photos, plural(photos));
    if (photos)
        printf(", %s", date_text(history->photos[0].taken_s, "", from));
    if (photos && strcmp(from, date_text(history->photos[photos - 1].taken_s, "", to)) != 0)
        printf(" to %s", to);
    if (history->set_aside_count)
        printf("; %zu set aside", history->set_aside_count);
    if (photos == 0 || history->timeline_count == 0) {
        puts("");
        return;
    }
    puts("\n\n     x      y  kind   verdict            sure  since                   until             bad in the "
         "photos");
    for (size_t i = 0; i < history->timeline_count; i++)
        print_timeline(&list->defects[i], history, &history->timelines[i]);
    puts("");
    print_counts(list);
}

void table_print_history(const hp_result *result)
{
    bool first = true;
    for (size_t i = 0; i < result->list_count; i++) {
        if (!result->lists[i].history)
            continue;
        if (!first)
            puts("");
        first = false;
        print_list(&result->lists[i]);
    }
}
