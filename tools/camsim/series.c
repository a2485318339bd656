#include "series.h"

#include "camera.h"
#include "defects.h"
#include "develop.h"
#include "output.h"
#include "scene.h"
#include "scene_photo.h"
#include "sensor.h"
#include "texture.h"
#include "truth.h"
#include "write_dng.h"
#include "write_jpeg.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

enum { THREADS_MAX = 1024 };

typedef struct studio {
    const cs_options *options;
    cs_camera camera;
    cs_defect_list defects;
    cs_texture *texture;
    cs_scene_folder folder;
    pthread_mutex_t lock; /* guards what follows */
    int next, done;
    int failed; /* the first photo that failed, 0 while none has */
    cs_error error;
} studio;

static const char *extension_of(const cs_product *product)
{
    return product->is_dng ? "dng" : "jpg";
}

/* What the products of one photo have in common: [1] with noise reduction. */
typedef struct pictures {
    cs_picture of[2];
} pictures;

static int write_product(const studio *s, const char *path, const cs_product *product, const cs_shot *shot,
                         const cs_raw *raw, pictures *developed, cs_error *err)
{
    const cs_options *o = s->options;
    cs_jpeg_options jpeg = product->jpeg;
    cs_picture *picture = &developed->of[product->has_noise_reduction];
    cs_dng_options dng = {.is_compressed = o->is_compressed,
                          .left = o->margins[0],
                          .top = o->margins[1],
                          .right = o->margins[2],
                          .bottom = o->margins[3],
                          .has_exif = o->has_exif};
    if (product->is_dng)
        return cs_write_dng(path, &dng, &s->camera, shot, raw, err);
    if (!picture->value && cs_develop(picture, &s->camera, shot, raw, product->has_noise_reduction, err))
        return -1;
    jpeg.has_exif = o->has_exif;
    return cs_write_jpeg(path, &jpeg, &s->camera, shot, picture, err);
}

static int write_photo(const studio *s, const cs_product *product, const cs_shot *shot, const cs_raw *raw,
                       pictures *developed, cs_error *err)
{
    cs_output output;
    char name[CS_NAME_SIZE];
    cs_photo_name(shot->index, extension_of(product), name);
    if (cs_output_start(&output, product->dir, name, err))
        return -1;
    int result = write_product(s, output.temporary, product, shot, raw, developed, err);
    return cs_output_finish(&output, result, err);
}

static int write_all(const studio *s, const cs_shot *shot, const cs_raw *raw, cs_error *err)
{
    pictures developed = {0};
    int result = 0;
    for (int i = 0; i < s->options->product_count && result == 0; i++)
        result = write_photo(s, &s->options->product[i], shot, raw, &developed, err);
    for (int i = 0; i < 2; i++)
        cs_picture_free(&developed.of[i]);
    return result;
}

static int write_twin(const studio *s, const cs_shot *shot, const cs_raw *raw, cs_error *err)
{
    cs_product twin = s->options->product[0];
    pictures developed = {0};
    twin.dir = s->options->twin_dir;
    int result = write_photo(s, &twin, shot, raw, &developed, err);
    cs_picture_free(&developed.of[twin.has_noise_reduction]);
    return result;
}

static int take_photo(const studio *s, int index, cs_error *err)
{
    const cs_options *o = s->options;
    cs_shot shot = cs_shot_plan(&o->series, index);
    cs_scene scene;
    cs_raw raw = {0};
    int result = -1;
    if (cs_scene_open(&scene, o->width, o->height, o->series.seed, &shot, s->texture, &s->folder, err) ||
        cs_sensor_expose(&raw, &s->camera, &shot, &scene, &s->defects, err))
        goto done;
    cs_scene_close(&scene);
    if (o->twin_dir && write_twin(s, &shot, &raw, err))
        goto done;
    cs_raw_spoil(&raw);
    result = write_all(s, &shot, &raw, err);
done:
    cs_scene_close(&scene);
    cs_raw_free(&raw);
    return result;
}

