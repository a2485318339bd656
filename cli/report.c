#include "report.h"

#include "run.h"
#include "say.h"
#include "standard_streams.h"
#include "table.h"
#include "write.h"

#include <stdio.h>
#include <string.h>

static bool any_fault(const hp_result *result)
{
    bool fault = has_fault(result->skipped, result->skipped_count);
    for (size_t i = 0; i < result->list_count; i++)
        fault |= has_fault(result->lists[i].skipped, result->lists[i].skipped_count);
    return fault;
}

static bool any_set_aside(const hp_result *result)
{
    bool fault = has_fault(result->skipped, result->skipped_count);
    for (size_t i = 0; i < result->list_count; i++)
        if (result->lists[i].history)
            fault |= has_fault(result->lists[i].history->set_aside, result->lists[i].history->set_aside_count);
    return fault;
}

static bool is_skipped(const hp_list *list, const char *path)
{
    for (size_t i = 0; i < list->skipped_count; i++)
        if (!strcmp(list->skipped[i].path, path))
            return true;
    return false;
}

/* Photos that a scan skipped it has named itself. */
static void say_set_aside(const hp_result *result, bool scanned, bool quiet)
{
    for (size_t i = 0; i < result->list_count; i++) {
        const hp_history *history = result->lists[i].history;
        for (size_t k = 0; history && k < history->set_aside_count; k++)
            if (!scanned || !is_skipped(&result->lists[i], history->set_aside[k].path))
                say_skipped(&history->set_aside[k], 1, quiet);
    }
}

/* What a list that was read from a file says of photos of its own is not this run's. */
void say_history_skipped(const hp_result *result, bool quiet)
{
    say_skipped(result->skipped, result->skipped_count, quiet);
    say_set_aside(result, false, quiet);
}

static void say_result_skipped(const hp_result *result, bool quiet)
{
    say_skipped(result->skipped, result->skipped_count, quiet);
    for (size_t i = 0; i < result->list_count; i++)
        say_skipped(result->lists[i].skipped, result->lists[i].skipped_count, quiet);
}

/* Of this run, not of the set: what is said of the set is the same in however many runs it came together. */
static void say_known(const char *name, size_t new, size_t known)
{
    say(0, "%s: %zu photo%s new, %zu known to the state", name, new, plural(new), known);
}

static void say_known_of_each(const hp_result *result)
{
    for (size_t i = 0; i < result->list_count; i++) {
        const hp_list *list = &result->lists[i];
        char name[LIST_NAME_BYTES];
        say_known(list_name(result, i, name), list->photos_new, list->photos_known);
    }
}

/* The error of a run over a single file that is of no use says all. */
void say_unusable(const hp_result *result, bool quiet)
{
    size_t count = result->skipped_count;
    for (size_t i = 0; i < result->list_count; i++)
        count += result->lists[i].skipped_count;
    if (count > 1)
        say_result_skipped(result, quiet);
}

int report_result(const cli_settings *settings, const hp_result *result)
{
    say_result_skipped(result, settings->quiet);
    say_set_aside(result, true, settings->quiet);
    say_warnings(result);
    if (settings->state && !settings->quiet)
        say_known_of_each(result);
    int code = write_result(settings, result);
    streams_end_by_pipe();
    table_print(result);
    if (settings->history) {
        puts("");
        table_print_history(result);
    }
    return code ? code : exit_code(settings, any_fault(result) || any_set_aside(result));
}

int report_history(const cli_settings *settings, const hp_result *result)
{
    say_history_skipped(result, settings->quiet);
    say_warnings(result);
    int code = write_result(settings, result);
    streams_end_by_pipe();
    table_print_history(result);
    return code ? code : exit_code(settings, any_set_aside(result));
}

int report_variance(const cli_settings *settings, const hp_variance_result *result)
{
    int code = 0;
    char shown[SHOWN_BYTES];
    say_skipped(result->skipped, result->skipped_count, settings->quiet);
    if (settings->state && !settings->quiet)
        say_known(hp_printable(settings->state, shown, sizeof shown), result->photos_new, result->photos_known);
    for (size_t i = 0; i < settings->outputs.count; i++) {
        hp_error err = {0};
        if (hp_variance_write(result, settings->outputs.items[i], settings->force, &err))
            code = say_error(&err);
    }
    streams_end_by_pipe();
    table_print_variance(result);
    return code ? code : exit_code(settings, has_fault(result->skipped, result->skipped_count));
}
