#include "command.h"
#include "run.h"
#include "say.h"

int cmd_forget(const cli_settings *settings)
{
    hp_error err = {0};
    cli_progress progress = {0};
    size_t forgotten;
    const text_list *names = &settings->arguments;
    if (names->count < 2)
        return say_usage("forget", "no photo to forget; it takes STATE PHOTO...");
    const hp_run_options options = run_options(settings, &progress);
    if (hp_forget(names->items[0], names->items + 1, names->count - 1, &options, &forgotten, &err))
        return say_error(&err);
    if (!settings->quiet)
        say(0, "%zu photo%s subtracted", forgotten, forgotten == 1 ? "" : "s");
    return EXIT_DONE;
}