static void *work(void *argument)
{
    studio *s = argument;
    int last = s->options->first + s->options->number - 1;
    int is_terminal = isatty(STDERR_FILENO);
    pthread_mutex_lock(&s->lock);
    while (s->next <= last && !s->failed) {
        cs_error err;
        int index = s->next++;
        pthread_mutex_unlock(&s->lock);
        int result = take_photo(s, index, &err);
        pthread_mutex_lock(&s->lock);
        if (result && (!s->failed || index < s->failed)) {
            s->failed = index;
            s->error = err;
        }
        s->done += result == 0;
        if (is_terminal)
            fprintf(stderr, "\rcamsim: photo %d of %d ", s->done, s->options->number);
    }
    pthread_mutex_unlock(&s->lock);
    return NULL;
}

static int take_all(studio *s, cs_error *err)
{
    pthread_t thread[THREADS_MAX];
    int started = 0, wanted = s->options->threads;
    if (wanted == 0)
        wanted = (int)sysconf(_SC_NPROCESSORS_ONLN);
    wanted = wanted > s->options->number ? s->options->number : wanted;
    s->next = s->options->first;
    while (started + 1 < wanted && started < THREADS_MAX && pthread_create(&thread[started], NULL, work, s) == 0)
        started++;
    work(s);
    for (int i = 0; i < started; i++)
        pthread_join(thread[i], NULL);
    if (isatty(STDERR_FILENO))
        fputc('\n', stderr);
    if (s->failed)
        *err = s->error;
    return s->failed ? -1 : 0;
}

static int write_truth(const studio *s, const char *dir, const cs_product *product, const cs_defect_list *defects,
                       cs_error *err)
{
    const cs_options *o = s->options;
    cs_output output;
    if (cs_output_start(&output, dir, "defects.json", err))
        return -1;
    int result = cs_truth_write(output.temporary, &s->camera, defects, &o->series, o->first, o->number,
                                extension_of(product), err);
    return cs_output_finish(&output, result, err);
}

static int write_truths(const studio *s, cs_error *err)
{
    static const cs_defect_list none = {0};
    const cs_options *o = s->options;
    for (int i = 0; i < o->product_count; i++)
        if (write_truth(s, o->product[i].dir, &o->product[i], &s->defects, err))
            return -1;
    return o->twin_dir ? write_truth(s, o->twin_dir, &o->product[0], &none, err) : 0;
}

static int make_folders(const cs_options *o, cs_error *err)
{
    for (int i = 0; i < o->product_count; i++)
        if (cs_make_dir(o->product[i].dir, err))
            return -1;
    return o->twin_dir ? cs_make_dir(o->twin_dir, err) : 0;
}

static int prepare(studio *s, cs_error *err)
{
    const cs_options *o = s->options;
    s->camera = (cs_camera){.make = o->make,
                            .model = o->model,
                            .serial = o->serial,
                            .width = o->width,
                            .height = o->height,
                            .cfa = o->cfa,
                            .bits = o->bits,
                            .has_noise = o->has_noise,
                            .seed = o->series.seed};
    cs_camera_finish(&s->camera, o->sharpening);
    cs_placement placement = {.seed = o->series.seed,
                              .width = o->width,
                              .height = o->height,
                              .per_class = o->defects_per_class,
                              .columns = o->columns,
                              .rows = o->rows,
                              .pairs = o->pairs,
                              .clusters = o->clusters,
                              .may_touch_edge = o->may_touch_edge,
                              .has_onsets = o->has_onsets,
                              .first_s = o->series.start_s,
                              .last_s = cs_series_time(&o->series, o->first + o->number - 1)};
    int result = o->defects_path ? cs_truth_read_defects(o->defects_path, o->width, o->height, &s->defects, err)
                                 : cs_defects_place(&placement, &s->defects, err);
    if (result || make_folders(o, err) || cs_dng_start(err))
        return -1;
    s->texture = cs_texture_new(o->series.seed, err);
    return s->texture && (!o->scene_dir || cs_scene_folder_open(&s->folder, o->scene_dir, err) == 0) ? 0 : -1;
}

int cs_series_take(const cs_options *options, cs_error *err)
{
    int result = -1;
    studio *s = calloc(1, sizeof *s);
    if (!s)
        return cs_fail(err, "no memory");
    s->options = options;
    pthread_mutex_init(&s->lock, NULL);
    if (prepare(s, err) == 0 && take_all(s, err) == 0)
        result = write_truths(s, err);
    cs_dng_end();
    cs_defects_free(&s->defects);
    cs_scene_folder_close(&s->folder);
    free(s->texture);
    pthread_mutex_destroy(&s->lock);
    free(s);
    return result;
}
