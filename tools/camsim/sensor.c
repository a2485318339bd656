#include "sensor.h"

#include "optics.h"

#include <math.h>
#include <stdlib.h>

/* All rows one photo's exposure works with, width values each. */
typedef struct exposure {
    const cs_camera *camera;
    const cs_shot *shot;
    float *memory;
    float *rgb[3];
    float *light;    /* DN of signal, before noise */
    float *normal;   /* noise of this photo */
    float *response; /* fixed pattern: PRNU */
    float *offset;   /* fixed pattern: DSNU */
    float *lens_x;   /* vignetting, the part that depends on x */
    uint64_t noise_key, pattern_key;
    float gain, read_variance;
} exposure;

enum { ROWS = 8 };

static float gain_of(const cs_shot *shot)
{
    return (float)shot->iso / 100.0f;
}

static float read_variance_of(float gain)
{
    float analogue_dn = CS_READ_NOISE_ELECTRONS * gain / CS_ELECTRONS_PER_DN;
    return analogue_dn * analogue_dn + CS_READ_NOISE_DN * CS_READ_NOISE_DN;
}

static int open_exposure(exposure *e, const cs_camera *camera, const cs_shot *shot, cs_error *err)
{
    size_t width = (size_t)camera->width;
    *e = (exposure){.camera = camera, .shot = shot, .gain = gain_of(shot)};
    e->read_variance = read_variance_of(e->gain);
    e->noise_key = cs_random_key(camera->seed, (uint64_t)shot->index, CS_FOR_NOISE);
    e->pattern_key = cs_random_key(camera->seed, 0, CS_FOR_FIXED_PATTERN);
    e->memory = calloc(ROWS * width, sizeof *e->memory);
    if (!e->memory)
        return cs_fail(err, "no memory for rows of %d pixels", camera->width);
    float **row[ROWS] = {&e->rgb[0], &e->rgb[1],   &e->rgb[2], &e->light,
                         &e->normal, &e->response, &e->offset, &e->lens_x};
    for (size_t i = 0; i < ROWS; i++)
        *row[i] = e->memory + i * width;
    float half_x = 0.5f * (float)camera->width, half_y = 0.5f * (float)camera->height;
    for (size_t x = 0; x < width; x++) {
        float dx = (float)x + 0.5f - half_x;
        e->lens_x[x] = CS_VIGNETTING * dx * dx / (half_x * half_x + half_y * half_y);
    }
    return 0;
}

/* What falls through the colour filters; vignetting is 1 - 0.35 (r / r of the corner)^2. */
static void fill_light(exposure *e, int y)
{
    const cs_camera *camera = e->camera;
    const cs_cfa *cfa = camera->cfa;
    float half_x = 0.5f * (float)camera->width, half_y = 0.5f * (float)camera->height;
    float dy = (float)y + 0.5f - half_y;
    float lens_y = 1.0f - CS_VIGNETTING * dy * dy / (half_x * half_x + half_y * half_y);
    float full = (CS_WHITE_DN - CS_BLACK_DN) * e->shot->brightness;
    const float *red = e->rgb[0], *green = e->rgb[1], *blue = e->rgb[2];
    for (int phase = 0; phase < cfa->period; phase++) {
        const float *see = camera->to_camera[cfa->colour[y % cfa->period][phase]];
        for (int x = phase; x < camera->width; x += cfa->period) {
            float seen = see[0] * red[x] + see[1] * green[x] + see[2] * blue[x];
            e->light[x] = (seen > 0.0f ? seen : 0.0f) * full * (lens_y - e->lens_x[x]);
        }
    }
}

/* Soft round shadows. */
static void add_dust(exposure *e, int y)
{
    for (int i = 0; i < CS_DUST_SPOTS; i++) {
        const cs_dust *dust = &e->camera->dust[i];
        float dy = ((float)y - dust->y) / dust->radius;
        int first = (int)(dust->x - 3.0f * dust->radius), end = (int)(dust->x + 3.0f * dust->radius) + 1;
        if (dy > 3.0f || dy < -3.0f)
            continue;
        for (int x = first < 0 ? 0 : first; x < end && x < e->camera->width; x++) {
            float dx = ((float)x - dust->x) / dust->radius;
            e->light[x] *= 1.0f - dust->depth * expf(-0.5f * (dx * dx + dy * dy));
        }
    }
}

/* Shot and read noise together, normal: 6 electrons a DN at ISO 100 are enough for that. */
static inline float noisy(const exposure *e, float signal, float offset, float normal)
{
    float variance = signal * e->gain * (1.0f / CS_ELECTRONS_PER_DN) + e->read_variance;
    return CS_BLACK_DN + signal + offset + sqrtf(variance) * normal;
}

