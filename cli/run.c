#include "run.h"

#include "command.h"
#include "interrupt.h"
#include "isolation.h"
#include "say.h"
#include "table.h"
#include "together.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>

enum { MOST_HARMLESS_NAMED = 20 };

static bool any_shows_evidence(const cli_settings *settings)
{
    for (size_t i = 0; i < settings->outputs.count; i++)
        if (hp_target_shows_evidence(settings->outputs.items[i]))
            return true;
    return false;
}

hp_run_options run_options(const cli_settings *settings, cli_progress *progress)
{
    return (hp_run_options){
        .threads = (unsigned)settings->threads,
        .memory_bytes = settings->memory_bytes,
        .batch = (unsigned)settings->batch,
        .cpu = (hp_cpu)settings->cpu,
        .progress = progress_update,
        .progress_context = progress,
        .stop = interrupt_watch(),
        .state = settings->state,
        .team = together_team(),
        .checkpoint_s = settings->checkpoint_s == NOT_GIVEN ? HP_CHECKPOINT_S : (double)settings->checkpoint_s,
        .evidence = any_shows_evidence(settings),
        .isolation = isolation_for(settings),
        .false_rate = settings->false_rate,
    };
}

hp_scan_options scan_options(const cli_settings *settings, cli_progress *progress)
{
    hp_scan_options options = hp_scan_defaults();
    options.run = run_options(settings, progress);
    options.similar = (hp_similar)settings->similar;
    return options;
}

static bool is_same_file(const struct stat *a, const struct stat *b)
{
    return a->st_dev == b->st_dev && a->st_ino == b->st_ino;
}

/* What a path's last name stands in; returns that name. */
static const char *look_at_folder(const char *path, struct stat *folder)
{
    const char *slash = strrchr(path, '/'), *own = slash ? slash + 1 : path;
    char *name = slash ? strndup(path, (size_t)(own - path)) : strdup(".");
    if (!name || stat(name, folder))
        *folder = (struct stat){0};
    free(name);
    return own;
}

/*
 * Whether two paths are one place: a name in a folder, whatever the way there, or the folder itself. Links to one file
 * are two places, for a result takes the place of its link.
 */
static bool is_same_place(const char *a, const char *b)
{
    struct stat first, second;
    if (!stat(a, &first) && !stat(b, &second) && S_ISDIR(first.st_mode) && S_ISDIR(second.st_mode))
        return is_same_file(&first, &second);
    return !strcmp(look_at_folder(a, &first), look_at_folder(b, &second)) && is_same_file(&first, &second);
}

static int check_all(const cli_settings *settings, check_target_fn *check)
{
    const text_list *outputs = &settings->outputs;
    char shown[SHOWN_BYTES], other[SHOWN_BYTES];
    hp_error err = {0};
    if (settings->checkpoint_s != NOT_GIVEN && !settings->state)
        return say(EXIT_USAGE, "--checkpoint goes with --state FILE, which is missing");
    for (size_t i = 0; i < outputs->count; i++) {
        const char *file = hp_target_file(outputs->items[i]);
        for (size_t k = 0; k < i; k++)
            if (is_same_place(file, hp_target_file(outputs->items[k])))
                return say(EXIT_USAGE, "-o %s and -o %s would be one file",
                           hp_printable(outputs->items[k], other, sizeof other),
                           hp_printable(outputs->items[i], shown, sizeof shown));
        if (settings->state && is_same_place(file, settings->state)) /* written last, it would replace the sums */
            return say(EXIT_USAGE, "%s is the state and cannot be the result of -o too",
                       hp_printable(settings->state, shown, sizeof shown));
        if (check(outputs->items[i], settings->force, &err))
            return say_error(&err);
    }
    return 0;
}

int check_outputs(const cli_settings *settings, check_target_fn *check)
{
    const hp_team *team = together_team();
    return hp_team_agree(team, hp_team_leads(team) ? check_all(settings, check) : 0, NULL);
}

/* Paths are as long as they are: the whole name, whatever is in it. */
static void say_one(const hp_skipped *skipped, size_t more)
{
    char reason[1024], others[64] = "";
    size_t size = 4 * strlen(skipped->path) + 1;
    char *path = malloc(size);
    hp_printable(skipped->reason, reason, sizeof reason);
    if (more)
        snprintf(others, sizeof others, " and %zu other%s", more, plural(more));
    say(0, "%s%s: %s; skipped", path ? hp_printable(skipped->path, path, size) : "a photo", others, reason);
    free(path);
}

static bool have_one_reason(const hp_skipped *a, const hp_skipped *b)
{
    return a->shared && b->shared && !strcmp(a->reason, b->reason);
}

/* What many have in common is said once, with the first of them. */
static void say_shared(const hp_skipped *skipped, size_t count, size_t index)
{
    size_t more = 0;
    for (size_t i = 0; skipped[index].shared && i < count; i++)
        if (have_one_reason(&skipped[i], &skipped[index])) {
            if (i < index)
                return;
            more += i > index;
        }
    say_one(&skipped[index], more);
}

