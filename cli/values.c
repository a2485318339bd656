#include "values.h"

#include <string.h>

/* Returns what stands behind the digits, NULL where there are none or too many. */
static const char *read_digits(const char *text, uint64_t *value)
{
    const char *c = text;
    *value = 0;
    for (; *c >= '0' && *c <= '9'; c++) {
        unsigned digit = (unsigned)(*c - '0');
        if (*value > (UINT64_MAX - digit) / 10)
            return NULL;
        *value = *value * 10 + digit;
    }
    return c == text ? NULL : c;
}

bool value_number(const char *text, uint64_t least, uint64_t most, uint64_t *value)
{
    uint64_t number;
    const char *rest = read_digits(text, &number);
    if (!rest || *rest || number < least || number > most)
        return false;
    *value = number;
    return true;
}

bool value_size(const char *text, uint64_t *bytes)
{
    static const char units[] = "KkMmGgTt";
    uint64_t number;
    const char *rest = read_digits(text, &number);
    if (!rest || number == 0)
        return false;
    unsigned shift = 0;
    const char *unit = *rest ? strchr(units, *rest) : NULL;
    if (unit) {
        shift = 10 * (unsigned)((unit - units) / 2 + 1);
        rest++;
        if (!strcmp(rest, "B") || !strcmp(rest, "iB"))
            rest += strlen(rest);
    }
    if (*rest || number > UINT64_MAX >> shift)
        return false;
    *bytes = number << shift;
    return true;
}

bool value_frame(const char *text, uint32_t *width, uint32_t *height)
{
    const uint64_t most = 1 << 20;
    uint64_t w, h;
    const char *rest = read_digits(text, &w);
    if (!rest || *rest != 'x')
        return false;
    rest = read_digits(rest + 1, &h);
    if (!rest || *rest || w == 0 || h == 0 || w > most || h > most)
        return false;
    *width = (uint32_t)w;
    *height = (uint32_t)h;
    return true;
}

/* Not by strtod: its point is a comma in some locales. */
bool value_rate(const char *text, double *value)
{
    const double least = 1e-6, most = 1e6;
    uint64_t whole, decimals = 0;
    const char *rest = read_digits(text, &whole);
    double unit = 1;
    if (rest && *rest == '.') {
        const char *point = rest;
        rest = read_digits(point + 1, &decimals);
        for (const char *c = point + 1; rest && c < rest; c++)
            unit *= 10;
    }
    if (!rest || *rest)
        return false;
    double number = (double)whole + (double)decimals / unit;
    if (!(number >= least && number <= most))
        return false;
    *value = number;
    return true;
}

bool value_word(const char *text, const char *words, int *index)
{
    size_t length = strlen(text);
    int place = 0;
    for (const char *word = words; word; place++) {
        const char *end = strchr(word, '|');
        size_t word_length = end ? (size_t)(end - word) : strlen(word);
        if (word_length == length && !strncmp(word, text, length)) {
            *index = place;
            return true;
        }
        word = end ? end + 1 : NULL;
    }
    return false;
}

enum { LONGEST_WORD = 31 };

static unsigned least_of(unsigned a, unsigned b)
{
    return a < b ? a : b;
}

/* Optimal string alignment, row by row. */
unsigned edit_distance(const char *text, size_t length, const char *word)
{
    size_t columns = strlen(word);
    unsigned row[3][LONGEST_WORD + 1];
    if (columns > LONGEST_WORD || length > LONGEST_WORD)
        return LONGEST_WORD;
    for (size_t k = 0; k <= columns; k++)
        row[0][k] = (unsigned)k;
    for (size_t i = 1; i <= length; i++) {
        unsigned *now = row[i % 3];
        const unsigned *before = row[(i - 1) % 3];
        now[0] = (unsigned)i;
        for (size_t k = 1; k <= columns; k++) {
            unsigned changed = before[k - 1] + (text[i - 1] != word[k - 1]);
            now[k] = least_of(changed, least_of(before[k], now[k - 1]) + 1);
            if (i > 1 && k > 1 && text[i - 1] == word[k - 2] && text[i - 2] == word[k - 1])
                now[k] = least_of(now[k], row[(i - 2) % 3][k - 2] + 1);
        }
    }
    return row[length % 3][columns];
}
