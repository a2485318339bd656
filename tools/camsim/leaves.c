#include "leaves.h"

#include <math.h>
#include <stdlib.h>

static const double COVER = 4.0;                  /* times that every pixel is covered, on average; e^-4 stay ground */
static const double SMALLEST_PX[2] = {2.5, 10.0}; /* from finely to coarsely detailed scenes */
static const double LARGEST_SHARE = 0.22;         /* of the longer side */

typedef struct shape {
    double x, y, radius;
    double cut_x, cut_y, cut; /* only where cut_x dx + cut_y dy <= cut: gives straight edges */
} shape;

static double clamp(double value, double low, double high)
{
    return value < low ? low : value > high ? high : value;
}

static shape draw_shape(const cs_scene *scene, cs_random *random, double smallest_px, double largest_px)
{
    double ratio = smallest_px / largest_px;
    shape s;
    s.x = cs_random_between(random, -0.05, 1.05) * scene->width;
    s.y = cs_random_between(random, -0.05, 1.05) * scene->height;
    s.radius = smallest_px / sqrt(1.0 - cs_random_unit(random) * (1.0 - ratio * ratio));
    double angle = cs_random_between(random, 0.0, 6.2831853);
    double depth = cs_random_between(random, -0.2, 1.6);
    s.cut_x = cos(angle);
    s.cut_y = sin(angle);
    s.cut = s.radius * (depth > 1.0 ? 2.0 : depth);
    return s;
}

static void draw_material(cs_leaf *leaf, const shape *s, cs_random *random)
{
    double level = clamp(0.15 * exp(0.75 * cs_random_normal(random)), 0.008, 0.95);
    double shine = cs_random_unit(random), rough = cs_random_unit(random);
    if (shine < 0.012)
        level = cs_random_between(random, 1.0, 2.5);
    double warm = 0.20 * cs_random_normal(random), green = 0.10 * cs_random_normal(random);
    leaf->colour[0] = (float)clamp(1.0 + warm - 0.3 * green, 0.35, 1.9);
    leaf->colour[1] = (float)clamp(1.0 + green, 0.5, 1.5);
    leaf->colour[2] = (float)clamp(1.0 - warm - 0.3 * green, 0.3, 1.9);
    double reach = s->radius < 40.0 ? 40.0 : s->radius;
    double slope = 0.3 * level * cs_random_unit(random) / reach;
    double angle = cs_random_between(random, 0.0, 6.2831853);
    leaf->slope_x = (float)(slope * cos(angle));
    leaf->slope_y = (float)(slope * sin(angle));
    leaf->level = (float)(level - leaf->slope_x * s->x - leaf->slope_y * s->y);
    leaf->roughness = (float)(level * (rough < 0.3 ? 0.0 : 0.03 + 0.24 * (rough - 0.3) * (rough - 0.3) / 0.49));
    leaf->texture_x = cs_random_below(random, CS_TEXTURE_SIZE);
    leaf->texture_y = cs_random_below(random, CS_TEXTURE_SIZE);
}

static void paint(cs_scene *scene, const shape *s, uint32_t id)
{
    int top = (int)clamp(ceil(s->y - s->radius), 0, scene->height);
    int bottom = (int)clamp(floor(s->y + s->radius) + 1, 0, scene->height);
    for (int y = top; y < bottom; y++) {
        double dy = y - s->y;
        double reach = sqrt(clamp(s->radius * s->radius - dy * dy, 0.0, INFINITY));
        double left = s->x - reach, right = s->x + reach;
        double limit = s->x + (s->cut - s->cut_y * dy) / s->cut_x;
        if (s->cut_x > 0.0)
            right = limit < right ? limit : right;
        else
            left = limit > left ? limit : left;
        int first = (int)clamp(ceil(left), 0, scene->width);
        int end = (int)clamp(floor(right) + 1, 0, scene->width);
        uint32_t *row = scene->leaf_at + (size_t)y * (size_t)scene->width;
        for (int x = first; x < end; x++)
            row[x] = id;
    }
}

/* 0 at the bottom, 1 at the top of the upright picture. */
static double height_of(const cs_scene *scene, double x, double y)
{
    const cs_background *b = &scene->background;
    return 0.5 + b->up_x * (x / scene->width - 0.5) + b->up_y * (y / scene->height - 0.5);
}

/* The first leaf lies below all others, up to the skyline. */
static void cover_ground(cs_scene *scene, float skyline)
{
    uint32_t *leaf_at = scene->leaf_at;
    for (int y = 0; y < scene->height; y++)
        for (int x = 0; x < scene->width; x++)
            *leaf_at++ = height_of(scene, x, y) < skyline;
}

int cs_leaves_fall(cs_scene *scene, cs_random *random, float skyline, cs_error *err)
{
    size_t pixels = (size_t)scene->width * (size_t)scene->height;
    int longer = scene->width > scene->height ? scene->width : scene->height;
    double smallest_px = cs_random_log_between(random, SMALLEST_PX[0], SMALLEST_PX[1]);
    double largest_px = clamp(LARGEST_SHARE * longer, 2.0 * smallest_px, 4000.0);
    double mean_area = 6.2831853 * smallest_px * smallest_px * log(largest_px / smallest_px);
    uint32_t count = (uint32_t)(COVER * 1.2 * (double)pixels / mean_area) + 2;
    scene->leaf_at = calloc(pixels, sizeof *scene->leaf_at);
    scene->leaves = malloc(count * sizeof *scene->leaves);
    if (!scene->leaf_at || !scene->leaves)
        return cs_fail(err, "no memory for a scene of %dx%d pixels", scene->width, scene->height);
    draw_material(&scene->leaves[0], &(shape){.radius = longer}, random);
    cover_ground(scene, skyline);
    for (uint32_t i = 1; i < count; i++) {
        shape s = draw_shape(scene, random, smallest_px, largest_px);
        draw_material(&scene->leaves[i], &s, random);
        if (height_of(scene, s.x, s.y) < skyline)
            paint(scene, &s, i + 1);
    }
    return 0;
}
