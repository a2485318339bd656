#include "command.h"
#include "progress.h"
#include "run.h"
#include "say.h"
#include "standard_streams.h"
#include "table.h"

#include <inttypes.h>
#include <stdio.h>

static void print_strength(const hp_selftest_step *step)
{
    switch (step->kind) {
    case HP_HOT:
        printf("hot    %+8.1f DN      ", step->strength);
        break;
    case HP_WEAK:
        printf("weak   response %-4.2f   ", step->strength);
        break;
    case HP_STUCK:
        printf("stuck  at %3.0f %%        ", 100 * step->strength);
        break;
    case HP_DEAD:
        printf("dead                   ");
        break;
    }
}

static void print_steps(const hp_selftest *test)
{
    puts("\nplanted                 found");
    for (size_t i = 0; i < test->step_count; i++) {
        const hp_selftest_step *step = &test->steps[i];
        if (step->planted == 0)
            continue;
        print_strength(step);
        printf("%4zu of %-4zu %4.0f %%\n", step->found, step->planted,
               100 * (double)step->found / (double)step->planted);
    }
}

/* "dead, stuck at 50 %": of the kinds without a scale of strengths, those of which 90 % are found. */
static void print_others(const hp_selftest *test)
{
    for (size_t i = 0; i < test->step_count; i++) {
        const hp_selftest_step *step = &test->steps[i];
        if (step->planted == 0 || step->found * 10 < step->planted * 9)
            continue;
        if (step->kind == HP_DEAD)
            fputs("; dead", stdout);
        if (step->kind == HP_STUCK)
            printf("; stuck at %.0f %%", 100 * step->strength);
    }
}

static void print_camera(const hp_selftest *test)
{
    char name[CAMERA_NAME_BYTES];
    printf("%s\n%" PRIu32 "x%" PRIu32 ", %zu photo%s used", camera_name(&test->camera, name), test->camera.width,
           test->camera.height, test->photos_used, plural(test->photos_used));
    if (test->photos_used == 0) {
        puts("\n\nNone of its photos could be used.");
        return;
    }
    printf("; %zu bad pixel%s of its own\n", test->own_defects, plural(test->own_defects));
    print_steps(test);
    printf("\nWith your %zu photo%s 90 %% are found of: ", test->photos_used, plural(test->photos_used));
    if (test->hot_from_dn > 0)
        printf("hot from %.1f DN on", test->hot_from_dn);
    else
        fputs("hot of no strength tried", stdout);
    if (test->weak_from > 0)
        printf("; weak from a response of %.2f down", test->weak_from);
    print_others(test);
    puts(".");
}

static int write_outputs(const cli_settings *settings, const hp_selftest_result *result)
{
    int code = 0;
    for (size_t i = 0; i < settings->outputs.count; i++) {
        hp_error err = {0};
        if (hp_selftest_write(result, settings->outputs.items[i], settings->force, &err))
            code = say_error(&err);
    }
    return code;
}

static int report(const cli_settings *settings, const hp_selftest_result *result)
{
    int code = write_outputs(settings, result);
    bool fault = has_fault(result->skipped, result->skipped_count);
    streams_end_by_pipe();
    for (size_t i = 0; i < result->camera_count; i++) {
        if (i > 0)
            puts("");
        print_camera(&result->cameras[i]);
        fault |= has_fault(result->cameras[i].skipped, result->cameras[i].skipped_count);
    }
    return code ? code : exit_code(settings, fault);
}

/* Where nothing could be used the error of a single file says all. */
static void say_all_skipped(const hp_selftest_result *result, bool failed, bool quiet)
{
    size_t count = result->skipped_count;
    for (size_t i = 0; i < result->camera_count; i++)
        count += result->cameras[i].skipped_count;
    if (failed && count == 1)
        return;
    say_skipped(result->skipped, result->skipped_count, quiet);
    for (size_t i = 0; i < result->camera_count; i++)
        say_skipped(result->cameras[i].skipped, result->cameras[i].skipped_count, quiet);
}

int cmd_selftest(const cli_settings *settings)
{
    hp_selftest_result *result = NULL;
    hp_error err = {0};
    int code = check_outputs(settings, hp_selftest_check_target);
    if (code)
        return code;
    cli_progress progress = progress_start(settings);
    hp_scan_options options = scan_options(settings, &progress);
    int failed = hp_selftest_run(settings->arguments.items, settings->arguments.count, &options, &result, &err);
    progress_end(&progress);
    if (result)
        say_all_skipped(result, failed, settings->quiet);
    code = failed ? say_error(&err) : report(settings, result);
    hp_selftest_result_free(&result);
    return code;
}
