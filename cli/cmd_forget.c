#include "command.h"
#include "run.h"
#include "say.h"

int cmd_forget(const cli_settings *settings)
{
    hp_error err = {0};
    cli_progress progress = {0};
    hp_forget_result *result;
    const text_list *names = &settings->arguments;
    if (names->count < 2)
        return say_usage("forget", "no photo to forget; it takes STATE PHOTO|FOLDER|'PATTERN'...");
    const hp_run_options options = run_options(settings, &progress);
    if (hp_forget(names->items[0], names->items + 1, names->count - 1, &options, &result, &err))
        return say_error(&err);
    say_faults(result->skipped, result->skipped_count, settings->quiet);
    if (!settings->quiet)
        say(0, "%zu photo%s subtracted", result->subtracted, plural(result->subtracted));
    int code = exit_code(settings, has_fault(result->skipped, result->skipped_count));
    hp_forget_result_free(&result);
    return code;
}
