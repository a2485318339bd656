#include "command.h"
#include "report.h"
#include "run.h"
#include "say.h"

int cmd_scan(const cli_settings *settings)
{
    hp_result *result = NULL;
    hp_error err = {0};
    int code = check_outputs(settings, hp_result_check_target);
    if (code)
        return code;
    cli_progress progress = progress_start(settings);
    hp_scan_options options = scan_options(settings, &progress);
    int failed = hp_scan(settings->arguments.items, settings->arguments.count, &options, &result, &err);
    if (!failed && settings->history && hp_team_leads(options.run.team) &&
        hp_history_read(result, settings->arguments.items, settings->arguments.count, &options.run, &err))
        code = say_error(&err);
    progress_end(&progress);
    if (failed) {
        if (result)
            say_unusable(result, settings->quiet);
        code = say_error(&err);
    } else if (hp_team_leads(options.run.team)) {
        int reported = report_result(settings, result); /* though the history be missing */
        code = code ? code : reported;
    }
    hp_result_free(&result);
    return code;
}
