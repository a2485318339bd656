#include "stats/residual.h"

#include "base/error.h"
#include "base/memory.h"
#include "stats/calibration.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum {
    MOST_PHOTOS = 65537,     /* 2^32 / 65535: Sx of 16 bit; the squares of 8 bit would allow 66 051 */
    SIGMA_EVERY = 16,        /* rows: the subsample for sigma */
    SIGMA_EVERY_MOSAIC = 17, /* so that every row of the CFA has its share */
    SIGMA_FIRST = 8,
    COUNTERS = 4, /* of a level */
    MOST_WEIGHT = 255,
    CACHE_LINE = 64, /* bytes */
};

static size_t pixels_of(const hp_photo_info *shape)
{
    return (size_t)shape->camera.width * shape->camera.height;
}

/* Each array begins on a cache line. */
static size_t array_bytes(const hp_photo_info *shape, size_t item)
{
    return (pixels_of(shape) * item + CACHE_LINE - 1) / CACHE_LINE * CACHE_LINE;
}

static uint64_t bytes(const hp_photo_info *shape)
{
    bool wide = shape->camera.bits > 8;
    return 7 * array_bytes(shape, 4) + 3 * array_bytes(shape, wide ? 8 : 4) + 2 * array_bytes(shape, wide ? 2 : 1);
}

static uint32_t pad(const hp_photo_info *shape)
{
    hp_ring ring;
    return hp_ring_of(shape, &ring, NULL) == HP_OK ? ring.reach : 0;
}

static void *take(char **at, size_t size)
{
    void *array = *at;
    *at += size;
    return array;
}

static void lay_out(hp_residual *r)
{
    const hp_photo_info *shape = &r->base.shape;
    bool wide = shape->camera.bits > 8;
    size_t words = array_bytes(shape, 4), squares = array_bytes(shape, wide ? 8 : 4),
           samples = array_bytes(shape, wide ? 2 : 1);
    char *at = r->memory;
    hp_sums *s = &r->sums;
    s->s1 = take(&at, words);
    s->st = take(&at, words);
    s->sg = take(&at, words);
    s->s1h = take(&at, words);
    s->s2 = take(&at, words);
    s->sx = take(&at, words);
    s->se = take(&at, words);
    s->sxx = take(&at, squares);
    s->see = take(&at, squares);
    s->sxe = take(&at, squares);
    s->max = take(&at, samples);
    s->min = take(&at, samples);
}

static void begin_minima(hp_residual *r)
{
    memset(r->sums.min, 0xff, array_bytes(&r->base.shape, r->base.shape.camera.bits > 8 ? 2 : 1));
}

static void free_residual(hp_accumulator **accumulator)
{
    hp_residual *r = (hp_residual *)*accumulator;
    if (!r)
        return;
    hp_ring_sets_free(&r->ring_sets);
    hp_pages_free(r->memory);
    free(r);
    *accumulator = NULL;
}

static int start(const hp_photo_info *shape, const hp_kernels *kernels, hp_accumulator **made, hp_error *err)
{
    *made = NULL;
    hp_residual *r = hp_calloc(1, sizeof *r, err);
    if (!r)
        return HP_E_MEMORY;
    r->base = (hp_accumulator){.kind = &hp_residual_kind, .shape = *shape, .kernels = kernels};
    int code = hp_ring_of(shape, &r->ring, err);
    if (!code)
        code = hp_ring_sets_create(&r->ring, shape->camera.bits > 8 ? 2 : 1, &r->ring_sets, err);
    if (!code) {
        r->memory = hp_pages(bytes(shape), 1, err);
        code = r->memory ? HP_OK : HP_E_MEMORY;
    }
    hp_accumulator *base = &r->base;
    if (code)
        free_residual(&base);
    else
        lay_out(r);
    if (!code && kernels)
        begin_minima(r);
    *made = base;
    return code;
}

