#include "base/error.h"
#include "base/file_kind.h"
#include "base/memory.h"
#include "defects/list_format.h"
#include "defects/text.h"

#include <stdlib.h>
#include <string.h>

static hp_list_table *const tables[] = {hp_list_formats, NULL};
static const size_t most_bytes = (size_t)1 << 30; /* of a list, or of the photo it is in */

static const hp_list_format *find_by_content(hp_bytes file)
{
    for (size_t i = 0; hp_list_formats[i]; i++) {
        const hp_list_format *f = hp_list_formats[i];
        if (hp_heading_names(file, f->name) || (f->probe && f->probe(file)))
            return f;
    }
    return NULL;
}

static bool has(hp_bytes content, size_t at, const char *text)
{
    size_t length = strlen(text);
    return content.size >= at + length && !memcmp(content.data + at, text, length);
}

/* What hotpix wrote too, and what is easily taken for a list. */
static const char *what_else(hp_bytes content)
{
    enum { CARD = 80, STATE_CARD = 4 };
    if (has(content, 0, "<!DOCTYPE html"))
        return "a page to look at, and no list: its \"Save the list\" makes one, as -o FILE.json does";
    if (has(content, 0, "SIMPLE  =") && has(content, STATE_CARD * CARD, "HPSTATE ="))
        return "a state, and no list: hotpix detect STATE -o FILE.json makes one";
    return NULL;
}

static int fail_else(const char *file, hp_bytes content, hp_error *err)
{
    hp_fail(err, HP_E_INPUT, "is %s, no list of bad pixels; hotpix scan PHOTO... -o bad.json makes one",
            hp_file_kind(content));
    return hp_fail_in(err, HP_E_INPUT, file);
}

/* Of UTF-8, as spreadsheets put it before a CSV. */
static const char byte_order_mark[] = "\xef\xbb\xbf";

static bool begins_with_mark(const hp_file_buffer *buffer)
{
    size_t size = sizeof byte_order_mark - 1;
    return buffer->size > size && !memcmp(buffer->data, byte_order_mark, size);
}

/* Content before the name, but what stands before the colon before both. */
static int choose(const char *name, const char *file, hp_bytes content, const hp_list_format **format, hp_error *err)
{
    const char *else_is = what_else(content);
    if (else_is) {
        hp_fail(err, HP_E_INPUT, "is %s", else_is);
        return hp_fail_in(err, HP_E_INPUT, file);
    }
    const hp_list_format *found = file == name ? find_by_content(content) : NULL;
    if (found)
        *format = found;
    if (!found && hp_file_kind(content) && !(*format && (*format)->inside_photo))
        return fail_else(file, content, err);
    return *format ? HP_OK : hp_list_kind_unknown(tables, name, err);
}

static bool has_name(const hp_camera *camera)
{
    return camera->model[0] || camera->serial[0];
}

/* Lists that name no camera are for any, but not where one of those beside them is of the name that is wanted. */
static void keep_named(hp_result *result)
{
    size_t named = 0, kept = 0;
    for (size_t i = 0; i < result->list_count; i++)
        named += has_name(&result->lists[i].camera);
    for (size_t i = 0; i < result->list_count; i++) {
        if (named && !has_name(&result->lists[i].camera))
            hp_list_clear(&result->lists[i]);
        else
            result->lists[kept++] = result->lists[i];
    }
    result->list_count = kept;
}

static int read_lists(const hp_list_format *format, hp_reading *reading, const char *file, hp_error *err)
{
    int code = format->read(reading, err);
    if (!code && reading->options->camera)
        keep_named(reading->result);
    if (!code && reading->result->list_count == 0)
        code = hp_fail(err, HP_E_INPUT, "holds no list");
    return code ? hp_fail_in(err, code, file) : HP_OK;
}

int hp_list_read(const char *name, const hp_list_options *options, hp_result **result, hp_error *err)
{
    const hp_list_options none = {0};
    const hp_list_format *format;
    const char *file;
    hp_file_buffer buffer = {0};
    uint64_t size;
    *result = NULL;
    int code = hp_list_target(tables, name, &format, &file, err);
    if (code)
        return code;
    code = hp_file_read(file, most_bytes, &buffer, &size, err);
    if (!code && size > most_bytes)
        code = hp_fail(err, HP_E_INPUT, "is larger than %zu bytes: no list of bad pixels is", most_bytes);
    if (code) {
        hp_fail_in(err, code, file);
        goto done;
    }
    const size_t mark = begins_with_mark(&buffer) ? sizeof byte_order_mark - 1 : 0;
    const hp_bytes content = {buffer.data + mark, buffer.size - mark};
    code = choose(name, file, content, &format, err);
    if (code)
        goto done;
    *result = hp_calloc(1, sizeof **result, err);
    hp_reading reading = {content, options ? options : &none, *result};
    code = *result ? read_lists(format, &reading, file, err) : HP_E_MEMORY;
done:
    hp_file_buffer_free(&buffer);
    if (code)
        hp_result_free(result);
    return code;
}
