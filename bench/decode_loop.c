/*
 * decode_loop --rgb|--luma [-j N] PHOTO...: nothing but opening JPEGs, to measure hotpix against.
 *
 * Every file is read and decoded as a whole with libjpeg, by N threads that draw from one list. Each thread
 * keeps its buffers from photo to photo. Prints seconds and milliseconds a photo.
 */
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

#include <jpeglib.h> /* after stdio.h, which it needs */

enum { THREADS_MAX = 256 };

typedef struct buffer {
    unsigned char *bytes;
    size_t size;
} buffer;

typedef struct work {
    char **paths;
    int count;
    J_COLOR_SPACE color;
    atomic_int next;
} work;

static void fail(const char *path, const char *why)
{
    fprintf(stderr, "decode_loop: %s: %s\n", path, why);
    exit(1);
}

static void reserve(buffer *b, size_t size)
{
    if (b->size >= size)
        return;
    free(b->bytes);
    b->bytes = malloc(size);
    b->size = size;
    if (!b->bytes)
        fail("memory", "there is not enough");
}

/* Returns the number of bytes of the file. */
static size_t read_file(const char *path, buffer *file)
{
    struct stat status;
    FILE *in = fopen(path, "rb");
    if (!in || fstat(fileno(in), &status))
        fail(path, "cannot be opened");
    size_t size = (size_t)status.st_size;
    reserve(file, size);
    if (fread(file->bytes, 1, size, in) != size)
        fail(path, "cannot be read");
    fclose(in);
    return size;
}

static void decode(const unsigned char *bytes, size_t size, J_COLOR_SPACE color, buffer *image)
{
    struct jpeg_decompress_struct jpeg;
    struct jpeg_error_mgr errors;
    jpeg.err = jpeg_std_error(&errors); /* ends the program, as a benchmark may */
    jpeg_create_decompress(&jpeg);
    jpeg_mem_src(&jpeg, bytes, (unsigned long)size);
    jpeg_read_header(&jpeg, TRUE);
    jpeg.out_color_space = color;
    jpeg_start_decompress(&jpeg);

    size_t row_size = (size_t)jpeg.output_width * (size_t)jpeg.output_components;
    reserve(image, row_size * jpeg.output_height);
    while (jpeg.output_scanline < jpeg.output_height) {
        JSAMPROW rows[16];
        for (size_t i = 0; i < 16; i++)
            rows[i] = image->bytes + row_size * ((jpeg.output_scanline + i) % jpeg.output_height);
        jpeg_read_scanlines(&jpeg, rows, 16);
    }
    jpeg_finish_decompress(&jpeg);
    jpeg_destroy_decompress(&jpeg);
}

static void *run(void *argument)
{
    work *w = argument;
    buffer file = {0}, image = {0};
    for (int i = atomic_fetch_add(&w->next, 1); i < w->count; i = atomic_fetch_add(&w->next, 1)) {
        size_t size = read_file(w->paths[i], &file);
        decode(file.bytes, size, w->color, &image);
    }
    free(file.bytes);
    free(image.bytes);
    return NULL;
}

static double now_s(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static int usage(void)
{
    fprintf(stderr, "usage: decode_loop --rgb|--luma [-j N] PHOTO...\n");
    return 2;
}

int main(int argc, char **argv)
{
    int threads = 1, first = 2;
    work w = {0};
    if (argc < 3)
        return usage();
    if (strcmp(argv[1], "--rgb") == 0)
        w.color = JCS_RGB;
    else if (strcmp(argv[1], "--luma") == 0)
        w.color = JCS_GRAYSCALE;
    else
        return usage();
    if (strcmp(argv[2], "-j") == 0 && argc > 4) {
        threads = atoi(argv[3]);
        first = 4;
    }
    if (threads < 1 || threads > THREADS_MAX)
        return usage();
    w.paths = argv + first;
    w.count = argc - first;

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
