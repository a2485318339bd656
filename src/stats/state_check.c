#include "stats/state_check.h"

#include "base/error.h"
#include "stats/numbers.h"

int hp_state_check_sum(uint64_t sum, const char *part, hp_error *err)
{
    uint32_t folded = hp_fits_fold(sum);
#ifdef FUZZING_BUILD_MODE_UNSAFE_FOR_PRODUCTION
    folded = UINT32_MAX; /* or hardly an input would get past here */
#endif
    if (folded == UINT32_MAX)
        return HP_OK;
    return hp_fail(err, HP_E_INPUT, "the checksum of %s is wrong: the file was damaged or changed", part);
}

static void add(hp_image_tally *tally, size_t image, uint64_t sum, uint64_t largest)
{
    uint_fast64_t old = atomic_load(&tally->largest[image]);
    while (largest > old && !atomic_compare_exchange_weak(&tally->largest[image], &old, largest)) {
    }
    atomic_fetch_add(&tally->sums[image], sum);
}

void hp_image_tally_decode(hp_image_tally *tally, hp_number number, const hp_piece *piece, const void *file,
                           void *values, size_t stride)
{
    enum { SLICE_BYTES = 1 << 13 }; /* the second and third look find it in the nearest cache */
    size_t size = hp_number_bytes(number), numbers = SLICE_BYTES / size;
    const char *from = file;
    char *to = values;
    uint64_t sum = 0, largest = 0;
    for (size_t i = 0; i < piece->count; i += numbers) {
        size_t count = piece->count - i < numbers ? piece->count - i : numbers;
        size_t bytes = i + count == piece->count ? piece->bytes - i * size : SLICE_BYTES;
        hp_numbers_decode(number, from + i * size, count, to + i * stride * size, stride);
        uint64_t here = hp_numbers_largest(number, to + i * stride * size, stride, count);
        largest = here > largest ? here : largest;
        sum += hp_fits_sum(from + i * size, bytes);
    }
    add(tally, piece->image, sum, largest);
}

static int check_largest(const hp_state_file *file, const hp_array *array, uint64_t largest, hp_error *err)
{
    uint64_t most = array->join == HP_JOIN_SUM ? array->most * file->photos : array->most;
    if (largest <= most)
        return HP_OK;
    return hp_fail(err, HP_E_INPUT, "%s holds the number %llu, which %zu photos cannot make", array->name,
                   (unsigned long long)largest, file->photos);
}

/* Checksums first: they say more than the wrong numbers that come of the same damage. */
int hp_image_tally_check(const hp_image_tally *tally, const hp_state_file *file, hp_error *err)
{
    const hp_image *images = file->images;
    int code = HP_OK;
    for (size_t i = 0; !code && i < file->image_count; i++)
        code = hp_state_check_sum(images[i].header_sum + atomic_load(&tally->sums[i]), images[i].array.name, err);
    for (size_t i = 0; !code && i < file->image_count; i++)
        code = check_largest(file, &images[i].array, atomic_load(&tally->largest[i]), err);
    return code ? hp_fail_in(err, code, file->path) : HP_OK;
}