void say_skipped(const hp_skipped *skipped, size_t count, bool quiet)
{
    size_t harmless = 0;
    for (size_t i = 0; i < count; i++)
        harmless += skipped[i].harmless && !skipped[i].earlier;
    bool named = !quiet && harmless <= MOST_HARMLESS_NAMED;
    for (size_t i = 0; i < count; i++)
        if (!skipped[i].earlier && (named || !skipped[i].harmless))
            say_shared(skipped, count, i);
    if (!named && !quiet)
        say(0, "left out %zu photos that repeat others (-o FILE.json names each)", harmless);
}

/* They may be as many as the others. */
void say_faults(const hp_skipped *skipped, size_t count, bool quiet)
{
    size_t others = 0;
    for (size_t i = 0; i < count; i++)
        others += skipped[i].harmless;
    say_skipped(skipped, count, true);
    if (others && !quiet)
        say(0, "%zu photo%s of other cameras, sizes or kinds passed over", others, plural(others));
}

/* The case of a camera's name is not the same in a RAW and in its JPEG. */
static bool is_of_camera(const hp_list *list, const char *name)
{
    char own[CAMERA_NAME_BYTES];
    return !strcasecmp(camera_name(&list->camera, own), name);
}

char *list_name(const hp_result *result, size_t index, char *out)
{
    const hp_camera *camera = &result->lists[index].camera;
    size_t others = 0;
    camera_name(camera, out);
    for (size_t i = 0; i < result->list_count; i++)
        others += i != index && is_of_camera(&result->lists[i], out);
    size_t length = strlen(out);
    if (others)
        snprintf(out + length, LIST_NAME_BYTES - length, ", %" PRIu32 "x%" PRIu32 " %s", camera->width, camera->height,
                 hp_source_name(camera->source));
    return out;
}

static bool says(const hp_list *list, const char *warning)
{
    for (size_t k = 0; k < list->warning_count; k++)
        if (!strcmp(list->warnings[k], warning))
            return true;
    return false;
}

/* Of a list of the same camera before this one. */
static bool is_said(const hp_result *result, size_t index, const char *camera, const char *warning)
{
    for (size_t i = 0; i < index; i++)
        if (is_of_camera(&result->lists[i], camera) && says(&result->lists[i], warning))
            return true;
    return false;
}

static bool all_say(const hp_result *result, const char *camera, const char *warning)
{
    for (size_t i = 0; i < result->list_count; i++)
        if (is_of_camera(&result->lists[i], camera) && !says(&result->lists[i], warning))
            return false;
    return true;
}

/* What is said of all lists of a camera is said once, of the camera. */
static void say_warning(const hp_result *result, size_t index, const char *warning)
{
    char camera[CAMERA_NAME_BYTES], name[LIST_NAME_BYTES], text[1024];
    camera_name(&result->lists[index].camera, camera);
    bool by_all = all_say(result, camera, warning);
    if (!by_all || !is_said(result, index, camera, warning))
        say(0, "warning: %s: %s", by_all ? camera : list_name(result, index, name),
            hp_printable(warning, text, sizeof text));
}

void say_warnings(const hp_result *result)
{
    for (size_t i = 0; i < result->list_count; i++)
        for (size_t k = 0; k < result->lists[i].warning_count; k++)
            say_warning(result, i, result->lists[i].warnings[k]);
}

/* How many cameras it is said of, but for those before `index`; 0 where it is said of one of these. */
static size_t count_said(const hp_result *result, size_t index, const char *warning)
{
    size_t cameras = 0;
    for (size_t i = 0; i < result->list_count; i++) {
        char name[CAMERA_NAME_BYTES];
        if (!says(&result->lists[i], warning))
            continue;
        if (i < index)
            return 0;
        cameras += !is_said(result, i, camera_name(&result->lists[i].camera, name), warning);
    }
    return cameras;
}

void say_warnings_once(const hp_result *result)
{
    for (size_t i = 0; i < result->list_count; i++) {
        const hp_list *list = &result->lists[i];
        char name[CAMERA_NAME_BYTES], warning[1024], others[64] = "";
        camera_name(&list->camera, name);
        for (size_t k = 0; k < list->warning_count; k++) {
            size_t cameras = count_said(result, i, list->warnings[k]);
            if (cameras > 1)
                snprintf(others, sizeof others, " and %zu other camera%s", cameras - 1, plural(cameras - 1));
            if (cameras > 0)
                say(0, "warning: %s%s: %s", name, cameras > 1 ? others : "",
                    hp_printable(list->warnings[k], warning, sizeof warning));
        }
    }
}

bool has_fault(const hp_skipped *skipped, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (!skipped[i].harmless && !skipped[i].earlier)
            return true;
    return false;
}

int exit_code(const cli_settings *settings, bool fault)
{
    if (!fault)
        return EXIT_DONE;
    return settings->strict ? EXIT_FAILED : EXIT_SKIPPED;
}
