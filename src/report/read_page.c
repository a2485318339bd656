/* What a report page is of, from the list that stands in it as JSON (page.c). */
#define _GNU_SOURCE /* memmem */
#include "base/error.h"
#include "base/file.h"
#include "base/memory.h"
#include "defects/json_read.h"

#include <string.h>

enum { BEGINNING = 2048 };

static const size_t most_bytes = (size_t)1 << 30;
static const char doctype[] = "<!DOCTYPE html>", generator[] = "<meta name=\"generator\" content=\"hotpix ";
static const char before[] = "<script type=\"application/json\" id=\"data\">", behind[] = "</script>";

static const char *find(hp_bytes text, const char *wanted)
{
    return memmem(text.data, text.size, wanted, strlen(wanted));
}

static hp_bytes bytes_of(const hp_file_buffer *buffer)
{
    return (hp_bytes){buffer->data, buffer->size};
}

bool hp_report_is_one(const char *path)
{
    hp_file_buffer buffer = {0};
    uint64_t size;
    bool is_one = hp_file_read(path, BEGINNING, &buffer, &size, NULL) == HP_OK && buffer.size >= sizeof doctype &&
                  memcmp(buffer.data, doctype, sizeof doctype - 1) == 0 && find(bytes_of(&buffer), generator);
    hp_file_buffer_free(&buffer);
    return is_one;
}

/* The page has no other '<' in its JSON than that of the end. */
static int find_data(hp_bytes page, hp_bytes *data, hp_error *err)
{
    const char *from = find(page, before), *end = (const char *)page.data + page.size;
    if (from)
        from += sizeof before - 1;
    const char *to = from ? find((hp_bytes){(const uint8_t *)from, (size_t)(end - from)}, behind) : NULL;
    if (!to)
        return hp_fail(err, HP_E_INPUT, "is a damaged report: the list in it is missing");
    *data = (hp_bytes){(const uint8_t *)from, (size_t)(to - from)};
    return HP_OK;
}

int hp_report_read(const char *path, hp_result **result, hp_error *err)
{
    static const hp_list_options none = {0};
    hp_file_buffer buffer = {0};
    uint64_t size;
    hp_bytes data;
    *result = NULL;
    int code = hp_file_read(path, most_bytes, &buffer, &size, err);
    if (!code)
        code = find_data(bytes_of(&buffer), &data, err);
    if (code)
        goto done;
    *result = hp_calloc(1, sizeof **result, err);
    hp_reading reading = {data, &none, *result};
    code = *result ? hp_json_read_lists(&reading, err) : HP_E_MEMORY;
done:
    hp_file_buffer_free(&buffer);
    if (code) {
        hp_result_free(result);
        hp_fail_in(err, code, path);
    }
    return code;
}
