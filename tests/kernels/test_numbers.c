/* Numbers of a FITS file on every level against one byte after the other (FITS standard 4.0, 5.2, 5.3 and J). */
#include "base/cpu.h"
#include "stats/number_kernels.h"
#include "tests.h"

#include <stdlib.h>
#include <string.h>

enum { MOST = 203, STRIDES = 3, CASES = 60, BYTES = 8 };

static const hp_number numbers[] = {HP_NUMBER_U8, HP_NUMBER_U16, HP_NUMBER_I32, HP_NUMBER_U32, HP_NUMBER_U64};

static uint64_t values[MOST * STRIDES], others[MOST * STRIDES], file[MOST]; /* memory for numbers of any type */

static void fill(void *memory, size_t bytes)
{
    for (size_t i = 0; i < bytes; i++)
        ((uint8_t *)memory)[i] = (uint8_t)(rand() >> 7);
}

static uint64_t number_at(hp_number number, const void *memory, size_t i)
{
    uint64_t value = 0; /* little-endian, as all machines that have levels */
    memcpy(&value, (const char *)memory + i * hp_number_bytes(number), hp_number_bytes(number));
    return value;
}

typedef void check(const hp_number_kernels *k, hp_number number, size_t stride, size_t count);

static void for_all(check *run)
{
    for (hp_cpu level = HP_CPU_PLAIN; level <= HP_CPU_V4; level++) {
        hp_cpu chosen;
        if (hp_cpu_choose(level, &chosen, NULL))
            continue;
        for (unsigned seed = 0; seed < CASES; seed++) {
            srand(seed);
            fill(values, sizeof values);
            fill(others, sizeof others);
            for (size_t n = 0; n < sizeof numbers / sizeof *numbers; n++)
                run(hp_number_kernels_of(chosen), numbers[n], 1 + seed % STRIDES, 1 + (size_t)rand() % MOST);
        }
    }
}

/* Big-endian; unsigned numbers of more than a byte without half their range, which turns their highest bit over. */
static void check_file(const hp_number_kernels *k, hp_number number, size_t stride, size_t count)
{
    size_t bytes = hp_number_bytes(number);
    const uint8_t *at = (const uint8_t *)file;
    k->encode(number, values, stride, count, file);
    for (size_t i = 0; i < count; i++) {
        uint64_t written = 0, highest = 0;
        for (size_t b = 0; b < bytes; b++) {
            written = written << 8 | *at++;
            highest = b == 0 ? 0x80 : highest << 8;
        }
        if (hp_number_bzero(number)[0])
            written ^= highest;
        assert_true(written == number_at(number, values, i * stride));
    }
    uint64_t back[MOST * STRIDES] = {0};
    k->decode(number, file, count, back, stride);
    for (size_t i = 0; i < count; i++)
        assert_true(number_at(number, back, i * stride) == number_at(number, values, i * stride));
}

static void check_largest(const hp_number_kernels *k, hp_number number, size_t stride, size_t count)
{
    uint64_t most = 0;
    for (size_t i = 0; i < count; i++) {
        uint64_t value = number_at(number, values, i * stride);
        uint64_t size = number == HP_NUMBER_I32 ? (uint64_t)llabs((long long)(int32_t)value) : value;
        most = size > most ? size : most;
    }
    assert_true(k->largest(number, values, stride, count) == most);
}

static void check_joined(const hp_number_kernels *k, hp_number number, size_t stride, size_t count)
{
    (void)stride;
    bool sums = hp_number_bytes(number) >= 4;
    uint64_t mask = UINT64_MAX >> (8 * (BYTES - hp_number_bytes(number))), into[MOST];
    const hp_join joins[] = {sums ? HP_JOIN_SUM : HP_JOIN_MIN, sums ? HP_JOIN_SUM : HP_JOIN_MAX};
    for (size_t j = 0; j < 2; j++) {
        memcpy(into, values, sizeof into);
        k->join(number, joins[j], into, others, count);
        for (size_t i = 0; i < count; i++) {
            uint64_t a = number_at(number, values, i), b = number_at(number, others, i);
            uint64_t expected = sums ? (a + b) & mask : (joins[j] == HP_JOIN_MIN) == (a < b) ? a : b;
            assert_true(number_at(number, into, i) == expected);
        }
    }
    if (!sums)
        return;
    k->subtract(number, into, others, count);
    for (size_t i = 0; i < count; i++)
        assert_true(number_at(number, into, i) == number_at(number, values, i));
}

static void check_words(const hp_number_kernels *k, hp_number number, size_t stride, size_t count)
{
    (void)number;
    (void)stride;
    const uint8_t *at = (const uint8_t *)values;
    uint64_t sum = 0;
    for (size_t i = 0; i < 4 * count; i++)
        sum += (uint64_t)at[i] << (24 - 8 * (i % 4));
    assert_true(k->sum_words(values, 4 * count) == sum);
}

static void every_level_writes_and_reads_what_fits_says(void **state)
{
    (void)state;
    for_all(check_file);
}

static void every_level_finds_the_largest_size(void **state)
{
    (void)state;
    for_all(check_largest);
}

static void every_level_joins_and_takes_apart_alike(void **state)
{
    (void)state;
    for_all(check_joined);
}

static void every_level_sums_the_words_of_a_file(void **state)
{
    (void)state;
    for_all(check_words);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_level_writes_and_reads_what_fits_says),
        cmocka_unit_test(every_level_finds_the_largest_size),
        cmocka_unit_test(every_level_joins_and_takes_apart_alike),
        cmocka_unit_test(every_level_sums_the_words_of_a_file),
    };
    return cmocka_run_group_tests_name("numbers", tests, NULL, NULL);
}
