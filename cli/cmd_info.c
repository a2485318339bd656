#include "command.h"
#include "isolation.h"
#include "say.h"
#include "table.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <time.h>

enum { SIDE_MOST = 1 << 20 }; /* px, of the frames that lists are for */

static void print_heading(const char *path, const char *what, uint64_t bytes)
{
    char shown[SHOWN_BYTES];
    printf("%s: %s", hp_printable(path, shown, sizeof shown), what);
    if (bytes)
        printf(bytes < 1000000 ? ", %.0f kB" : ", %.1f MB", (double)bytes * (bytes < 1000000 ? 1e-3 : 1e-6));
    puts("");
}

static void print_name(const hp_camera *camera)
{
    char name[CAMERA_NAME_BYTES];
    printf("  camera   %s\n", camera_name(camera, name));
}

static void print_camera(const hp_camera *camera, unsigned channels)
{
    print_name(camera);
    printf("  frame    %" PRIu32 "x%" PRIu32 " %s", camera->width, camera->height, hp_source_name(camera->source));
    if (camera->bits) /* a list need not tell */
        printf(", %u bit", camera->bits);
    if (camera->cfa[0])
        printf(", colours %s", camera->cfa);
    printf("%s\n", channels > 1 ? ", several channels" : "");
}

static void print_time(int64_t time_s)
{
    struct tm parts;
    time_t time = (time_t)time_s;
    char text[32];
    if (gmtime_r(&time, &parts) && strftime(text, sizeof text, "%Y-%m-%d %H:%M:%S", &parts))
        fputs(text, stdout);
}

static void print_taken(int64_t first_s, int64_t last_s)
{
    if (!first_s)
        return;
    fputs("  taken    ", stdout);
    print_time(first_s);
    if (last_s != first_s) {
        fputs(" to ", stdout);
        print_time(last_s);
    }
    puts("");
}

static int print_state(const char *path)
{
    hp_state_info info;
    hp_error err = {0};
    if (hp_state_read_info(path, &info, &err))
        return say_error(&err);
    bool variance = strcmp(info.kind, "variance") == 0;
    print_heading(path, variance ? "state of the variance" : "state of a scan", info.file_size);
    if (variance)
        printf("  frame    %" PRIu32 "x%" PRIu32 ", %u channel%s of %u bit\n", info.camera.width, info.camera.height,
               info.channels, plural(info.channels), info.camera.bits);
    else
        print_camera(&info.camera, 1);
    printf("  photos   %zu counted; left out: %zu similar, %zu damaged\n", info.photos, info.similar, info.damaged);
    print_taken(info.first_s, info.last_s);
    if (info.bounds_only)
        puts("  note     photos were taken out again: minima and maxima are bounds only");
    if (info.unfinished)
        puts("  note     the last run was interrupted while it counted similar photos");
    return EXIT_DONE;
}

static int print_photo(const char *path, hp_isolation *isolation, hp_error *err)
{
    hp_photo_facts facts;
    if (hp_photo_read_facts(path, isolation, &facts, err))
        return EXIT_FAILED;
    print_heading(path, "photo", facts.file_size);
    print_camera(&facts.camera, facts.channels);
    print_taken(facts.taken_s, facts.taken_s);
    if (facts.exposure_s > 0 && facts.exposure_s < 0.3)
        printf("  exposure 1/%.0f s\n", 1 / facts.exposure_s);
    else if (facts.exposure_s > 0)
        printf("  exposure %.4g s\n", facts.exposure_s);
    if (facts.iso > 0)
        printf("  ISO      %.0f\n", facts.iso);
    return EXIT_DONE;
}

/* Many kinds need not tell the frame, or the source, without which places are not known: they are counted here alone.
 */
static const hp_list_options assumptions[] = {
    {0},
    {.source = HP_SOURCE_RAW},
    {.width = SIDE_MOST, .height = SIDE_MOST},
    {.width = SIDE_MOST, .height = SIDE_MOST, .source = HP_SOURCE_RAW},
};
static const size_t assumption_count = sizeof assumptions / sizeof *assumptions;

static void print_list(const hp_list *list, const hp_list_options *assumed)
{
    hp_camera camera = list->camera;
    if (assumed->source)
        camera.source = HP_SOURCE_UNKNOWN;
    if (!assumed->width)
        print_camera(&camera, 1);
    else if (camera.model[0])
        print_name(&camera);
    if (assumed->width)
        puts("  frame    not told: hotpix convert takes --size or --like");
    size_t single = 0;
    for (size_t i = 0; i < list->defect_count; i++)
        single += list->defects[i].shape == HP_SHAPE_PIXEL;
    fputs("  pixels   ", stdout);
    if (single == list->defect_count)
        printf("%zu", single);
    else
        table_print_shapes(list);
    puts("");
}

/* Why it is no list is what the first reading says. */
static int print_lists(const char *path, hp_error *err)
{
    hp_result *result = NULL;
    size_t i = 0;
    int code = hp_list_read(path, NULL, &result, err);
    for (i = 1; code == HP_E_ARGUMENT && i < assumption_count; i++)
        code = hp_list_read(path, &assumptions[i], &result, &(hp_error){0});
    if (code)
        return EXIT_FAILED;
    print_heading(path, "list of bad pixels", 0);
    for (size_t k = 0; k < result->list_count; k++)
        print_list(&result->lists[k], &assumptions[i - 1]);
    hp_result_free(&result);
    return EXIT_DONE;
}

static int print_report(const char *path)
{
    hp_result *result = NULL;
    hp_error err = {0};
    if (hp_report_read(path, &result, &err))
        return say_error(&err);
    print_heading(path, "report page, to look at in a browser", 0);
    for (size_t i = 0; i < result->list_count; i++)
        print_list(&result->lists[i], &assumptions[0]);
    puts("  note     no list: \"Save the list\" in the page makes one, as -o FILE.json does");
    hp_result_free(&result);
    return EXIT_DONE;
}

static bool has_ending(const char *path, const char *const *endings)
{
    size_t length = strlen(path);
    for (; *endings; endings++)
        if (length > strlen(*endings) && !strcasecmp(path + length - strlen(*endings), *endings))
            return true;
    return false;
}

/* Masks are PNG and FITS as some photos are: what is readable as a list is one. */
static const char *const masks[] = {".png", ".fits", ".fit", ".fts", NULL};
static const char *const texts[] = {".json", ".csv", ".badpixels", ".txt", ".lst",
                                    ".reg",  ".svg", ".html",      ".htm", NULL};

static int print_other(const char *path, hp_isolation *isolation)
{
    hp_error as_photo = {0}, as_list = {0};
    if (has_ending(path, masks) && print_lists(path, &as_list) == EXIT_DONE)
        return EXIT_DONE;
    if (print_photo(path, isolation, &as_photo) == EXIT_DONE || print_lists(path, &as_list) == EXIT_DONE)
        return EXIT_DONE;
    return say_error(has_ending(path, texts) ? &as_list : &as_photo);
}

int cmd_info(const cli_settings *settings)
{
    int code = EXIT_DONE;
    for (size_t i = 0; i < settings->arguments.count; i++) {
        const char *path = settings->arguments.items[i];
        int failed = hp_state_is_one(path)    ? print_state(path)
                     : hp_report_is_one(path) ? print_report(path)
                                              : print_other(path, isolation_for(settings));
        code = failed ? failed : code;
    }
    return code;
}