static inline uint16_t quantise(float dn, float scale)
{
    dn = dn < 0.0f ? 0.0f : dn > CS_WHITE_DN ? CS_WHITE_DN : dn;
    return (uint16_t)(int)(dn * scale + 0.5f);
}

static void read_row(const exposure *e, uint16_t *restrict value)
{
    const float *light = e->light, *normal = e->normal, *response = e->response, *offset = e->offset;
    float scale = cs_camera_scale(e->camera);
    for (int x = 0; x < e->camera->width; x++)
        value[x] =
            quantise(noisy(e, light[x] * (1.0f + CS_PRNU * response[x]), CS_DSNU_DN * offset[x], normal[x]), scale);
}

static uint16_t bad_value(const exposure *e, const cs_defect *defect, int x)
{
    float strength = (float)defect->strength, scale = cs_camera_scale(e->camera);
    float signal = e->light[x] * (1.0f + CS_PRNU * e->response[x]);
    switch (defect->class) {
    case CS_STUCK:
        return quantise(strength, scale);
    case CS_DEAD:
        signal = 0.0f;
        break;
    case CS_WEAK:
        signal *= strength;
        break;
    case CS_HOT_OFFSET:
        signal += strength * e->gain;
        break;
    case CS_HOT_DARK:
        signal += strength * e->gain * (float)cs_shot_exposure_s(e->shot);
        break;
    }
    return quantise(noisy(e, signal, CS_DSNU_DN * e->offset[x], e->normal[x]), scale);
}

/* Without it all of these rows stay 0. */
static void fill_noise(exposure *e, int y)
{
    int width = e->camera->width;
    cs_normal_row(&e->camera->normals, e->noise_key, y, width, e->normal);
    cs_normal_row_pair(&e->camera->normals, e->pattern_key, y, width, e->response, e->offset);
}

static void expose_row(exposure *e, int y, uint16_t *value)
{
    fill_light(e, y);
    add_dust(e, y);
    if (e->camera->has_noise)
        fill_noise(e, y);
    read_row(e, value);
}

static size_t bad_pixels(const cs_defect_list *defects)
{
    size_t count = 0;
    for (int i = 0; i < defects->count; i++)
        count += (size_t)defects->item[i].width * (size_t)defects->item[i].height;
    return count;
}

/* What a defect gives in row y. */
static void add_patches(const exposure *e, const cs_defect *defect, int y, cs_raw *raw)
{
    if (y < defect->y || y >= defect->y + defect->height || !cs_defect_is_on(defect, e->shot->time_s))
        return;
    for (int x = defect->x; x < defect->x + defect->width; x++)
        raw->patch[raw->patch_count++] =
            (cs_patch){.at = (size_t)y * (size_t)raw->width + (size_t)x, .value = bad_value(e, defect, x)};
}

int cs_sensor_expose(cs_raw *raw, const cs_camera *camera, const cs_shot *shot, const cs_scene *scene,
                     const cs_defect_list *defects, cs_error *err)
{
    exposure e;
    cs_optics optics = {0};
    int result = -1;
    size_t width = (size_t)camera->width;
    *raw = (cs_raw){.width = camera->width, .height = camera->height};
    if (open_exposure(&e, camera, shot, err) || cs_optics_open(&optics, scene, shot->blur_sigma, err))
        goto done;
    raw->value = malloc(width * (size_t)camera->height * sizeof *raw->value);
    raw->patch = malloc((bad_pixels(defects) + 1) * sizeof *raw->patch);
    if (!raw->value || !raw->patch) {
        cs_fail(err, "no memory for %dx%d pixels", camera->width, camera->height);
        goto done;
    }
    for (int y = 0; y < camera->height; y++) {
        cs_optics_row(&optics, y, e.rgb);
        expose_row(&e, y, raw->value + (size_t)y * width);
        for (int i = 0; i < defects->count; i++)
            add_patches(&e, &defects->item[i], y, raw);
    }
    result = 0;
done:
    cs_optics_close(&optics);
    free(e.memory);
    return result;
}

void cs_raw_spoil(cs_raw *raw)
{
    for (int i = 0; i < raw->patch_count; i++)
        raw->value[raw->patch[i].at] = raw->patch[i].value;
}

void cs_raw_free(cs_raw *raw)
{
    free(raw->value);
    free(raw->patch);
    *raw = (cs_raw){0};
}

uint16_t cs_sensor_masked_value(const cs_camera *camera, const cs_shot *shot, float normal, float offset)
{
    float noise = CS_DSNU_DN * offset + sqrtf(read_variance_of(gain_of(shot))) * normal;
    return quantise(CS_BLACK_DN + (camera->has_noise ? noise : 0.0f), cs_camera_scale(camera));
}
