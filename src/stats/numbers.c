#include "stats/numbers.h"

#include "base/cpu.h"
#include "stats/number_kernels.h"

extern const hp_number_kernels hp_number_kernels_plain, hp_number_kernels_v2, hp_number_kernels_v3,
    hp_number_kernels_v4;

typedef struct number_info {
    size_t bytes;
    int bitpix;
    const char *bzero;
} number_info;

static const number_info infos[] = {
    [HP_NUMBER_U8] = {1, 8, ""},
    [HP_NUMBER_U16] = {2, 16, "32768"},
    [HP_NUMBER_I32] = {4, 32, ""},
    [HP_NUMBER_U32] = {4, 32, "2147483648"},
    [HP_NUMBER_U64] = {8, 64, "9223372036854775808"},
};

size_t hp_number_bytes(hp_number number)
{
    return infos[number].bytes;
}

int hp_number_bitpix(hp_number number)
{
    return infos[number].bitpix;
}

const char *hp_number_bzero(hp_number number)
{
    return infos[number].bzero;
}

const hp_number_kernels *hp_number_kernels_of(hp_cpu level)
{
    return HP_CPU_PICK(level, &hp_number_kernels);
}

/* The machine's best: asking costs nothing beside the work on a piece. */
static const hp_number_kernels *best(void)
{
    hp_cpu level = HP_CPU_PLAIN;
    (void)hp_cpu_choose(HP_CPU_AUTO, &level, NULL);
    return hp_number_kernels_of(level);
}

void hp_numbers_encode(hp_number number, const void *values, size_t stride, size_t count, void *file)
{
    best()->encode(number, values, stride, count, file);
}

void hp_numbers_decode(hp_number number, const void *file, size_t count, void *values, size_t stride)
{
    best()->decode(number, file, count, values, stride);
}

uint64_t hp_numbers_largest(hp_number number, const void *values, size_t stride, size_t count)
{
    return best()->largest(number, values, stride, count);
}

void hp_numbers_join(hp_number number, hp_join join, void *into, const void *from, size_t count)
{
    best()->join(number, join, into, from, count);
}

void hp_numbers_subtract(hp_number number, void *into, const void *from, size_t count)
{
    best()->subtract(number, into, from, count);
}

uint64_t hp_fits_sum(const void *bytes, size_t size)
{
    return best()->sum_words(bytes, size);
}

uint32_t hp_fits_fold(uint64_t sum)
{
    while (sum >> 32)
        sum = (sum & UINT32_MAX) + (sum >> 32);
    return (uint32_t)sum;
}
