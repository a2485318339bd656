#include "mutate.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

uint64_t random_next(uint64_t *state)
{
    uint64_t z = (*state += 0x9e3779b97f4a7c15u);
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return z ^ (z >> 31);
}

size_t random_below(uint64_t *state, size_t limit)
{
    return (size_t)(random_next(state) % limit);
}

/* Puts `size` bytes in place of `cut` bytes at `at`. */
static void replace(bytes *file, size_t at, size_t cut, const void *data, size_t size)
{
    uint8_t *made = malloc(file->size - cut + size + 1);
    if (!made)
        abort();
    memcpy(made, file->data, at);
    memcpy(made + at, data, size);
    memcpy(made + at + size, file->data + at + cut, file->size - at - cut);
    file->size = file->size - cut + size;
    free(file->data);
    file->data = made;
    if (file->size == 0)
        file->data[file->size++] = 0;
}

static void flip_bit(uint64_t *state, bytes *file)
{
    file->data[random_below(state, file->size)] ^= (uint8_t)(1u << random_below(state, 8));
}

static void set_byte(uint64_t *state, bytes *file)
{
    static const char common[] = "\0\n\r \t#,.-+0123456789\"'{}[]():;xXeE%\xff\x80";
    size_t at = random_below(state, file->size);
    file->data[at] =
        (uint8_t)(random_below(state, 2) ? common[random_below(state, sizeof common - 1)] : (char)random_next(state));
}

static void cut(uint64_t *state, bytes *file)
{
    size_t at = random_below(state, file->size), most = file->size - at;
    size_t length = random_below(state, 2) ? most : random_below(state, most < 64 ? most : 64) + 1;
    replace(file, at, length, "", 0);
}

static void repeat(uint64_t *state, bytes *file)
{
    size_t at = random_below(state, file->size), most = file->size - at;
    size_t length = random_below(state, most < 256 ? most : 256) + 1;
    uint8_t copy[256];
    memcpy(copy, file->data + at, length);
    replace(file, random_below(state, file->size + 1), 0, copy, length);
}

/* A number in the text becomes another one. */
static void change_number(uint64_t *state, bytes *file)
{
    static const char *const numbers[] = {"-1",         "0",
                                          "1",          "65535",
                                          "65536",      "1048575",
                                          "1048576",    "2147483648",
                                          "4294967296", "18446744073709551616",
                                          "-7",         "1e9",
                                          "0.5",        "1.5",
                                          "nan",        "inf",
                                          "0x10",       "010",
                                          "+3",         "99999999999999999999999",
                                          "",           "1e400",
                                          "-0",         "63",
                                          "47",         "64",
                                          "48",         "9223372036854775807",
                                          "1 2",        "1,2"};
    size_t at = random_below(state, file->size), end;
    while (at < file->size && !isdigit(file->data[at]))
        at++;
    for (end = at; end < file->size && isdigit(file->data[end]);)
        end++;
    const char *number = numbers[random_below(state, sizeof numbers / sizeof *numbers)];
    replace(file, at, end - at, number, strlen(number));
}

/* A number of 2, 4 or 8 bytes becomes an extreme one. */
static void change_word(uint64_t *state, bytes *file)
{
    static const uint64_t words[] = {0, 1, 0x7fffffff, 0x80000000u, UINT32_MAX, UINT64_MAX, 0x100000000u, 0xffff, 0x7f};
    uint64_t word = words[random_below(state, sizeof words / sizeof *words)];
    size_t at = random_below(state, file->size), length = (size_t)2 << random_below(state, 3);
    for (size_t i = 0; i < length && at + i < file->size; i++)
        file->data[at + i] = (uint8_t)(word >> 8 * (length - 1 - i));
}

static void all_random(uint64_t *state, bytes *file)
{
    size_t size = random_below(state, 600) + 1;
    uint8_t noise[600];
    for (size_t i = 0; i < size; i++)
        noise[i] = (uint8_t)random_next(state);
    replace(file, 0, file->size, noise, size);
}

void mutate(uint64_t *state, bytes *file)
{
    static void (*const ways[])(uint64_t *, bytes *) = {flip_bit, set_byte,      set_byte,      cut,
                                                        repeat,   change_number, change_number, change_word};
    if (random_below(state, 32) == 0) {
        all_random(state, file);
        return;
    }
    for (size_t times = random_below(state, 4) + 1; times > 0; times--)
        ways[random_below(state, sizeof ways / sizeof *ways)](state, file);
}
