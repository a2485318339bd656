#include "scene_photo.h"

#include "jpeg_error.h"

#include <dirent.h>
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

static const float LINEAR_ONE = 65535.0f;

struct cs_photo_scene {
    int width, height; /* of the sensor */
    int picture_width, picture_height;
    uint16_t *picture;           /* linear light, red green blue */
    float unit;                  /* scene light of one step of picture */
    size_t *offset_x, *offset_y; /* sensor (x, y) shows picture[offset_x[x] + offset_y[y]] */
};

static int is_jpeg(const struct dirent *entry)
{
    const char *dot = strrchr(entry->d_name, '.');
    return dot && (strcasecmp(dot, ".jpg") == 0 || strcasecmp(dot, ".jpeg") == 0);
}

static int by_bytes(const struct dirent **a, const struct dirent **b)
{
    return strcmp((*a)->d_name, (*b)->d_name);
}

int cs_scene_folder_open(cs_scene_folder *folder, const char *dir, cs_error *err)
{
    struct dirent **entry = NULL;
    *folder = (cs_scene_folder){0};
    int count = scandir(dir, &entry, is_jpeg, by_bytes);
    if (count < 0)
        return cs_fail(err, "%s: cannot read this folder", dir);
    int result = count > 0 ? 0 : cs_fail(err, "%s: no JPEG photos in this folder", dir);
    folder->path = calloc((size_t)count + 1, sizeof *folder->path);
    for (int i = 0; i < count; i++) {
        size_t size = strlen(dir) + strlen(entry[i]->d_name) + 2;
        char *path = folder->path ? malloc(size) : NULL;
        if (path) {
            snprintf(path, size, "%s/%s", dir, entry[i]->d_name);
            folder->path[folder->count++] = path;
        } else
            result = cs_fail(err, "no memory for %d scenes", count);
        free(entry[i]);
    }
    free(entry);
    return result;
}

void cs_scene_folder_close(cs_scene_folder *folder)
{
    for (int i = 0; i < folder->count; i++)
        free(folder->path[i]);
    free(folder->path);
    *folder = (cs_scene_folder){0};
}

/* IEC 61966-2-1. */
static void fill_linear(float linear[256])
{
    for (int i = 0; i < 256; i++) {
        float v = (float)i / 255.0f;
        linear[i] = v <= 0.04045f ? v / 12.92f : powf((v + 0.055f) / 1.055f, 2.4f);
    }
}

static void halve(const uint8_t *const row[2], const float linear[256], int width, uint16_t *out)
{
    for (int x = 0; x < width; x++)
        for (int c = 0; c < 3; c++) {
            int i = 6 * x + c;
            float sum = linear[row[0][i]] + linear[row[0][i + 3]] + linear[row[1][i]] + linear[row[1][i + 3]];
            out[3 * x + c] = (uint16_t)(sum * (0.25f * LINEAR_ONE) + 0.5f);
        }
}

static int decode(cs_photo_scene *photo, struct jpeg_decompress_struct *jpeg, cs_error *err)
{
    float linear[256];
    fill_linear(linear);
    jpeg->out_color_space = JCS_RGB;
    jpeg_start_decompress(jpeg);
    photo->picture_width = (int)jpeg->output_width / 2;
    photo->picture_height = (int)jpeg->output_height / 2;
    size_t row_size = (size_t)photo->picture_width * 3;
    if (row_size == 0 || photo->picture_height == 0)
        return cs_fail(err, "%ux%u pixels are too few for a scene", jpeg->output_width, jpeg->output_height);
    photo->picture = malloc(row_size * (size_t)photo->picture_height * sizeof *photo->picture);
    if (!photo->picture)
        return cs_fail(err, "no memory for a scene of %ux%u pixels", jpeg->output_width, jpeg->output_height);
    JSAMPARRAY rows = jpeg->mem->alloc_sarray((j_common_ptr)jpeg, JPOOL_IMAGE, jpeg->output_width * 3, 2);
    for (int y = 0; y < photo->picture_height; y++) {
        for (int i = 0; i < 2; i++)
            jpeg_read_scanlines(jpeg, rows + i, 1);
        const uint8_t *const pair[2] = {rows[0], rows[1]};
        halve(pair, linear, photo->picture_width, photo->picture + (size_t)y * row_size);
    }
    return 0;
}

