#include "detect/bodies.h"

#include "base/memory.h"
#include "defects/list.h"
#include "detect/sights.h"

#include <math.h>
#include <stdlib.h>

enum {
    PLACES_MOST = 64, /* more tell nothing more */
    LEAST_PLACES = 2, /* of each body */
    LEAST_PHOTOS = 3, /* of each body */
    STEPS_MOST = 30,  /* until no photo changes sides */
};

#define UNSTEADY_LEAST 0.8 /* share of certain pixels that come and go from which on the photos are looked at */
#define SIGMAS_MOST 4.0f   /* that one place counts in one photo */
#define SHOWS 1.0f         /* that a place counts more than its opposite, to begin with */
#define ABSENT 0.25        /* of its strength in the one body's photos, that a pixel has at most in the other's */
#define PLAIN 3.0          /* deviations between the two */
#define OWN_LEAST 0.6      /* share of all places that are of one of the two bodies */
#define SHOWS_MUCH 0.5     /* of what a body's pixels show on average: a photo that tells something */
#define BOTH 0.5           /* of the one, that a photo shows of the other, if it is of neither */
#define BOTH_MOST 0.1      /* share of photos that may */

/* Bad pixels by photos, in deviations of the noise, with their sign: a bad one is above 0 where it shows. */
typedef struct table {
    const float *strengths; /* of place i in photo p: [i * photos + p] */
    size_t places, photos;
    bool *second;  /* photos of the second body */
    double *means; /* of place i in the photos of the first body: [2 i], of the second [2 i + 1] */
    int *bodies;   /* that a place belongs to: 0, 1; -1: neither or both */
    size_t counts[2];
} table;

/* ---- two bodies ---- */

/* The place that least shows together with place i. */
static size_t opposite_of(const table *t, size_t i)
{
    double least = INFINITY;
    size_t opposite = i;
    for (size_t k = 0; k < t->places; k++) {
        const float *a = t->strengths + i * t->photos, *b = t->strengths + k * t->photos;
        double sum_a = 0, sum_b = 0, sum_ab = 0;
        for (size_t p = 0; p < t->photos; p++) {
            sum_a += (double)a[p];
            sum_b += (double)b[p];
            sum_ab += (double)(a[p] * b[p]);
        }
        double covariance = sum_ab - sum_a * sum_b / (double)t->photos;
        if (covariance < least) {
            least = covariance;
            opposite = k;
        }
    }
    return opposite;
}

static void count_photos(table *t)
{
    t->counts[0] = t->counts[1] = 0;
    for (size_t p = 0; p < t->photos; p++)
        t->counts[t->second[p]]++;
}

/* Which places are of one body alone, as the photos are divided now. */
static void assign_places(table *t)
{
    double deviation = sqrt(1.0 / (double)t->counts[0] + 1.0 / (double)t->counts[1]);
    for (size_t i = 0; i < t->places; i++) {
        double *means = t->means + 2 * i;
        means[0] = means[1] = 0;
        for (size_t p = 0; p < t->photos; p++)
            means[t->second[p]] += (double)t->strengths[i * t->photos + p] / (double)t->counts[t->second[p]];
        int own = means[1] > means[0];
        double absent = ABSENT * means[own] + 1 / sqrt((double)t->counts[!own]);
        bool plain = means[own] - means[!own] > PLAIN * deviation;
        t->bodies[i] = plain && means[!own] < absent ? own : -1;
    }
}

static size_t places_of(const table *t, int body)
{
    size_t count = 0;
    for (size_t i = 0; i < t->places; i++)
        count += t->bodies[i] == body;
    return count;
}

/* How far a photo shows the places of a body, 1 where it does as that body's photos on average. */
static double share_of(const table *t, int body, size_t photo)
{
    double sum = 0, all = 0;
    for (size_t i = 0; i < t->places; i++) {
        if (t->bodies[i] != body)
            continue;
        sum += (double)t->strengths[i * t->photos + photo];
        all += t->means[2 * i + (size_t)body];
    }
    return all > 0 ? sum / all : 0;
}

