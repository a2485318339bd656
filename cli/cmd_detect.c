#include "command.h"
#include "report.h"
#include "run.h"
#include "say.h"

#include <string.h>

static int detect(const cli_settings *settings)
{
    hp_result *result = NULL;
    hp_error err = {0};
    cli_progress progress = {0};
    int code = check_outputs(settings, hp_result_check_target);
    if (code)
        return code;
    const hp_run_options options = run_options(settings, &progress);
    const text_list *states = &settings->arguments;
    if (hp_detect_states(states->items, states->count, &options, &result, &err))
        code = say_error(&err);
    else
        code = report_result(settings, result);
    hp_result_free(&result);
    return code;
}

static int detect_variance(const cli_settings *settings)
{
    hp_variance_result *result = NULL;
    hp_error err = {0};
    cli_progress progress = {0};
    int code = check_outputs(settings, hp_variance_check_target);
    if (code)
        return code;
    hp_variance_options options = hp_variance_defaults();
    options.run = run_options(settings, &progress);
    if (hp_variance_of_state(settings->arguments.items[0], &options, &result, &err))
        code = say_error(&err);
    else
        code = report_variance(settings, result);
    hp_variance_result_free(&result);
    return code;
}

/* A state of the variance gives what the variance prints. */
int cmd_detect(const cli_settings *settings)
{
    hp_state_info info;
    hp_error err = {0};
    if (settings->arguments.count > 1)
        return detect(settings);
    if (hp_state_read_info(settings->arguments.items[0], &info, &err))
        return say_error(&err);
    return strcmp(info.kind, "variance") == 0 ? detect_variance(settings) : detect(settings);
}
