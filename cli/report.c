#include "report.h"

#include "run.h"
#include "say.h"
#include "standard_streams.h"
#include "table.h"

static bool any_fault(const hp_result *result)
{
    bool fault = has_fault(result->skipped, result->skipped_count);
    for (size_t i = 0; i < result->list_count; i++)
        fault |= has_fault(result->lists[i].skipped, result->lists[i].skipped_count);
    return fault;
}

void say_result_skipped(const hp_result *result, bool quiet)
{
    say_skipped(result->skipped, result->skipped_count, quiet);
    for (size_t i = 0; i < result->list_count; i++)
        say_skipped(result->lists[i].skipped, result->lists[i].skipped_count, quiet);
}

/* One file that cannot be written does not keep the others from being. */
static int write_outputs(const cli_settings *settings, const hp_result *result)
{
    int code = 0;
    for (size_t i = 0; i < settings->outputs.count; i++) {
        hp_error err = {0};
        if (hp_result_write(result, settings->outputs.items[i], settings->force, &err))
            code = say_error(&err);
    }
    return code;
}

int report_result(const cli_settings *settings, const hp_result *result)
{
    say_result_skipped(result, settings->quiet);
    say_warnings(result);
    int code = write_outputs(settings, result);
    streams_end_by_pipe();
    table_print(result);
    return code ? code : exit_code(settings, any_fault(result));
}

int report_variance(const cli_settings *settings, const hp_variance_result *result)
{
    int code = 0;
    say_skipped(result->skipped, result->skipped_count, settings->quiet);
    for (size_t i = 0; i < settings->outputs.count; i++) {
        hp_error err = {0};
        if (hp_variance_write(result, settings->outputs.items[i], settings->force, &err))
            code = say_error(&err);
    }
    streams_end_by_pipe();
    table_print_variance(result);
    return code ? code : exit_code(settings, has_fault(result->skipped, result->skipped_count));
}
