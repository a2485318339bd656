#include "photo/decoder.h"

#include "base/error.h"
#include "base/memory.h"
#include "photo/trust.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/*
 * What decoding may take: plausible for all formats (a HEIC of 16 bits in three colours, converted once: 24 bytes a
 * pixel; a progressive JPEG: 6; FITS: a copy of the file), and libraries themselves.
 */
enum { BYTES_A_PIXEL = 32, BYTES_A_FILE_BYTE = 4, LIBRARY_BYTES = 512 << 20 };

/* ---- opening ---- */

/* A first file makes every library open what it opens once; that it is none is no matter. */
static void prepare(void)
{
    static const uint8_t nothing[4096];
    hp_bytes file = {nothing, sizeof nothing};
    for (size_t i = 0; hp_formats[i]; i++) {
        hp_photo_info info = {0};
        (void)hp_formats[i]->probe(file);
        (void)hp_formats[i]->read_info(file, sizeof nothing, &info, NULL);
    }
}

int hp_isolation_start(hp_isolation **isolation, hp_error *err)
{
    return hp_isolation_create(prepare, isolation, err);
}

int hp_decoder_open(const hp_pool *pool, hp_decoder *decoder, hp_error *err)
{
    *decoder = (hp_decoder){.file.shares = hp_pool_isolation(pool) != NULL};
    return hp_seat_open(hp_pool_isolation(pool), hp_pool_stop(pool), &decoder->seat, err);
}

void hp_decoder_close(hp_decoder *decoder)
{
    hp_seat_close(&decoder->seat);
    hp_file_buffer_free(&decoder->file);
}

hp_decoder *hp_decoders_open(hp_pool *pool, hp_error *err)
{
    unsigned threads = hp_pool_threads(pool);
    hp_decoder *decoders = hp_calloc(threads, sizeof *decoders, err);
    int code = decoders ? HP_OK : HP_E_MEMORY;
    for (unsigned i = 0; !code && i < threads; i++)
        code = hp_decoder_open(pool, &decoders[i], err);
    if (!code)
        return decoders;
    hp_decoders_close(decoders, pool);
    return NULL;
}

static void close_task(void *context, size_t index, unsigned worker)
{
    (void)worker;
    hp_decoder_close((hp_decoder *)context + index);
}

/* At the same time: to give 10 MB back to the system, which workers have as well, takes 2 ms. */
void hp_decoders_close(hp_decoder *decoders, hp_pool *pool)
{
    if (decoders)
        hp_pool_run(pool, hp_pool_threads(pool), close_task, decoders);
    free(decoders);
    if (!hp_pool_isolation(pool)) /* they decoded here, with buffers as large as photos */
        hp_memory_trim();
}

int hp_decoder_read(hp_decoder *decoder, const char *path, size_t most, hp_error *err)
{
    return hp_file_read(path, most, &decoder->file, &decoder->file_size, err);
}

int hp_decoder_read_hashed(hp_decoder *decoder, const char *path, size_t most, hp_hash *hash, hp_error *err)
{
    return hp_file_read_hashed(path, most, &decoder->file, &decoder->file_size, hash, err);
}

/* ---- work ---- */

/* A file may claim any length: what it adds is no more than half of the machine's memory. */
static uint64_t memory_for(const hp_decoder *decoder, uint64_t pixels)
{
    uint64_t half = hp_memory_of_machine() / 2, length = decoder->file_size;
    uint64_t of_file = length < half / BYTES_A_FILE_BYTE ? BYTES_A_FILE_BYTE * length : half;
    return LIBRARY_BYTES + BYTES_A_PIXEL * pixels + of_file;
}

int hp_decoder_run_on(hp_decoder *decoder, hp_work *work, const char *doer, void *arguments, size_t argument_size,
                      const hp_region *regions, size_t count, uint64_t pixels, hp_error *err)
{
    hp_task_there task = {
        .work = work,
        .doer = doer,
        .arguments = arguments,
        .argument_size = argument_size,
        .regions = {{decoder->file.data, decoder->file.size, decoder->file.shared, false}},
        .region_count = 1 + count,
        .memory_bytes = memory_for(decoder, pixels),
    };
    assert(count < HP_WORKER_REGIONS);
    for (size_t i = 0; i < count; i++)
        task.regions[1 + i] = regions[i];
    return hp_seat_run(decoder->seat, &task, err);
}

int hp_decoder_run(hp_decoder *decoder, hp_work *work, const char *doer, void *arguments, size_t argument_size,
                   const hp_region *result, uint64_t pixels, hp_error *err)
{
    return hp_decoder_run_on(decoder, work, doer, arguments, argument_size, result, result != NULL, pixels, err);
}