/* Above 0: a photo of the first body. Each body counts the same, however many of its pixels are known. */
static double vote_of(const table *t, size_t photo)
{
    return share_of(t, 0, photo) - share_of(t, 1, photo);
}

static bool is_divided(const table *t)
{
    return t->counts[0] >= LEAST_PHOTOS && t->counts[1] >= LEAST_PHOTOS && places_of(t, 0) >= LEAST_PLACES &&
           places_of(t, 1) >= LEAST_PLACES;
}

/* Photos that show much show it of one body. */
static bool photos_agree(const table *t)
{
    size_t clear[2] = {0}, both = 0;
    for (size_t p = 0; p < t->photos; p++) {
        double one = share_of(t, 0, p), other = share_of(t, 1, p), most = fmax(one, other);
        if (most < SHOWS_MUCH)
            continue;
        both += fmin(one, other) > BOTH * most;
        clear[other > one]++;
    }
    return clear[0] >= LEAST_PHOTOS && clear[1] >= LEAST_PHOTOS &&
           (double)both <= BOTH_MOST * (double)(clear[0] + clear[1]);
}

static bool divide_again(table *t)
{
    bool changed = false;
    for (size_t p = 0; p < t->photos; p++) {
        bool second = vote_of(t, p) < 0;
        changed |= second != t->second[p];
        t->second[p] = second;
    }
    return changed;
}

/*
 * Photos and pixels by turns. Pixels of one sensor may all be hidden in some photos (a dark current in short
 * exposures), but none shows in those photos alone that hide the others: so both bodies must have pixels of their own,
 * most pixels must be of one of the two, and hardly any photo may show both.
 */
static bool tell_apart_from(table *t, size_t one, size_t other)
{
    bool changed = true;
    for (size_t p = 0; p < t->photos; p++)
        t->second[p] = t->strengths[one * t->photos + p] - t->strengths[other * t->photos + p] < SHOWS;
    for (int step = 0; changed && step < STEPS_MOST; step++) {
        count_photos(t);
        if (t->counts[0] == 0 || t->counts[1] == 0)
            return false;
        assign_places(t);
        if (!is_divided(t))
            return false;
        changed = divide_again(t);
    }
    size_t own = places_of(t, 0) + places_of(t, 1);
    return (double)own >= OWN_LEAST * (double)t->places && photos_agree(t);
}

/* Where there are more than two bodies the first is one of them, and the second all others. */
static bool tell_apart(table *t)
{
    bool done = false;
    for (size_t i = 0; i < t->places && !done; i++)
        done = tell_apart_from(t, i, opposite_of(t, i));
    return done;
}

/* ---- the photos ---- */

static float strength_of(const hp_sight *s, double sign)
{
    if (!(s->range > 0) || !(s->noise > 0))
        return 0;
    float sigmas = (sign < 0 ? -s->residual : s->residual) / s->noise;
    return sigmas > SIGMAS_MOST ? SIGMAS_MOST : sigmas < -SIGMAS_MOST ? -SIGMAS_MOST : sigmas;
}

/* A photo that was not looked at is the same as one that was, or damaged. */
static void mark_twins(const hp_photo *photos, size_t count, const bool *seen, unsigned *others, size_t *found)
{
    for (size_t i = 0; i < count; i++)
        for (size_t k = 0; k < count && !seen[i] && !others[i]; k++)
            if (others[k] && seen[k] && photos[k].file_size == photos[i].file_size &&
                photos[k].info.taken_s == photos[i].info.taken_s) {
                others[i] = 1;
                ++*found;
            }
}