static const hp_sample_kernels *kernels_of(const hp_residual *r)
{
    return r->base.shape.camera.bits > 8 ? &r->base.kernels->bits16 : &r->base.kernels->bits8;
}

/* Offsets of one of the sets of a row, and where in the row from column x on it holds. */
static const void *set_of(const hp_residual *r, const hp_plane *plane, uint32_t y, uint32_t x, unsigned set,
                          ptrdiff_t offsets[HP_RING])
{
    const hp_ring_sets *sets = &r->ring_sets;
    unsigned row = y % r->ring.height;
    hp_ring_offsets(&r->ring, sets->phase[row][set], plane->stride, offsets);
    return (const char *)sets->mask[row][set] + x % r->ring.width * plane->sample_bytes;
}

/* e and q of `count` samples of row y from column x on: one or two sets at once, the others over them. */
static void ring_of_samples(const hp_residual *r, const hp_plane *plane, uint32_t y, uint32_t x, size_t count, void *e,
                            void *q)
{
    const hp_sample_kernels *kernels = kernels_of(r);
    const char *first = (const char *)hp_plane_row(plane, y) + x * plane->sample_bytes;
    unsigned sets = r->ring_sets.count[y % r->ring.height];
    ptrdiff_t a[HP_RING], b[HP_RING];
    set_of(r, plane, y, x, 0, a);
    if (sets == 1)
        kernels->ring(first, a, count, e, q);
    else
        kernels->ring_of_two(first, a, b, set_of(r, plane, y, x, 1, b), count, e, q);
    for (unsigned set = 2; set < sets; set++) {
        uint16_t some_e[HP_CHUNK], some_q[HP_CHUNK];
        const void *mask = set_of(r, plane, y, x, set, a);
        kernels->ring(first, a, count, some_e, some_q);
        kernels->pick(some_e, mask, count, e);
        kernels->pick(some_q, mask, count, q);
    }
}

/* |x - e| */
static void differences(const void *x, const void *e, size_t count, unsigned sample_bytes, uint16_t *out)
{
    const uint8_t *x8 = x, *e8 = e;
    const uint16_t *x16 = x, *e16 = e;
    if (sample_bytes == 1)
        for (size_t i = 0; i < count; i++)
            out[i] = (uint16_t)abs(x8[i] - e8[i]);
    else
        for (size_t i = 0; i < count; i++)
            out[i] = (uint16_t)abs(x16[i] - e16[i]);
}

/* Of one level, counted in turn: most differences are of a few levels, and one counter would wait for itself. */
typedef uint32_t counters[COUNTERS];

static void count_differences(const hp_residual *r, const hp_plane *plane, uint32_t y, counters *histogram)
{
    uint16_t e[HP_CHUNK], q[HP_CHUNK], d[HP_CHUNK];
    const char *row = hp_plane_row(plane, y);
    for (uint32_t x = 0; x < plane->width; x += HP_CHUNK) {
        size_t count = plane->width - x < HP_CHUNK ? plane->width - x : HP_CHUNK;
        ring_of_samples(r, plane, y, x, count, e, q);
        differences(row + x * plane->sample_bytes, e, count, plane->sample_bytes, d);
        for (size_t i = 0; i < count; i++)
            histogram[d[i]][i % COUNTERS]++;
    }
}

static uint64_t sum(const counters *of_level)
{
    uint64_t all = 0;
    for (size_t i = 0; i < COUNTERS; i++)
        all += (*of_level)[i];
    return all;
}

static uint32_t lower_median(const counters *histogram, uint32_t levels)
{
    uint64_t total = 0, seen = 0;
    for (uint32_t level = 0; level < levels; level++)
        total += sum(&histogram[level]);
    uint32_t median = 0;
    while (2 * (seen += sum(&histogram[median])) < total)
        median++;
    return median;
}

/* Constants of docs/method.md in DN of a photo: the least sigma, and the factor of its weights. */
typedef struct depth {
    double floor_dn, k;
} depth;