typedef struct identify_job {
    size_t size; /* of what is there of the file, bytes */
    uint64_t file_size;
    int format; /* its place in hp_formats; -1: none */
    hp_photo_info info;
} identify_job;

static int read_info(const identify_job *job, hp_bytes file, hp_photo_info *info, hp_error *err)
{
    const hp_format *format = hp_format_at(job->format);
    if (!format)
        return HP_OK;
    if (format->info_needs_whole && job->size < job->file_size)
        return hp_fail(err, HP_E_INPUT, "has metadata further inside");
    return format->read_info(file, job->file_size, info, err);
}

static int identify(void *arguments, void *const *memory, hp_error *err)
{
    identify_job *job = arguments;
    hp_bytes file = {memory[0], job->size};
    const hp_format *format = hp_format_probe(file);
    job->format = format ? hp_format_place(format) : job->format;
    return read_info(job, file, &job->info, err);
}

int hp_decoder_identify(hp_decoder *decoder, const hp_format **format, hp_photo_info *info, hp_error *err)
{
    identify_job job = {
        .size = decoder->file.size, .file_size = decoder->file_size, .format = hp_format_place(*format)};
    int code = hp_format_admit((hp_bytes){decoder->file.data, decoder->file.size}, err);
    if (code)
        return code;
    code = hp_decoder_run(decoder, identify, "the reader of its metadata", &job, sizeof job, NULL, 0, err);
    *format = hp_format_at(job.format);
    if (!code && *format)
        code = hp_photo_info_check(&job.info, err);
    *info = job.info;
    return code;
}

int hp_decoder_plane(const hp_pool *pool, const hp_photo_info *info, hp_view view, uint32_t pad, hp_plane *plane,
                     hp_error *err)
{
    return hp_pool_isolation(pool) ? hp_plane_create_shared(info, view, pad, plane, err)
                                   : hp_plane_create(info, view, pad, plane, err);
}

enum { MOST_ROWS = 4096 }; /* as ranges; with more the whole is decoded */

typedef struct decode_job {
    const hp_format *format;
    hp_photo_info info;
    hp_view view;
    size_t size;
    hp_plane plane;
    size_t row_count; /* 0: all */
    hp_rows rows[];
} decode_job;

static int decode(void *arguments, void *const *memory, hp_error *err)
{
    decode_job *job = arguments;
    hp_bytes file = {memory[0], job->size};
    hp_plane_place(&job->plane, memory[1]);
    if (job->row_count == 0)
        return job->format->decode(file, &job->info, job->view, &job->plane, err);
    return hp_format_decode_rows(job->format, file, &job->info, job->rows, job->row_count, &job->plane, err);
}

/* The job on the heap: what a worker is sent holds no bytes of the stack, between members either. */
static int run_decode(hp_decoder *decoder, const decode_job *wanted, const hp_rows *rows, size_t count, hp_plane *plane,
                      hp_error *err)
{
    size_t size = sizeof(decode_job) + count * sizeof *rows;
    decode_job *job = hp_calloc(1, size, err);
    if (!job)
        return HP_E_MEMORY;
    job->format = wanted->format;
    job->info = wanted->info;
    job->view = wanted->view;
    job->size = decoder->file.size;
    job->plane = *plane;
    job->row_count = count;
    if (count)
        memcpy(job->rows, rows, count * sizeof *rows);
    hp_region samples = {plane->memory, hp_plane_size(plane), plane->shared, true};
    char doer[64];
    snprintf(doer, sizeof doer, "the %s decoder", job->format->name);
    uint64_t pixels = (uint64_t)plane->width * plane->height;
    int code = hp_decoder_run(decoder, decode, doer, job, size, &samples, pixels, err);
    memcpy(plane->black, job->plane.black, sizeof plane->black);
    free(job);
    return code;
}

int hp_decoder_decode(hp_decoder *decoder, const hp_format *format, const hp_photo_info *info, hp_view view,
                      hp_plane *plane, hp_error *err)
{
    decode_job wanted = {.format = format, .info = *info, .view = view};
    return run_decode(decoder, &wanted, NULL, 0, plane, err);
}

int hp_decoder_decode_rows(hp_decoder *decoder, const hp_format *format, const hp_photo_info *info, const hp_rows *rows,
                           size_t count, hp_plane *plane, hp_error *err)
{
    decode_job wanted = {.format = format, .info = *info, .view = HP_VIEW_PLANE};
    return run_decode(decoder, &wanted, rows, count > MOST_ROWS ? 0 : count, plane, err);
}