static int divide(const hp_list *places, const hp_sights *sights, const hp_dated *dated, const hp_photo *photos,
                  size_t count, unsigned *others, size_t *found, hp_error *err)
{
    table t = {.places = places->defect_count, .photos = dated->count};
    float *strengths = hp_calloc(t.places * t.photos, sizeof *strengths, err);
    bool *seen = hp_calloc(count, sizeof *seen, err);
    t.strengths = strengths;
    t.second = hp_calloc(t.photos, sizeof *t.second, err);
    t.means = hp_calloc(2 * t.places, sizeof *t.means, err);
    t.bodies = hp_calloc(t.places, sizeof *t.bodies, err);
    int code = strengths && seen && t.second && t.means && t.bodies ? HP_OK : HP_E_MEMORY;
    for (size_t i = 0; !code && i < t.places * t.photos; i++)
        strengths[i] = strength_of(&sights->items[i], places->defects[i / t.photos].mean);
    if (!code && tell_apart(&t)) {
        count_photos(&t);
        bool smaller = t.counts[1] <= t.counts[0];
        for (size_t p = 0; p < t.photos; p++) {
            size_t at = (size_t)(dated->photos[p] - photos);
            seen[at] = true;
            others[at] = t.second[p] == smaller;
            *found += others[at];
        }
        mark_twins(photos, count, seen, others, found);
    }
    free(strengths);
    free(seen);
    free(t.second);
    free(t.means);
    free(t.bodies);
    return code;
}

/* ---- the places ---- */

static int compare_scores(const void *a, const void *b)
{
    const hp_defect *one = *(const hp_defect *const *)a, *two = *(const hp_defect *const *)b;
    if (one->score != two->score)
        return one->score < two->score ? 1 : -1;
    return (one > two) - (one < two);
}

static bool is_certain_pixel(const hp_defect *d)
{
    return d->grade == HP_CERTAIN && (d->shape == HP_SHAPE_PIXEL || d->shape == HP_SHAPE_CLUSTER);
}

/* Spread over the strong and the faint: those of a body with few photos are among the faint. */
static int choose_places(const hp_list *list, hp_list_maker *places, hp_error *err)
{
    size_t certain = 0;
    const hp_defect **order = hp_calloc(list->defect_count, sizeof *order, err);
    int code = order ? HP_OK : HP_E_MEMORY;
    for (size_t i = 0; !code && i < list->defect_count; i++)
        if (is_certain_pixel(&list->defects[i]))
            order[certain++] = &list->defects[i];
    if (certain)
        qsort(order, certain, sizeof *order, compare_scores);
    size_t count = certain < PLACES_MOST ? certain : PLACES_MOST;
    for (size_t i = 0; !code && i < count; i++)
        code = hp_list_add(places, order[i * certain / count], err);
    free(order);
    return code;
}

static int look(hp_run *run, const hp_photo *photos, size_t count, const hp_list *places, unsigned *others,
                size_t *found, hp_error *err)
{
    hp_dated dated = {.photos = hp_calloc(count, sizeof(const hp_photo *), err), .count = count};
    hp_sights sights = {0};
    int code = dated.photos ? HP_OK : HP_E_MEMORY;
    for (size_t i = 0; !code && i < count; i++)
        dated.photos[i] = &photos[i];
    if (!code)
        code = hp_sights_take(run, &dated, places, &sights, err);
    if (!code && dated.count > 0)
        code = divide(places, &sights, &dated, photos, count, others, found, err);
    hp_sights_free(&sights);
    hp_dated_free(&dated);
    return code;
}

int hp_bodies_find(hp_run *run, const hp_photo *photos, size_t count, const hp_list *list, unsigned *others,
                   size_t *found, hp_error *err)
{
    *found = 0;
    for (size_t i = 0; i < count; i++)
        others[i] = 0;
    if (list->camera.serial[0] || count < 2 * LEAST_PHOTOS || list->checks.unsteady_share < UNSTEADY_LEAST)
        return HP_OK;
    hp_list_maker places = {.list = {.camera = list->camera}};
    int code = choose_places(list, &places, err);
    if (!code && places.list.defect_count >= 2 * LEAST_PLACES)
        code = look(run, photos, count, &places.list, others, found, err);
    hp_list_clear(&places.list);
    return code;
}
