/*
 * read_loop [-j N] PHOTO...: nothing but unpacking raw photos, to measure hotpix against.
 *
 * Every file is read as a whole and unpacked: DNG by LibRaw, FITS by CFITSIO and TIFF by libtiff into 16 bit samples,
 * by N threads that draw from one list. Prints seconds and milliseconds a photo.
 */
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

#include <fitsio.h>
#include <libraw/libraw.h>
#include <omp.h>
#include <tiffio.h>

enum { THREADS_MAX = 256 };

typedef struct work {
    char **paths;
    int count;
    atomic_int next;
} work;

/* Kept from photo to photo, one a thread. */
typedef struct buffer {
    void *bytes;
    size_t size;
} buffer;

static void fail(const char *path, const char *why)
{
    fprintf(stderr, "read_loop: %s: %s\n", path, why);
    exit(1);
}

static void *reserve(buffer *b, size_t size)
{
    if (b->size < size) {
        free(b->bytes);
        b->bytes = malloc(size);
        b->size = size;
    }
    if (!b->bytes)
        fail("memory", "there is not enough");
    return b->bytes;
}

static void read_raw(const char *path, buffer *file)
{
    struct stat status;
    FILE *in = fopen(path, "rb");
    if (!in || fstat(fileno(in), &status))
        fail(path, "cannot be opened");
    size_t size = (size_t)status.st_size;
    if (fread(reserve(file, size), 1, size, in) != size)
        fail(path, "cannot be read");
    fclose(in);
    libraw_data_t *raw = libraw_init(0);
    if (!raw || libraw_open_buffer(raw, file->bytes, size) || libraw_unpack(raw))
        fail(path, "cannot be unpacked");
    libraw_close(raw);
}

static void read_fits(const char *path, buffer *image)
{
    fitsfile *fits;
    int status = 0, any;
    long side[2] = {0, 0};
    fits_open_image(&fits, path, READONLY, &status);
    fits_get_img_size(fits, 2, side, &status);
    size_t samples = (size_t)side[0] * (size_t)side[1];
    fits_read_img(fits, TUSHORT, 1, (LONGLONG)samples, NULL, reserve(image, 2 * samples), &any, &status);
    fits_close_file(fits, &status);
    if (status)
        fail(path, "cannot be read");
}

static void read_tiff(const char *path, buffer *image)
{
    TIFF *tiff = TIFFOpen(path, "r");
    if (!tiff)
        fail(path, "cannot be opened");
    tmsize_t strip = TIFFStripSize(tiff);
    for (uint32_t i = 0; i < TIFFNumberOfStrips(tiff); i++)
        if (TIFFReadEncodedStrip(tiff, i, reserve(image, (size_t)strip), strip) < 0)
            fail(path, "cannot be read");
    TIFFClose(tiff);
}

static void *run(void *argument)
{
    work *w = argument;
    buffer b = {0};
    omp_set_num_threads(1);
    for (int i = atomic_fetch_add(&w->next, 1); i < w->count; i = atomic_fetch_add(&w->next, 1)) {
        const char *path = w->paths[i], *dot = strrchr(path, '.');
        if (dot && strcmp(dot, ".fits") == 0)
            read_fits(path, &b);
        else if (dot && strcmp(dot, ".tif") == 0)
            read_tiff(path, &b);
        else
            read_raw(path, &b);
    }
    free(b.bytes);
    return NULL;
}

static double now_s(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

int main(int argc, char **argv)
{
    bool has_threads = argc > 3 && strcmp(argv[1], "-j") == 0;
    int threads = has_threads ? atoi(argv[2]) : 1, first = has_threads ? 3 : 1;
    work w = {argv + first, argc - first, 0};
    if (w.count < 1 || threads < 1 || threads > THREADS_MAX) {
        fprintf(stderr, "usage: read_loop [-j N] PHOTO...\n");
        return 2;
    }
    double start_s = now_s();
    pthread_t others[THREADS_MAX];
    for (int i = 1; i < threads; i++)
        if (pthread_create(&others[i], NULL, run, &w))
            fail("thread", "cannot be started");
    run(&w);
    for (int i = 1; i < threads; i++)
        pthread_join(others[i], NULL);
    double seconds = now_s() - start_s;
    printf("%.3f seconds, %.2f ms a photo\n", seconds, 1e3 * seconds / w.count);
    return 0;
}
