#include "command.h"
#include "run.h"
#include "say.h"

int cmd_merge(const cli_settings *settings)
{
    hp_error err = {0};
    cli_progress progress = {0};
    const text_list *states = &settings->arguments;
    if (settings->outputs.count == 0)
        return say_usage("merge", "nowhere to write to; -o STATE is missing");
    if (settings->outputs.count != 1)
        return say_usage("merge", "%zu files to write to; it takes one -o STATE", settings->outputs.count);
    const hp_run_options options = run_options(settings, &progress);
    if (hp_merge(states->items, states->count, settings->outputs.items[0], settings->force, &options, &err))
        return say_error(&err);
    return EXIT_DONE;
}
