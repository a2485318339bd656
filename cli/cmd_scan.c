#include "command.h"
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

static void say_all_skipped(const hp_result *result, bool quiet)
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

static int report(const cli_settings *settings, const hp_result *result)
{
    say_all_skipped(result, settings->quiet);
    say_warnings(result);
    int code = write_outputs(settings, result);
    streams_end_by_pipe();
    table_print(result);
    return code ? code : exit_code(settings, any_fault(result));
}

int cmd_scan(const cli_settings *settings)
{
    hp_result *result = NULL;
    hp_error err = {0};
    int code = check_outputs(settings, hp_result_check_target);
    if (code)
        return code;
    cli_progress progress = progress_start(settings);
    hp_scan_options options = hp_scan_defaults();
    options.run = run_options(settings, &progress);
    options.keep_similar = settings->similar == SIMILAR_KEEP;
    int failed = hp_scan(settings->arguments.items, settings->arguments.count, &options, &result, &err);
    progress_end(&progress);
    if (failed) {
        if (result)
            say_all_skipped(result, settings->quiet);
        code = say_error(&err);
    } else {
        code = report(settings, result);
    }
    hp_result_free(&result);
    return code;
}
