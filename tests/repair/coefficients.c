/*
 * Compares two JPEGs without hotpix: coefficients A B. Prints "mcu X Y" for each MCU that has other coefficients, and
 * "differs: WHAT" for anything else of how they are coded.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <jpeglib.h>

typedef struct picture {
    struct jpeg_decompress_struct codec;
    struct jpeg_error_mgr errors;
    jvirt_barray_ptr *arrays;
} picture;

static void read_picture(picture *p, const char *path)
{
    FILE *file = fopen(path, "rb");
    if (!file) {
        perror(path);
        exit(1);
    }
    p->codec.err = jpeg_std_error(&p->errors);
    jpeg_create_decompress(&p->codec);
    jpeg_stdio_src(&p->codec, file);
    jpeg_read_header(&p->codec, TRUE);
    p->arrays = jpeg_read_coefficients(&p->codec);
    fclose(file);
    if (p->errors.num_warnings)
        printf("differs: %s is damaged\n", path);
}

static void check(int same, const char *what)
{
    if (!same)
        printf("differs: %s\n", what);
}

static void compare_coding(const picture *a, const picture *b)
{
    const struct jpeg_decompress_struct *x = &a->codec, *y = &b->codec;
    check(x->image_width == y->image_width && x->image_height == y->image_height, "size");
    check(x->num_components == y->num_components, "number of components");
    check(x->jpeg_color_space == y->jpeg_color_space, "colour space");
    check(x->progressive_mode == y->progressive_mode, "progressive");
    check(x->arith_code == y->arith_code, "arithmetic coding");
    check(x->restart_interval == y->restart_interval, "restart interval");
    check(x->input_scan_number == y->input_scan_number, "number of scans");
    for (int i = 0; i < x->num_components && i < y->num_components; i++) {
        const jpeg_component_info *c = &x->comp_info[i], *d = &y->comp_info[i];
        check(c->component_id == d->component_id, "component id");
        check(c->h_samp_factor == d->h_samp_factor && c->v_samp_factor == d->v_samp_factor, "sampling");
        check(!memcmp(c->quant_table->quantval, d->quant_table->quantval, sizeof c->quant_table->quantval),
              "quantisation");
    }
}

static JBLOCKROW row_of(picture *p, int component, JDIMENSION y)
{
    return p->codec.mem->access_virt_barray((j_common_ptr)&p->codec, p->arrays[component], y, 1, FALSE)[0];
}

int main(int argc, char **argv)
{
    static picture a, b;
    if (argc != 3)
        return 2;
    read_picture(&a, argv[1]);
    read_picture(&b, argv[2]);
    compare_coding(&a, &b);
    int single = a.codec.num_components == 1;
    JDIMENSION side_x = 8 * (JDIMENSION)(single ? 1 : a.codec.max_h_samp_factor);
    JDIMENSION side_y = 8 * (JDIMENSION)(single ? 1 : a.codec.max_v_samp_factor);
    JDIMENSION across = (a.codec.image_width + side_x - 1) / side_x,
               down = (a.codec.image_height + side_y - 1) / side_y;
    char *changed = calloc(across, down);
    for (int i = 0; changed && i < a.codec.num_components; i++) {
        const jpeg_component_info *c = &a.codec.comp_info[i];
        JDIMENSION blocks_x = single ? 1 : (JDIMENSION)c->h_samp_factor,
                   blocks_y = single ? 1 : (JDIMENSION)c->v_samp_factor;
        for (JDIMENSION y = 0; y < c->height_in_blocks; y++) {
            JBLOCKROW one = row_of(&a, i, y), other = row_of(&b, i, y);
            for (JDIMENSION x = 0; x < c->width_in_blocks; x++)
                changed[y / blocks_y * across + x / blocks_x] |= memcmp(one[x], other[x], sizeof(JBLOCK)) != 0;
        }
    }
    for (JDIMENSION y = 0; changed && y < down; y++)
        for (JDIMENSION x = 0; x < across; x++)
            if (changed[y * across + x])
                printf("mcu %u %u\n", x, y);
    free(changed);
    return 0;
}
