#include "scene.h"

#include "leaves.h"
#include "random.h"
#include "scene_photo.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static float brightness_of(cs_random *random, double low, double high)
{
    return (float)cs_random_log_between(random, low, high);
}

/* Where the top of the upright picture is in the stored matrix (EXIF 2.3, tag Orientation). */
static void set_up(cs_background *background, int orientation)
{
    static const float up[9][2] = {{0, -1}, {0, -1}, {0, -1}, {0, 1}, {0, 1}, {-1, 0}, {-1, 0}, {1, 0}, {1, 0}};
    background->up_x = up[orientation][0];
    background->up_y = up[orientation][1];
}

/* Blue is drawn first. */
static void tint(float colour[3], float level, cs_random *random, const double red_range[2], const double blue_range[2])
{
    double blue = cs_random_between(random, blue_range[0], blue_range[1]);
    double red = cs_random_between(random, red_range[0], red_range[1]);
    colour[0] = (float)(level * red);
    colour[1] = level;
    colour[2] = (float)(level * blue);
}

/* A sky from horizon haze to blue, part of it beyond white. */
static void draw_sky(cs_background *b, cs_random *random)
{
    float low = brightness_of(random, 0.5, 1.6), high = brightness_of(random, 0.15, 0.7);
    tint(b->low, low, random, (double[]){0.9, 1.0}, (double[]){1.0, 1.15});
    tint(b->high, high, random, (double[]){0.45, 0.8}, (double[]){1.3, 1.8});
    b->glow_level = cs_random_unit(random) < 0.5 ? brightness_of(random, 0.3, 4.0) : 0.0f;
    b->roughness = (float)cs_random_between(random, 0.0, 0.02);
}

/* A wall in uneven light. */
static void draw_gradient(cs_background *b, cs_random *random)
{
    float low = brightness_of(random, 0.04, 0.5), high = brightness_of(random, 0.04, 0.5);
    tint(b->low, low, random, (double[]){0.7, 1.4}, (double[]){0.6, 1.3});
    tint(b->high, high, random, (double[]){0.7, 1.4}, (double[]){0.6, 1.3});
    b->glow_level = cs_random_unit(random) < 0.6 ? brightness_of(random, 0.05, 0.6) : 0.0f;
    b->roughness = (float)cs_random_between(random, 0.0, 0.04);
}

static int draw_scene(cs_scene *scene, const cs_shot *shot, cs_random *random, cs_error *err)
{
    cs_background *b = &scene->background;
    set_up(b, shot->orientation);
    if (shot->scene == CS_SCENE_DARK)
        return 0;
    int longer = scene->width > scene->height ? scene->width : scene->height;
    b->glow_x = (float)cs_random_between(random, 0.0, scene->width);
    b->glow_y = (float)cs_random_between(random, 0.0, scene->height);
    b->glow_width = (float)cs_random_between(random, 0.05, 0.4) * (float)longer;
    if (shot->scene == CS_SCENE_GRADIENT)
        draw_gradient(b, random);
    else
        draw_sky(b, random);
    float skyline = shot->scene == CS_SCENE_SKY ? (float)cs_random_between(random, 0.3, 0.75) : INFINITY;
    return shot->scene == CS_SCENE_GRADIENT ? 0 : cs_leaves_fall(scene, random, skyline, err);
}

int cs_scene_open(cs_scene *scene, int width, int height, uint64_t seed, const cs_shot *shot, const cs_texture *texture,
                  const cs_scene_folder *folder, cs_error *err)
{
    *scene = (cs_scene){.width = width, .height = height, .texture = texture};
    cs_random random = cs_random_start(seed, shot->scene_index, CS_FOR_SCENE);
    if (shot->scene == CS_SCENE_PHOTOS) {
        scene->photo = cs_photo_scene_open(folder, width, height, shot->orientation, &random, err);
        return scene->photo ? 0 : -1;
    }
    scene->glow_by_x = calloc((size_t)width, sizeof *scene->glow_by_x);
    if (!scene->glow_by_x)
        return cs_fail(err, "no memory for a scene of %dx%d pixels", width, height);
    if (draw_scene(scene, shot, &random, err))
        return -1;
    const cs_background *b = &scene->background;
    for (int x = 0; x < width && b->glow_level > 0.0f; x++) {
        float dx = ((float)x - b->glow_x) / b->glow_width;
        scene->glow_by_x[x] = b->glow_level * expf(-0.5f * dx * dx);
    }
    return 0;
}

static void background_run(const cs_scene *scene, int y, int first, int end, float *const rgb[3])
{
    const cs_background *b = &scene->background;
    const float *texture = scene->texture->value[(y / 4) & (CS_TEXTURE_SIZE - 1)];
    float at_y = ((float)y + 0.5f) / (float)scene->height - 0.5f;
    float dy = b->glow_level > 0.0f ? ((float)y - b->glow_y) / b->glow_width : 0.0f;
    float glow_of_y = expf(-0.5f * dy * dy);
    for (int x = first; x < end; x++) {
        float at_x = ((float)x + 0.5f) / (float)scene->width - 0.5f;
        float up = 0.5f + b->up_x * at_x + b->up_y * at_y;
        float light = 1.0f + b->roughness * texture[(x / 4) & (CS_TEXTURE_SIZE - 1)];
        float glow = glow_of_y * scene->glow_by_x[x];
        for (int c = 0; c < 3; c++)
            rgb[c][x] = light * (b->low[c] + up * (b->high[c] - b->low[c])) + glow;
    }
}

static void leaf_run(const cs_scene *scene, const cs_leaf *leaf, int y, int first, int end, float *const rgb[3])
{
    const float *texture = scene->texture->value[(y + leaf->texture_y) & (CS_TEXTURE_SIZE - 1)];
    float start = leaf->level + leaf->slope_y * (float)y;
    for (int x = first; x < end; x++) {
        float light =
            start + leaf->slope_x * (float)x + leaf->roughness * texture[(x + leaf->texture_x) & (CS_TEXTURE_SIZE - 1)];
        light = light > 0.0f ? light : 0.0f;
        rgb[0][x] = leaf->colour[0] * light;
        rgb[1][x] = leaf->colour[1] * light;
        rgb[2][x] = leaf->colour[2] * light;
    }
}

void cs_scene_row(const cs_scene *scene, int y, float *const rgb[3])
{
    if (scene->photo) {
        cs_photo_scene_row(scene->photo, y, rgb);
        return;
    }
    if (!scene->leaf_at) {
        background_run(scene, y, 0, scene->width, rgb);
        return;
    }
    const uint32_t *leaf_at = scene->leaf_at + (size_t)y * (size_t)scene->width;
    for (int first = 0, end; first < scene->width; first = end) {
        uint32_t id = leaf_at[first];
        for (end = first + 1; end < scene->width && leaf_at[end] == id;)
            end++;
        if (id == 0)
            background_run(scene, y, first, end, rgb);
        else
            leaf_run(scene, &scene->leaves[id - 1], y, first, end, rgb);
    }
}

void cs_scene_close(cs_scene *scene)
{
    free(scene->leaf_at);
    free(scene->leaves);
    free(scene->glow_by_x);
    cs_photo_scene_close(scene->photo);
    *scene = (cs_scene){0};
}
