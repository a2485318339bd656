/*
 * decode_loop --rgb|--luma [-j N] PHOTO...: nothing but opening JPEGs, to measure hotpix against.
 *
 * Every file is read and decoded as a whole with libjpeg, by N threads that draw from one list. Each thread
 * keeps its buffers from photo to photo. Prints seconds and milliseconds a photo.
 */
#include "loop.h"

#include <stdio.h>
#include <string.h>

#include <jpeglib.h> /* after stdio.h, which it needs */

const char *const loop_name = "decode_loop";

static void decode(const char *path, int color, loop_room *room)
{
    size_t size = loop_read_file(path, room);
    struct jpeg_decompress_struct jpeg;
    struct jpeg_error_mgr errors;
    jpeg.err = jpeg_std_error(&errors); /* ends the program, as a benchmark may */
    jpeg_create_decompress(&jpeg);
    jpeg_mem_src(&jpeg, room->file.bytes, (unsigned long)size);
    jpeg_read_header(&jpeg, TRUE);
    jpeg.out_color_space = (J_COLOR_SPACE)color;
    jpeg_start_decompress(&jpeg);

    size_t row_size = (size_t)jpeg.output_width * (size_t)jpeg.output_components;
    unsigned char *image = loop_reserve(&room->image, row_size * jpeg.output_height);
    while (jpeg.output_scanline < jpeg.output_height) {
        JSAMPROW rows[16];
        for (size_t i = 0; i < 16; i++)
            rows[i] = image + row_size * ((jpeg.output_scanline + i) % jpeg.output_height);
        jpeg_read_scanlines(&jpeg, rows, 16);
    }
    jpeg_finish_decompress(&jpeg);
    jpeg_destroy_decompress(&jpeg);
}

int main(int argc, char **argv)
{
    int status = 2;
    if (argc > 2 && strcmp(argv[1], "--rgb") == 0)
        status = loop_run(argv + 2, decode, JCS_RGB);
    else if (argc > 2 && strcmp(argv[1], "--luma") == 0)
        status = loop_run(argv + 2, decode, JCS_GRAYSCALE);
    if (status == 2)
        fprintf(stderr, "usage: decode_loop --rgb|--luma [-j N] PHOTO...\n");
    return status;
}
