#include "photo/raw_unpack.h"

#include "base/error.h"
#include "base/memory.h"
#include "photo/ifd.h"

#include <omp.h>

libraw_data_t *hp_raw_open(hp_bytes file, int *code)
{
    hp_ifds ifds;
    hp_ifds_read(file, &ifds);
    *code = LIBRAW_FILE_UNSUPPORTED;
    if (ifds.endless_cfa)
        return NULL;
    unsigned flags = LIBRAW_OPIONS_NO_DATAERR_CALLBACK;
#if LIBRAW_COMPILE_CHECK_VERSION_NOTLESS(0, 21)
    libraw_data_t *raw = libraw_init(flags);
#else
    libraw_data_t *raw = libraw_init(flags | LIBRAW_OPIONS_NO_MEMERR_CALLBACK);
#endif
    *code = raw ? libraw_open_buffer(raw, (void *)file.data, file.size) : LIBRAW_UNSUFFICIENT_MEMORY;
    return raw;
}

int hp_raw_fail(int code, hp_error *err)
{
    if (code == LIBRAW_UNSUFFICIENT_MEMORY)
        return hp_fail(err, HP_E_MEMORY, "no memory to decode it");
    if (code == LIBRAW_TOO_BIG)
        return hp_fail(err, HP_E_UNSUPPORTED, "is a RAW larger than LibRaw reads");
    if (code == LIBRAW_FILE_UNSUPPORTED)
        return hp_fail(err, HP_E_INPUT, "is a RAW that is damaged, or of a camera that LibRaw %s does not know",
                       libraw_version());
    return hp_fail(err, HP_E_INPUT, "is a damaged RAW: %s", libraw_strerror(code));
}

/*
 * Debian builds libraw as well as libraw_r with OpenMP, which unpacks compressed Fujifilm and Canon CR3 files in
 * threads of its own. The number set here holds for what this thread begins, and no other (OpenMP 5.0, 2.5.1).
 */
static int unpack_alone(libraw_data_t *raw)
{
    int before = omp_get_max_threads();
    omp_set_num_threads(1);
    int code = libraw_unpack(raw);
    omp_set_num_threads(before);
    return code;
}

static void count_fault(void *context, const char *file, const int offset)
{
    (void)file;
    (void)offset;
    ++*(unsigned *)context;
}

int hp_raw_unpack(hp_bytes file, libraw_data_t **raw, hp_error *err)
{
    unsigned faults = 0;
    int code;
    *raw = hp_raw_open(file, &code);
    if (!code) {
        libraw_set_dataerror_handler(*raw, count_fault, &faults);
        code = unpack_alone(*raw);
        libraw_set_dataerror_handler(*raw, NULL, NULL);
    }
    if (code)
        return hp_raw_fail(code, err);
    return faults ? hp_fail(err, HP_E_INPUT, "is a damaged RAW: LibRaw met data that cannot be") : HP_OK;
}

/*
 * Of a damaged file LibRaw leaves samples as malloc gave them, without a word; in a worker process they can be told.
 * A row that holds so many of them beside each other was not written: one value by chance is that of good samples.
 */
bool hp_raw_was_written(const uint16_t *row, uint32_t width)
{
    enum { RUN = 16 };
    const uint16_t unwritten = HP_UNWRITTEN << 8 | HP_UNWRITTEN;
    for (uint32_t x = RUN - 1; x < width; x += RUN) {
        uint32_t first = x;
        while (row[first] == unwritten && x - first < RUN - 1)
            first--;
        if (row[first] == unwritten)
            return false;
    }
    return true;
}
