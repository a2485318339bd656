#include "defects/text.h"

#include "base/error.h"

#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum {
    LINE_BYTES = 1024,
    DIGITS_MOST = 15, /* that a double holds */
    POWER_MOST = 400  /* of ten: beyond any double */
};

/* ---- numbers ---- */

static const char *skip_blanks(const char *at)
{
    return at + strspn(at, " \t");
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

bool hp_read_number(const char **at, int64_t least, int64_t most, int64_t *value)
{
    const char *start = skip_blanks(*at);
    char *end;
    if (!is_digit(start[*start == '-' || *start == '+']))
        return false;
    errno = 0;
    long long number = strtoll(start, &end, 10);
    *at = end;
    if (errno || number < least || number > most)
        return false;
    *value = number;
    return true;
}

bool hp_read_place(const char **at, uint32_t *value)
{
    int64_t number;
    if (!hp_read_number(at, 0, HP_SIDE_MOST, &number))
        return false;
    *value = (uint32_t)number;
    return true;
}

/* "e-09", as spreadsheets and pandas write small numbers; what is none leaves *at. False beyond all bounds. */
static bool read_power(const char **at, int *power)
{
    const char *c = *at + 1;
    int64_t value;
    if ((**at != 'e' && **at != 'E') || !is_digit(c[*c == '-' || *c == '+']))
        return true;
    if (!hp_read_number(&c, -POWER_MOST, POWER_MOST, &value))
        return false;
    *power += (int)value;
    *at = c;
    return true;
}

/* Digits that a double does not hold count by their place alone. */
bool hp_read_decimal(const char **at, double *value)
{
    const char *c = skip_blanks(*at);
    bool negative = *c == '-';
    int64_t digits = 0;
    int count = 0, held = 0, power = 0;
    bool behind = false;
    for (c += *c == '-' || *c == '+'; is_digit(*c) || (*c == '.' && !behind); c++) {
        if (*c == '.') {
            behind = true;
            continue;
        }
        count++;
        if (held < DIGITS_MOST) {
            digits = digits * 10 + (*c - '0');
            held += digits > 0;
            power -= behind;
        } else {
            power += !behind;
        }
    }
    *at = c;
    if (count == 0 || !read_power(at, &power))
        return false;
    double size = digits == 0 ? 0 : power < 0 ? (double)digits / pow(10, -power) : (double)digits * pow(10, power);
    *value = negative ? -size : size;
    return true;
}

bool hp_read_mark(const char **at, char mark)
{
    *at = skip_blanks(*at);
    if (**at != mark)
        return false;
    ++*at;
    return true;
}

bool hp_read_end(const char *at)
{
    return *skip_blanks(at) == 0;
}

/* ---- lines ---- */

static int take_line(char *text, hp_line_reader *line, hp_list_maker *maker, hp_error *err)
{
    char *mark = strchr(text, '#');
    const char *comment = "";
    if (mark) {
        *mark = 0;
        comment = skip_blanks(mark + 1);
    }
    if (!hp_read_end(text))
        return line(text, comment, maker, err);
    if (mark)
        hp_heading_read(comment, &maker->list.camera);
    return HP_OK;
}

static int copy_line(hp_bytes file, size_t *at, char out[LINE_BYTES], hp_error *err)
{
    const uint8_t *start = file.data + *at;
    const uint8_t *end = memchr(start, '\n', file.size - *at);
    size_t length = end ? (size_t)(end - start) : file.size - *at;
    *at += length + (end != NULL);
    if (length > 0 && start[length - 1] == '\r')
        length--;
    if (memchr(start, 0, length))
        return hp_fail(err, HP_E_INPUT, "is not text: it holds a zero byte");
    if (length >= LINE_BYTES)
        return hp_fail(err, HP_E_INPUT, "is %zu bytes long, and no line of a list is", length);
    memcpy(out, start, length);
    out[length] = 0;
    return HP_OK;
}

int hp_text_parse(hp_bytes file, hp_line_reader *line, hp_list_maker *maker, hp_error *err)
{
    char text[LINE_BYTES];
    size_t at = 0;
    for (size_t number = 1; at < file.size; number++) {
        int code = copy_line(file, &at, text, err);
        if (!code)
            code = take_line(text, line, maker, err);
        if (code) {
            char where[32];
            snprintf(where, sizeof where, "line %zu", number);
            return hp_fail_in(err, code, where);
        }
    }
    return HP_OK;
}

int hp_text_read(hp_reading *reading, hp_line_reader *line, hp_source usual, hp_list_placer *place, hp_error *err)
{
    hp_list_maker maker = {0};
    int code = hp_text_parse(reading->file, line, &maker, err);
    if (!code)
        code = hp_reading_settle(reading, &maker.list, usual, err);
    if (!code && place)
        code = place(&maker.list, err);
    if (!code)
        code = hp_reading_add(reading, &maker.list, err);
    hp_list_clear(&maker.list);
    return code;
}
