#include "command.h"
#include "isolation.h"
#include "report.h"
#include "run.h"
#include "say.h"

/* A list that does not tell its frame is for the camera of the photos, where the first argument is one. */
static hp_result *read_list(const cli_settings *settings, hp_error *err)
{
    hp_result *result = NULL;
    hp_photo_facts photo;
    hp_list_options options = {.width = settings->frame.width,
                               .height = settings->frame.height,
                               .source = (hp_source)settings->source,
                               .camera = settings->camera};
    if (!hp_list_read(settings->defects, &options, &result, err) || err->code != HP_E_ARGUMENT)
        return result;
    hp_error other = {0};
    if (hp_photo_read_facts(settings->arguments.items[0], isolation_for(settings), &photo, &other))
        return NULL;
    options.like = &photo.camera;
    hp_list_read(settings->defects, &options, &result, err);
    return result;
}

/* What the error of a single file says already. */
static bool says_all(const hp_result *result, const hp_error *err)
{
    size_t count = result->skipped_count;
    for (size_t i = 0; i < result->list_count; i++)
        count += result->lists[i].history ? result->lists[i].history->set_aside_count : 0;
    return err->code == HP_E_NO_PHOTO && count == 1;
}

int cmd_history(const cli_settings *settings)
{
    hp_error err = {0};
    if (!settings->defects)
        return say_usage("history", "no list of bad pixels; -d LIST is missing");
    int code = check_outputs(settings, hp_result_check_target);
    if (code)
        return code;
    hp_result *result = read_list(settings, &err);
    if (!result)
        return say_error(&err);
    cli_progress progress = progress_start(settings);
    const hp_run_options options = run_options(settings, &progress);
    int failed = hp_history_read(result, settings->arguments.items, settings->arguments.count, &options, &err);
    progress_end(&progress);
    if (failed) {
        if (!says_all(result, &err))
            say_history_skipped(result, settings->quiet);
        code = say_error(&err);
    } else {
        code = report_history(settings, result);
    }
    hp_result_free(&result);
    return code;
}
