#include "command.h"
#include "interrupt.h"
#include "isolation.h"
#include "run.h"
#include "say.h"
#include "standard_streams.h"
#include "table.h"
#include "write.h"

#include <stdio.h>

static int check_usage(const cli_settings *settings)
{
    int operations = settings->unite + settings->intersect + settings->subtract;
    if (settings->outputs.count == 0)
        return say_usage("convert", "nowhere to write to; -o FILE is missing");
    if (operations > 1)
        return say_usage("convert", "only one of --union, --intersect and --subtract");
    if (settings->arguments.count > 1 && operations == 0)
        return say_usage("convert", "several lists; --union, --intersect or --subtract makes them one");
    if (settings->arguments.count == 1 && operations > 0)
        return say_usage("convert", "one list only, and nothing to combine it with");
    return 0;
}

static hp_list_operation operation_of(const cli_settings *settings)
{
    if (settings->intersect)
        return HP_LIST_INTERSECT;
    return settings->subtract ? HP_LIST_SUBTRACT : HP_LIST_UNION;
}

/* All lists as one result; NULL and err where that fails. */
static hp_result *read_all(const cli_settings *settings, const hp_list_options *options, hp_error *err)
{
    const text_list *names = &settings->arguments;
    hp_result *result = NULL;
    int failed = hp_list_read(names->items[0], options, &result, err);
    for (size_t i = 1; i < names->count && !failed; i++) {
        hp_result *other = NULL;
        failed = hp_list_read(names->items[i], options, &other, err);
        if (!failed)
            failed = hp_list_combine(result, other, operation_of(settings), err);
        hp_result_free(&other);
    }
    if (failed)
        hp_result_free(&result);
    return result;
}

/* The kinds that are written into a photo need it first: hp_result_write_into looks at everything itself. */
static int accept_any(const char *target, bool force, hp_error *err)
{
    (void)target;
    (void)force;
    (void)err;
    return 0;
}

static void print_counts(const hp_result *result)
{
    for (size_t i = 0; i < result->list_count; i++) {
        const hp_list *list = &result->lists[i];
        char name[CAMERA_NAME_BYTES];
        printf("%s, %ux%u: ", camera_name(&list->camera, name), list->camera.width, list->camera.height);
        table_print_shapes(list);
        puts("");
    }
}

int cmd_convert(const cli_settings *settings)
{
    hp_photo_facts like;
    hp_error err = {0};
    hp_list_options options = {.width = settings->frame.width,
                               .height = settings->frame.height,
                               .source = (hp_source)settings->source,
                               .camera = settings->camera};
    int code = check_usage(settings);
    if (!code)
        code = check_outputs(settings, accept_any);
    if (code)
        return code;
    if (settings->like) {
        if (hp_photo_read_facts(settings->like, isolation_for(settings), &like, &err))
            return say_error(&err);
        options.like = &like.camera;
    }
    hp_result *result = read_all(settings, &options, &err);
    if (!result)
        return say_error(&err);
    say_warnings(result);
    if (settings->arguments.count == 1)
        result->list_file = json_among(&settings->arguments);
    interrupt_watch(); /* what is being written is written to its end */
    code = write_result(settings, result);
    streams_end_by_pipe();
    if (!code)
        print_counts(result);
    hp_result_free(&result);
    return code;
}
