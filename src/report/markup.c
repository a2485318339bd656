#include "report/markup.h"

#include "base/text.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>
#include <time.h>

static const char *entity(char c)
{
    switch (c) {
    case '<':
        return "&lt;";
    case '>':
        return "&gt;";
    case '&':
        return "&amp;";
    case '"':
        return "&quot;";
    case '\'':
        return "&#39;";
    default:
        return NULL;
    }
}

/* hp_printable takes a string of any length: piece by piece, one character each, no text is too long. */
void hp_markup_text(FILE *stream, const char *text)
{
    while (*text) {
        size_t length = hp_utf8_length(text);
        char one[5] = {0}, shown[20];
        length = length ? length : 1;
        memcpy(one, text, length);
        hp_printable(one, shown, sizeof shown);
        fputs(entity(shown[0]) ? entity(shown[0]) : shown, stream);
        text += length;
    }
}

static void write_decimal(FILE *stream, double value, int decimals, const char *minus, const char *plus)
{
    static const long long scales[] = {1, 10, 100, 1000, 10000};
    if (!isfinite(value) || fabs(value) > 1e14) {
        fputs("-", stream);
        return;
    }
    long long scale = scales[decimals], scaled = llround(value * (double)scale);
    long long size = scaled < 0 ? -scaled : scaled;
    fprintf(stream, "%s%lld", scaled < 0 ? minus : plus, size / scale);
    if (decimals)
        fprintf(stream, ".%0*lld", decimals, size % scale);
}

void hp_markup_number(FILE *stream, double value, int decimals)
{
    write_decimal(stream, value, decimals, "-", "");
}

void hp_markup_signed(FILE *stream, double value, int decimals)
{
    write_decimal(stream, value, decimals, "\xe2\x88\x92", "+");
}

void hp_markup_integer(FILE *stream, uint64_t value)
{
    if (value >= 10000) {
        hp_markup_integer(stream, value / 1000);
        fprintf(stream, "\xe2\x80\xaf%03" PRIu64, value % 1000);
    } else {
        fprintf(stream, "%" PRIu64, value);
    }
}

void hp_markup_count(FILE *stream, uint64_t count, const char *what)
{
    hp_markup_integer(stream, count);
    fprintf(stream, " %s%s", what, count == 1 ? "" : "s");
}

void hp_markup_day(FILE *stream, int64_t seconds)
{
    char text[64];
    struct tm parts;
    time_t time = (time_t)seconds;
    if (gmtime_r(&time, &parts) && strftime(text, sizeof text, "%Y-%m-%d", &parts))
        fprintf(stream, "<time>%s</time>", text);
}

void hp_markup_base64(FILE *stream, const void *data, size_t size)
{
    static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    const uint8_t *bytes = data;
    for (size_t i = 0; i < size; i += 3) {
        size_t left = size - i;
        uint32_t group = (uint32_t)bytes[i] << 16 | (left > 1 ? (uint32_t)bytes[i + 1] << 8 : 0) |
                         (left > 2 ? (uint32_t)bytes[i + 2] : 0);
        char four[] = {letters[group >> 18], letters[group >> 12 & 63], left > 1 ? letters[group >> 6 & 63] : '=',
                       left > 2 ? letters[group & 63] : '=', 0};
        fputs(four, stream);
    }
}
