#include "progress.h"

#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#define LEAST_INTERVAL_S 0.1

enum { LINE_BYTES = 160, DEFAULT_COLUMNS = 80 };

static size_t terminal_columns(void)
{
    struct winsize window;
    if (ioctl(STDERR_FILENO, TIOCGWINSZ, &window) == 0 && window.ws_col > 0)
        return window.ws_col;
    return DEFAULT_COLUMNS;
}

cli_progress progress_start(const cli_settings *settings)
{
    cli_progress progress = {.columns = terminal_columns()};
    if (!settings->quiet)
        progress.on =
            settings->progress == PROGRESS_ALWAYS || (settings->progress == PROGRESS_AUTO && isatty(STDERR_FILENO));
    return progress;
}

static void format_duration(double seconds, char *out, size_t size)
{
    /* A clock that was put back gives less than nothing. */
    unsigned long s = seconds > 360000 ? 360000 : seconds > 0 ? (unsigned long)(seconds + 0.5) : 0;
    if (s < 60)
        snprintf(out, size, "%lu s", s);
    else if (s < 3600)
        snprintf(out, size, "%lu min %02lu s", s / 60, s % 60);
    else
        snprintf(out, size, "%lu h %02lu min", s / 3600, s % 3600 / 60);
}

/* By bytes, which say more about the work left than photos do, as soon as there are any. */
static double seconds_left(const hp_progress *now)
{
    if (now->bytes_done > 0 && now->bytes_total >= now->bytes_done)
        return now->seconds * (double)(now->bytes_total - now->bytes_done) / (double)now->bytes_done;
    if (now->photos_done > 0)
        return now->seconds * (double)(now->photos_total - now->photos_done) / (double)now->photos_done;
    return 0;
}

static void format_line(const hp_progress *now, char *line)
{
    char left[32];
    double per_s = now->seconds > 0 ? 1 / now->seconds : 0;
    format_duration(seconds_left(now), left, sizeof left);
    if (now->photos_done < now->photos_total)
        snprintf(line, LINE_BYTES, "%zu of %zu photos, %zu left, %.1f photos/s, %.0f MB/s, %s left", now->photos_done,
                 now->photos_total, now->photos_total - now->photos_done, (double)now->photos_done * per_s,
                 (double)now->bytes_done * 1e-6 * per_s, left);
    else
        snprintf(line, LINE_BYTES, "%zu photos, looking at the sums", now->photos_done);
}

/* Blanks and carriage returns, no escape sequences: these work on every terminal. */
static void put_line(cli_progress *progress, const char *line)
{
    size_t length = strlen(line);
    if (length > progress->columns - 1)
        length = progress->columns - 1;
    int blanks = progress->length > length ? (int)(progress->length - length) : 0;
    fprintf(stderr, "\r%.*s%*s", (int)length, line, blanks, "");
    fflush(stderr);
    progress->length = length;
}

void progress_update(void *context, const hp_progress *now)
{
    cli_progress *progress = context;
    bool is_last = now->photos_done == now->photos_total;
    if (!progress->on || (progress->shown && !is_last && now->seconds - progress->last_s < LEAST_INTERVAL_S))
        return;
    char line[LINE_BYTES];
    format_line(now, line);
    put_line(progress, line);
    progress->shown = true;
    progress->last_s = now->seconds;
}

void progress_end(cli_progress *progress)
{
    if (!progress->shown)
        return;
    put_line(progress, "");
    fputc('\r', stderr);
    fflush(stderr);
    progress->shown = false;
}