/*
 * They are given for 8 bits, and for the 12 bits of a sensor. How much of 16 bits a TIFF, PNG or FITS uses is not
 * known: there the noise counts as of 12 bits at most.
 */
static depth depth_of(const hp_photo_info *shape)
{
    int bits = (int)shape->camera.bits;
    bool eight = bits <= 8 || hp_photo_is_developed(shape);
    double scale = bits <= 8 ? 1 : ldexp(1, bits - (eight ? 8 : 12));
    if (!eight && shape->camera.source != HP_SOURCE_RAW && scale > 1)
        scale = 1;
    return (depth){(eight ? 1 : 2) * scale, (eight ? 16 : 128) * scale};
}

double hp_noise_floor(const hp_photo_info *shape)
{
    return depth_of(shape).floor_dn;
}

static float noise_of(const hp_residual *r, const hp_plane *plane)
{
    uint32_t levels = plane->sample_bytes == 1 ? 1u << 8 : 1u << 16;
    counters *histogram = calloc(levels, sizeof *histogram);
    double floor_dn = depth_of(&r->base.shape).floor_dn;
    uint32_t every = r->ring.height > 1 ? SIGMA_EVERY_MOSAIC : SIGMA_EVERY;
    if (!histogram)
        return 0;
    for (uint32_t y = SIGMA_FIRST; y < plane->height; y += every)
        count_differences(r, plane, y, histogram);
    float sigma = 1.4826f * (float)lower_median((const counters *)histogram, levels);
    free(histogram);
    return sigma > (float)floor_dn ? sigma : (float)floor_dn;
}

static int16_t weight(double value)
{
    double rounded = round(value);
    return (int16_t)(rounded < 1 ? 1 : rounded > MOST_WEIGHT ? MOST_WEIGHT : rounded);
}

static void measure(const hp_accumulator *accumulator, hp_shot *shot)
{
    const hp_residual *r = (const hp_residual *)accumulator;
    const hp_photo_info *info = &shot->photo->info;
    hp_plane_pad(&shot->plane, r->ring.step);
    shot->sigma = noise_of(r, &shot->plane);
    if (!(shot->sigma > 0)) {
        hp_fail(&shot->fault, HP_E_MEMORY, "no memory to measure its noise");
        return;
    }
    double k = depth_of(&r->base.shape).k;
    double gain = info->gain > 0 ? info->gain : 1, exposure_s = info->exposure_s > 0 ? info->exposure_s : 1.0 / 60;
    shot->wt = weight(k * gain * sqrt(60 * exposure_s) / (double)shot->sigma);
    shot->wg = weight(k * gain / (double)shot->sigma);
    hp_thumbnail_of(&shot->plane, r->base.kernels, &shot->thumbnail);
    hp_frame_kind frame = accumulator->compare_calibration ? HP_FRAME_LIGHT : hp_shot_frame(shot);
    if (frame != HP_FRAME_LIGHT)
        shot->thumbnail = frame == HP_FRAME_FLAT ? hp_thumbnail_of_flat : hp_thumbnail_of_dark;
}

/* The sums from pixel `first` on. */
static hp_sums sums_at(const hp_residual *r, size_t first)
{
    const hp_sums *s = &r->sums;
    size_t square = r->base.shape.camera.bits > 8 ? 8 : 4, sample = r->base.shape.camera.bits > 8 ? 2 : 1;
    return (hp_sums){
        .s1 = s->s1 + first,
        .st = s->st + first,
        .sg = s->sg + first,
        .s1h = s->s1h + first,
        .s2 = s->s2 + first,
        .sx = s->sx + first,
        .se = s->se + first,
        .sxx = (char *)s->sxx + first * square,
        .see = (char *)s->see + first * square,
        .sxe = (char *)s->sxe + first * square,
        .min = (char *)s->min + first * sample,
        .max = (char *)s->max + first * sample,
    };
}

