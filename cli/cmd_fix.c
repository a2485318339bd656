#include "command.h"
#include "run.h"
#include "say.h"
#include "standard_streams.h"
#include "table.h"

#include <stdio.h>

static int check_usage(const cli_settings *settings)
{
    if (!settings->defects)
        return say_usage("fix", "no list of bad pixels; -d LIST is missing");
    if (settings->outputs.count > 1)
        return say_usage("fix", "only one -o FOLDER");
    if (settings->in_place && settings->outputs.count > 0)
        return say_usage("fix", "only one of -o FOLDER and --in-place");
    if (!settings->in_place && settings->outputs.count == 0)
        return say_usage("fix", "nowhere to write to; -o FOLDER or --in-place is missing");
    if (settings->no_original && !settings->in_place)
        return say_usage("fix", "--no-original goes with --in-place");
    return 0;
}

static void print_photo(const hp_fixed *photo)
{
    char name[SHOWN_BYTES], right[64] = "";
    const char *done = photo->by_opcode ? "listed in the copy" : "repaired";
    bool again = photo->from_original, same = photo->unchanged;
    hp_printable(photo->photo, name, sizeof name);
    if (photo->left)
        snprintf(right, sizeof right, ", %zu right in this photo", photo->left);
    if (again && !same && photo->repaired == 0 && !photo->masked)
        printf("%s: no bad pixel to repair, as its .orig again\n", name);
    else if (photo->repaired + photo->left == 0)
        printf("%s: the list has no bad pixel for it, nothing changed\n", name);
    else if (photo->repaired == 0)
        printf("%s: %zu bad pixel%s, right in this photo, %s\n", name, photo->left, plural(photo->left),
               same ? "nothing changed" : "masked");
    else
        printf("%s: %zu bad pixel%s %s%s%s%s\n", name, photo->repaired, plural(photo->repaired), done,
               !again ? ""
               : same ? " already"
                      : " from its .orig",
               right, again && same ? ", nothing changed" : "");
}

static bool any_masked(const hp_fix_result *result)
{
    bool any = false;
    for (size_t i = 0; i < result->photo_count; i++)
        any |= result->photos[i].masked;
    return any;
}

static int report(const cli_settings *settings, const hp_fix_result *result)
{
    say_faults(result->skipped, result->skipped_count, settings->quiet);
    if (settings->mask && !any_masked(result))
        say(0, "warning: no photo got a mask: FITS files alone do, where the list has pixels for them");
    streams_end_by_pipe();
    for (size_t i = 0; i < result->photo_count; i++)
        print_photo(&result->photos[i]);
    return exit_code(settings, has_fault(result->skipped, result->skipped_count));
}

static int fix(const cli_settings *settings, const hp_result *lists)
{
    hp_error err = {0};
    hp_fix_result *result = NULL;
    cli_progress progress = progress_start(settings);
    hp_fix_options options = hp_fix_defaults();
    options.run = run_options(settings, &progress);
    options.folder = settings->in_place ? NULL : settings->outputs.items[0];
    options.drop_originals = settings->no_original;
    options.keep_time = settings->keep_time;
    options.force = settings->force;
    options.mask = settings->mask;
    int failed = hp_fix(lists, settings->arguments.items, settings->arguments.count, &options, &result, &err);
    progress_end(&progress);
    if (failed && result && result->skipped_count > 1) /* of a single photo the error says all */
        say_faults(result->skipped, result->skipped_count, settings->quiet);
    int code = failed ? say_error(&err) : report(settings, result);
    hp_fix_result_free(&result);
    return code;
}

int cmd_fix(const cli_settings *settings)
{
    hp_error err = {0};
    hp_result *lists = NULL;
    int code = check_usage(settings);
    if (code)
        return code;
    const hp_list_options options = {.width = settings->frame.width,
                                     .height = settings->frame.height,
                                     .source = (hp_source)settings->source,
                                     .camera = settings->camera};
    if (hp_list_read(settings->defects, &options, &lists, &err))
        return say_error(&err);
    say_warnings_once(lists);
    code = fix(settings, lists);
    hp_result_free(&lists);
    return code;
}
