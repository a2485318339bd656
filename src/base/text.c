#include "base/text.h"

#include "base/error.h"
#include "base/memory.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int hp_strings_add(hp_strings *strings, const char *text, hp_error *err)
{
    if (hp_grow((void **)&strings->items, &strings->capacity, strings->count + 1, sizeof *strings->items, err))
        return HP_E_MEMORY;
    char *copy = hp_strdup(text, err);
    if (!copy)
        return HP_E_MEMORY;
    strings->items[strings->count++] = copy;
    return HP_OK;
}

int hp_strings_vaddf(hp_strings *strings, hp_error *err, const char *format, va_list arguments)
{
    char text[1024];
    vsnprintf(text, sizeof text, format, arguments);
    return hp_strings_add(strings, text, err);
}

int hp_strings_addf(hp_strings *strings, hp_error *err, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    int code = hp_strings_vaddf(strings, err, format, arguments);
    va_end(arguments);
    return code;
}

void hp_strings_free(hp_strings *strings)
{
    for (size_t i = 0; i < strings->count; i++)
        free(strings->items[i]);
    free(strings->items);
    *strings = (hp_strings){0};
}

void hp_copy_trimmed(char *out, size_t size, const char *text, size_t length)
{
    const char *end = memchr(text, 0, length);
    if (end)
        length = (size_t)(end - text);
    while (length > 0 && *text == ' ') {
        text++;
        length--;
    }
    if (length > size - 1)
        length = size - 1;
    while (length > 0 && text[length - 1] == ' ')
        length--;
    memcpy(out, text, length);
    out[length] = 0;
}

/* The ranges of the second byte that exclude overlong forms, surrogates and values above U+10FFFF: RFC 3629, 4. */
size_t hp_utf8_length(const char *text)
{
    const unsigned char *s = (const unsigned char *)text;
    if (s[0] < 0x80)
        return s[0] ? 1 : 0;
    size_t length = s[0] < 0xc2 ? 0 : s[0] < 0xe0 ? 2 : s[0] < 0xf0 ? 3 : s[0] < 0xf5 ? 4 : 0;
    if (length == 0)
        return 0;
    unsigned low = s[0] == 0xe0 ? 0xa0 : s[0] == 0xf0 ? 0x90 : 0x80;
    unsigned high = s[0] == 0xed ? 0x9f : s[0] == 0xf4 ? 0x8f : 0xbf;
    if (s[1] < low || s[1] > high)
        return 0;
    for (size_t i = 2; i < length; i++)
        if (s[i] < 0x80 || s[i] > 0xbf)
            return 0;
    return length;
}

/* Besides C0 and DEL, the C1 controls and the bidirectional marks can make a terminal show another name. */
static bool changes_display(const char *text, size_t length)
{
    const unsigned char *s = (const unsigned char *)text;
    if (length == 1)
        return s[0] < 0x20 || s[0] == 0x7f;
    if (length == 2)
        return s[0] == 0xc2 && s[1] < 0xa0;
    if (length == 3 && s[0] == 0xe2 && s[1] == 0x80)
        return s[2] >= 0x8b && (s[2] <= 0x8f || (s[2] >= 0xa8 && s[2] <= 0xae));
    return length == 3 && s[0] == 0xe2 && s[1] == 0x81 && s[2] >= 0xa6 && s[2] <= 0xa9;
}

char *hp_printable(const char *text, char *out, size_t size)
{
    size_t used = 0;
    while (*text) {
        size_t length = hp_utf8_length(text);
        bool hide = length == 0 || changes_display(text, length);
        size_t bytes = length ? length : 1;
        size_t room = hide ? 4 * bytes : bytes;
        if (used + room + 1 > size)
            break;
        for (size_t i = 0; i < bytes && hide; i++)
            used += (size_t)snprintf(out + used, 5, "\\x%02x", (unsigned char)text[i]);
        for (size_t i = 0; i < bytes && !hide; i++)
            out[used++] = text[i];
        text += bytes;
    }
    out[used] = 0;
    return out;
}

bool hp_is_plain(char c)
{
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

char hp_small_letter(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

bool hp_text_alike(const char *a, const char *b, size_t most)
{
    size_t i = 0;
    while (i < most && a[i] && hp_small_letter(a[i]) == hp_small_letter(b[i]))
        i++;
    return i == most || hp_small_letter(a[i]) == hp_small_letter(b[i]);
}

bool hp_text_is_word(const char *text)
{
    while (hp_is_plain(*text))
        text++;
    return !*text;
}

void hp_text_for_name(char *text)
{
    for (; *text; text++)
        if (!hp_is_plain(*text) && !strchr("._-", *text))
            *text = '_';
}

const char *hp_size_text(uint64_t bytes, bool up, char out[HP_SIZE_TEXT])
{
    uint64_t kib = 1 << 10, mib = 1 << 20, unit = bytes < 10 * kib ? 1 : bytes < 10 * mib ? kib : mib;
    const char *name = bytes == 1 ? "byte" : unit == 1 ? "bytes" : unit == kib ? "KiB" : "MiB";
    snprintf(out, HP_SIZE_TEXT, "%llu %s", (unsigned long long)(bytes / unit + (up && bytes % unit)), name);
    return out;
}