/* The scratch of one chunk: medians and z of the photos added together. */
typedef struct scratch {
    uint16_t e[HP_TOGETHER][HP_CHUNK];
    uint16_t q[HP_CHUNK];
    int8_t z[HP_TOGETHER][HP_CHUNK];
} scratch;

/*
 * The ring of the next row meets one new row: it is asked for early. The CPU does not foresee it, for each photo's lies
 * elsewhere, and a chunk of it is soon at its end.
 */
static void ask_ahead(const hp_plane *plane, uint32_t y, uint32_t x, size_t count)
{
    if (plane->height - y < 2)
        return;
    const char *first = (const char *)hp_plane_row(plane, y + 1 + plane->pad) + (size_t)x * plane->sample_bytes;
    for (size_t i = 0; i < count * plane->sample_bytes; i += CACHE_LINE)
        __builtin_prefetch(first + i);
}

static hp_chunk prepare(const hp_residual *r, const hp_shot *shot, uint32_t y, uint32_t x, size_t count, unsigned slot,
                        scratch *s)
{
    const void *samples = (const char *)hp_plane_row(&shot->plane, y) + (size_t)x * shot->plane.sample_bytes;
    ring_of_samples(r, &shot->plane, y, x, count, s->e[slot], s->q);
    ask_ahead(&shot->plane, y, x, count);
    const hp_sample_kernels *kernels = kernels_of(r);
    if (hp_photo_is_developed(&r->base.shape))
        kernels->z_developed(samples, (ptrdiff_t)shot->plane.stride, s->e[slot], s->q, shot->sigma, count, s->z[slot]);
    else
        kernels->z(samples, s->e[slot], s->q, shot->sigma, count, s->z[slot]);
    return (hp_chunk){samples, s->e[slot], s->z[slot], shot->wt, shot->wg, hp_hash_is_odd(shot->hash)};
}

/* A chunk takes all photos of the round while its sums stay in the cache: read and written once from memory. */
static void add_chunk(const hp_residual *r, const hp_shot *const *shots, size_t photos, uint32_t y, uint32_t x,
                      size_t count)
{
    scratch s;
    hp_sums sums = sums_at(r, (size_t)y * r->base.shape.camera.width + x);
    for (size_t first = 0; first < photos; first += HP_TOGETHER) {
        unsigned together = photos - first < HP_TOGETHER ? (unsigned)(photos - first) : HP_TOGETHER;
        hp_chunk chunks[HP_TOGETHER];
        for (unsigned p = 0; p < together; p++)
            chunks[p] = prepare(r, shots[first + p], y, x, count, p, &s);
        kernels_of(r)->add(chunks, together, count, &sums);
    }
}

static void add_rows(hp_accumulator *accumulator, const hp_shot *const *shots, size_t count, uint32_t top,
                     uint32_t bottom)
{
    const hp_residual *r = (const hp_residual *)accumulator;
    uint32_t width = r->base.shape.camera.width;
    for (uint32_t y = top; y < bottom; y++)
        for (uint32_t x = 0; x < width; x += HP_CHUNK)
            add_chunk(r, shots, count, y, x, width - x < HP_CHUNK ? width - x : HP_CHUNK);
}

static void count(hp_accumulator *accumulator, const hp_shot *const *shots, size_t photos)
{
    hp_residual *r = (hp_residual *)accumulator;
    r->base.photos += photos;
    for (size_t i = 0; i < photos; i++) {
        r->photos_odd += hp_hash_is_odd(shots[i]->hash);
        r->sum_wt2 += (uint64_t)(shots[i]->wt * shots[i]->wt);
        r->most_wt = shots[i]->wt > r->most_wt ? shots[i]->wt : r->most_wt;
        r->most_wg = shots[i]->wg > r->most_wg ? shots[i]->wg : r->most_wg;
        r->sum_wg2 += (uint64_t)(shots[i]->wg * shots[i]->wg);
        for (unsigned site = 0; site < HP_CFA_SITES; site++)
            r->sum_black[site] += shots[i]->plane.black[site];
    }
}

