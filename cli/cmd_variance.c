#include "command.h"
#include "report.h"
#include "run.h"
#include "say.h"

int cmd_variance(const cli_settings *settings)
{
    hp_variance_result *result = NULL;
    hp_error err = {0};
    int code = check_outputs(settings, hp_variance_check_target);
    if (code)
        return code;
    cli_progress progress = progress_start(settings);
    hp_variance_options options = hp_variance_defaults();
    options.run = run_options(settings, &progress);
    if (settings->rank)
        options.rank = (size_t)settings->rank;
    int failed = hp_variance(settings->arguments.items, settings->arguments.count, &options, &result, &err);
    progress_end(&progress);
    if (failed) {
        if (result && result->skipped_count > 1) /* of a single file the error says all */
            say_skipped(result->skipped, result->skipped_count, settings->quiet);
        code = say_error(&err);
    } else if (hp_team_leads(options.run.team)) {
        code = report_variance(settings, result);
    }
    hp_variance_result_free(&result);
    return code;
}