static int read_picture(cs_photo_scene *photo, const char *path, cs_error *err)
{
    struct jpeg_decompress_struct jpeg;
    cs_jpeg_errors errors;
    cs_error why;
    volatile int result = -1;
    FILE *file = fopen(path, "rb");
    if (!file)
        return cs_fail(err, "%s: cannot open this scene", path);
    jpeg.err = cs_jpeg_errors_start(&errors);
    if (setjmp(errors.escape) == 0) {
        jpeg_create_decompress(&jpeg);
        jpeg_stdio_src(&jpeg, file);
        jpeg_read_header(&jpeg, TRUE);
        result = decode(photo, &jpeg, &why);
        if (result)
            cs_fail(err, "%s: %s", path, why.text);
    } else
        cs_fail(err, "%s: %s", path, errors.text);
    jpeg_destroy_decompress(&jpeg);
    fclose(file);
    return result;
}

/* The camera's light meter wants the picture at middle grey, as far as one stop goes. */
static void meter(cs_photo_scene *photo)
{
    size_t count = 3 * (size_t)photo->picture_width * (size_t)photo->picture_height;
    uint64_t sum = 0;
    for (size_t i = 0; i < count; i++)
        sum += photo->picture[i];
    float mean = (float)((double)sum / (double)count) / LINEAR_ONE;
    float factor = mean > 0.0f ? 0.18f / mean : 1.0f;
    factor = factor < 0.5f ? 0.5f : factor > 2.0f ? 2.0f : factor;
    photo->unit = factor / LINEAR_ONE;
}

/* Beyond its border a picture goes on as its mirror image. */
static size_t mirrored(int at, int size)
{
    int turn = ((at % (2 * size)) + 2 * size) % (2 * size);
    return (size_t)(turn < size ? turn : 2 * size - 1 - turn);
}

static int free_place(cs_random *random, int picture_size, int frame_size)
{
    return cs_random_below(random, picture_size > frame_size ? picture_size - frame_size + 1 : picture_size);
}

/* The picture seen upright is frame_u x frame_v; EXIF orientation says where its axes lie in the matrix. */
static void aim(cs_photo_scene *photo, int orientation, cs_random *random)
{
    static const int from_right[9] = {0, 0, 1, 1, 0, 0, 1, 1, 0};
    static const int from_bottom[9] = {0, 0, 0, 1, 1, 0, 0, 1, 1};
    int is_turned = orientation >= 5;
    int frame_u = is_turned ? photo->height : photo->width;
    int frame_v = is_turned ? photo->width : photo->height;
    int place_u = free_place(random, photo->picture_width, frame_u);
    int place_v = free_place(random, photo->picture_height, frame_v);
    int is_flipped = cs_random_unit(random) < 0.5;
    size_t pixel = 3, row = 3 * (size_t)photo->picture_width;
    size_t *offset_u = is_turned ? photo->offset_y : photo->offset_x;
    size_t *offset_v = is_turned ? photo->offset_x : photo->offset_y;
    for (int i = 0; i < frame_u; i++) {
        int u = (from_right[orientation] ^ is_flipped) ? frame_u - 1 - i : i;
        offset_u[i] = pixel * mirrored(place_u + u, photo->picture_width);
    }
    for (int i = 0; i < frame_v; i++) {
        int v = from_bottom[orientation] ? frame_v - 1 - i : i;
        offset_v[i] = row * mirrored(place_v + v, photo->picture_height);
    }
}

cs_photo_scene *cs_photo_scene_open(const cs_scene_folder *folder, int width, int height, int orientation,
                                    cs_random *random, cs_error *err)
{
    const char *path = folder->path[cs_random_below(random, folder->count)];
    cs_photo_scene *photo = calloc(1, sizeof *photo);
    if (!photo) {
        cs_fail(err, "%s: no memory", path);
        return NULL;
    }
    photo->width = width;
    photo->height = height;
    photo->offset_x = malloc((size_t)width * sizeof *photo->offset_x);
    photo->offset_y = malloc((size_t)height * sizeof *photo->offset_y);
    if (!photo->offset_x || !photo->offset_y)
        cs_fail(err, "%s: no memory", path);
    else if (read_picture(photo, path, err) == 0) {
        meter(photo);
        aim(photo, orientation, random);
        return photo;
    }
    cs_photo_scene_close(photo);
    return NULL;
}

void cs_photo_scene_row(const cs_photo_scene *photo, int y, float *const rgb[3])
{
    const uint16_t *start = photo->picture + photo->offset_y[y];
    for (int x = 0; x < photo->width; x++) {
        const uint16_t *pixel = start + photo->offset_x[x];
        for (int c = 0; c < 3; c++)
            rgb[c][x] = (float)pixel[c] * photo->unit;
    }
}

void cs_photo_scene_close(cs_photo_scene *photo)
{
    if (!photo)
        return;
    free(photo->picture);
    free(photo->offset_x);
    free(photo->offset_y);
    free(photo);
}