static size_t arrays(hp_accumulator *accumulator, hp_array out[HP_ARRAYS_MOST])
{
    const hp_sums *s = &((const hp_residual *)accumulator)->sums;
    bool wide = accumulator->shape.camera.bits > 8;
    const hp_number word = HP_NUMBER_U32, square = wide ? HP_NUMBER_U64 : HP_NUMBER_U32,
                    sample = wide ? HP_NUMBER_U16 : HP_NUMBER_U8;
    const uint64_t white = wide ? UINT16_MAX : UINT8_MAX, z = HP_Z_LIMIT, weight = MOST_WEIGHT;
    const hp_array all[HP_ARRAYS_MOST] = {
        {"S1", "sum of z, sixteenths of a sigma", HP_NUMBER_I32, HP_JOIN_SUM, 1, z, s->s1},
        {"ST", "sum of wt z", HP_NUMBER_I32, HP_JOIN_SUM, 1, weight * z, s->st},
        {"SG", "sum of wg z", HP_NUMBER_I32, HP_JOIN_SUM, 1, weight * z, s->sg},
        {"S1H", "sum of z over photos of odd hash", HP_NUMBER_I32, HP_JOIN_SUM, 1, z, s->s1h},
        {"S2", "sum of z^2", word, HP_JOIN_SUM, 1, z * z, s->s2},
        {"SX", "sum of the samples x, DN", word, HP_JOIN_SUM, 1, white, s->sx},
        {"SE", "sum of the ring medians e, DN", word, HP_JOIN_SUM, 1, white, s->se},
        {"SXX", "sum of x^2, DN^2", square, HP_JOIN_SUM, 1, white * white, s->sxx},
        {"SEE", "sum of e^2, DN^2", square, HP_JOIN_SUM, 1, white * white, s->see},
        {"SXE", "sum of x e, DN^2", square, HP_JOIN_SUM, 1, white * white, s->sxe},
        {"MIN", "least x, DN", sample, HP_JOIN_MIN, 1, white, s->min},
        {"MAX", "largest x, DN", sample, HP_JOIN_MAX, 1, white, s->max},
    };
    memcpy(out, all, sizeof all);
    return HP_ARRAYS_MOST;
}

static void count_record(hp_residual *r, const hp_record *record)
{
    r->base.photos++;
    r->photos_odd += hp_hash_is_odd(record->hash);
    r->sum_wt2 += (uint64_t)(record->wt * record->wt);
    r->sum_wg2 += (uint64_t)(record->wg * record->wg);
    r->most_wt = record->wt > r->most_wt ? record->wt : r->most_wt;
    r->most_wg = record->wg > r->most_wg ? record->wg : r->most_wg;
    for (unsigned site = 0; site < HP_CFA_SITES; site++)
        r->sum_black[site] += record->black[site];
}

static void recount(hp_accumulator *accumulator, const hp_album *album)
{
    hp_residual *r = (hp_residual *)accumulator;
    r->base.photos = r->photos_odd = r->sum_wt2 = r->sum_wg2 = 0;
    r->most_wt = r->most_wg = 0;
    memset(r->sum_black, 0, sizeof r->sum_black);
    for (size_t i = 0; i < album->count; i++)
        if (album->items[i].verdict == HP_PHOTO_TAKEN)
            count_record(r, &album->items[i]);
}

static void clear(hp_accumulator *accumulator)
{
    hp_residual *r = (hp_residual *)accumulator;
    const hp_album none = {0};
    memset(r->memory, 0, bytes(&accumulator->shape));
    begin_minima(r);
    recount(accumulator, &none);
}

const hp_accumulator_kind hp_residual_kind = {
    "residual", HP_VIEW_PLANE, MOST_PHOTOS, bytes,   pad,   start,         measure,
    add_rows,   count,         arrays,      recount, clear, free_residual,
};
