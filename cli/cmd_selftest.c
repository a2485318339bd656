#include "command.h"
#include "progress.h"
#include "run.h"
#include "say.h"
#include "standard_streams.h"
#include "table.h"

#include <inttypes.h>
#include <stdio.h>

enum { PHOTOS_LEAST = 5, PHOTOS_GOOD = 25 }; /* as warnings of a scan say */

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
    puts("\nBad pixels planted      found");
    for (size_t i = 0; i < test->step_count; i++) {
        const hp_selftest_step *step = &test->steps[i];
        if (step->planted == 0)
            continue;
        print_strength(step);
        printf("%4zu of %-4zu %4.0f %%\n", step->found, step->planted,
               100 * (double)step->found / (double)step->planted);
    }
}

static size_t count_found(const hp_selftest *test, unsigned kinds)
{
    size_t found = 0;
    for (size_t i = 0; i < test->step_count; i++)
        if (kinds & 1u << test->steps[i].kind)
            found += test->steps[i].found;
    return found;
}

static bool is_found_well(const hp_selftest_step *step)
{
    return step->planted > 0 && step->found * 10 >= step->planted * 9;
}

/* "stuck  at 10, 50 or 95 % of white" */
static void print_stuck(const hp_selftest *test)
{
    double levels[8];
    size_t count = 0;
    for (size_t i = 0; i < test->step_count && count < 8; i++)
        if (test->steps[i].kind == HP_STUCK && is_found_well(&test->steps[i]))
            levels[count++] = 100 * test->steps[i].strength;
    for (size_t i = 0; i < count; i++)
        printf("%s%.0f", i == 0 ? "  stuck  at " : i + 1 < count ? ", " : " or ", levels[i]);
    fputs(count ? " % of white\n" : "", stdout);
}

static bool any_found_well(const hp_selftest *test)
{
    bool any = test->hot_from_dn > 0 || test->weak_from > 0;
    for (size_t i = 0; i < test->step_count; i++)
        any |= test->steps[i].kind != HP_HOT && test->steps[i].kind != HP_WEAK && is_found_well(&test->steps[i]);
    return any;
}

static void print_found_well(const hp_selftest *test)
{
    if (test->hot_from_dn > 0)
        printf("  hot    by %.1f DN or more\n", test->hot_from_dn);
    if (test->weak_from > 0)
        printf("  weak   with a response of %.2f or less\n", test->weak_from);
    for (size_t i = 0; i < test->step_count; i++)
        if (test->steps[i].kind == HP_DEAD && is_found_well(&test->steps[i]))
            puts("  dead");
    print_stuck(test);
}

static void print_conclusion(const hp_selftest *test)
{
    size_t photos = test->photos_used;
    if (photos == 1)
        fputs("\nA scan of this photo finds ", stdout);
    else
        printf("\nA scan of these %zu photos finds ", photos);
    if (any_found_well(test)) {
        puts("9 in 10 of the bad pixels that are");
        print_found_well(test);
    } else {
        puts("9 in 10 of none of these kinds.");
    }
    if (count_found(test, 1u << HP_HOT | 1u << HP_STUCK) && !count_found(test, 1u << HP_WEAK | 1u << HP_DEAD))
        puts("None of the weak and dead ones is found; in darks they do not show.");
    if (photos < PHOTOS_GOOD)
        puts("More photos find fainter ones.");
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
    if (test->photos_used == 1 && !count_found(test, ~0u)) {
        printf("\nOne photo alone cannot tell bad pixels from details of its scene: a scan of it lists none.\n"
               "%d photos of different scenes find most, %d nearly all.\n",
               PHOTOS_LEAST, PHOTOS_GOOD);
        return;
    }
    print_steps(test);
    print_conclusion(test);
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
