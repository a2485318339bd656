#include "detect/turned.h"

#include "base/error.h"
#include "base/memory.h"
#include "base/text.h"
#include "defects/list.h"
#include "detect/sights.h"
#include "detect/turn.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum {
    NEAR = 2, /* px: a place this near is the same */
    LEAST_PAIRS = 2,
    MOST_PAIRS = 32, /* more tell nothing more */
};

#define SIGMAS_MOST 4.0f /* that one place counts in one photo */
#define DECIDES 2.0      /* deviations of the sum over all pairs: less, and a photo stays */
#define SUSPICIOUS 5.0   /* standard deviations (hp_checks) from which on the photos are looked at */

static bool is_pixel(const hp_defect *d)
{
    return d->shape == HP_SHAPE_PIXEL || d->shape == HP_SHAPE_CLUSTER;
}

/* The defect of the list that is of this sign at a place, or NULL. */
static const hp_defect *defect_at(const hp_list *list, uint32_t x, uint32_t y, double sign)
{
    uint32_t top = y > NEAR ? y - NEAR : 0, left = x > NEAR ? x - NEAR : 0;
    for (size_t i = hp_list_find(list, 0, top); i < list->defect_count && list->defects[i].y <= y + NEAR; i++) {
        const hp_defect *d = &list->defects[i];
        if (d->x >= left && d->x <= x + NEAR && is_pixel(d) && d->mean * sign > 0)
            return d;
    }
    return NULL;
}

/* A defect, and what would stand where it comes to lie. */
typedef struct pair {
    const hp_defect *one;
    hp_defect other;
} pair;

static int compare_scores(const void *a, const void *b)
{
    const hp_defect *one = *(const hp_defect *const *)a, *two = *(const hp_defect *const *)b;
    if (one->score != two->score)
        return one->score < two->score ? 1 : -1;
    return (one > two) - (one < two);
}

static bool is_other_of(const pair *pairs, size_t count, const hp_defect *d)
{
    for (size_t i = 0; i < count; i++)
        if (labs((long)pairs[i].other.x - (long)d->x) <= NEAR && labs((long)pairs[i].other.y - (long)d->y) <= NEAR)
            return true;
    return false;
}

/* The strongest certain ones, with their other places; *pairs is the caller's. */
static int make_pairs(const hp_list *list, const hp_turn *t, pair **pairs, size_t *count, hp_error *err)
{
    size_t certain = 0;
    *count = 0;
    *pairs = hp_calloc(MOST_PAIRS, sizeof **pairs, err);
    const hp_defect **order = hp_calloc(list->defect_count, sizeof *order, err);
    int code = *pairs && order ? HP_OK : HP_E_MEMORY;
    for (size_t i = 0; !code && i < list->defect_count; i++)
        if (is_pixel(&list->defects[i]) && list->defects[i].grade == HP_CERTAIN)
            order[certain++] = &list->defects[i];
    if (certain)
        qsort(order, certain, sizeof *order, compare_scores);
    for (size_t i = 0; !code && i < certain && *count < MOST_PAIRS; i++) {
        hp_defect other = hp_defect_point(0, 0);
        hp_turn_place(t, order[i]->x, order[i]->y, &other.x, &other.y);
        other.box.x = other.x;
        other.box.y = other.y;
        bool same = other.x == order[i]->x && other.y == order[i]->y; /* in the very middle */
        if (!same && !is_other_of(*pairs, *count, order[i]))
            (*pairs)[(*count)++] = (pair){order[i], other};
    }
    free(order);
    return code;
}

/* ---- what the photos say ---- */

typedef struct vote {
    const hp_sights *sights; /* of pair i at 2 i and 2 i + 1 */
    const pair *pairs;
    size_t pair_count, photos;
} vote;

static float strength(const vote *v, size_t place, size_t photo, double sign)
{
    const hp_sight *s = &v->sights->items[place * v->photos + photo];
    if (!(s->range > 0) || !(s->noise > 0))
        return 0;
    float sigmas = (sign < 0 ? -s->residual : s->residual) / s->noise;
    return sigmas > SIGMAS_MOST ? SIGMAS_MOST : sigmas < -SIGMAS_MOST ? -SIGMAS_MOST : sigmas;
}

/* By how much the one place of a pair is worse than the other, in a photo. */
static float difference(const vote *v, size_t i, size_t photo)
{
    double sign = v->pairs[i].one->mean;
    return strength(v, 2 * i, photo, sign) - strength(v, 2 * i + 1, photo, sign);
}

/* Which place of a pair is the true one is not known: all are put as the first one is. */
static double orientation(const vote *v, size_t i)
{
    double sum = 0;
    for (size_t p = 0; p < v->photos; p++)
        sum += (double)(difference(v, 0, p) * difference(v, i, p));
    return sum < 0 ? -1 : 1;
}

/* votes: room for one a photo. Photos of the smaller side, and plainly so, are turned. */
static void count_votes(const vote *v, const hp_photo *const *seen, const hp_photo *photos, double *votes,
                        unsigned degrees, unsigned *turned, size_t *found)
{
    size_t for_one = 0;
    double least = DECIDES * sqrt(2 * (double)v->pair_count);
    for (size_t p = 0; p < v->photos; p++)
        votes[p] = 0;
    for (size_t i = 0; i < v->pair_count; i++) {
        double side = orientation(v, i);
        for (size_t p = 0; p < v->photos; p++)
            votes[p] += side * (double)difference(v, i, p);
    }
    for (size_t p = 0; p < v->photos; p++)
        for_one += votes[p] > 0;
    double majority = 2 * for_one >= v->photos ? 1 : -1;
    for (size_t p = 0; p < v->photos; p++) {
        unsigned *own = &turned[seen[p] - photos];
        if (votes[p] * majority > -least || *own)
            continue;
        *own = majority > 0 ? degrees : 360 - degrees; /* seen from where most have it */
        ++*found;
    }
}

static int look(hp_run *run, const hp_photo *photos, size_t count, const hp_list *list, const pair *pairs,
                size_t pair_count, unsigned degrees, unsigned *turned, size_t *found, hp_error *err)
{
    hp_dated dated = {.photos = hp_calloc(count, sizeof(const hp_photo *), err), .count = count};
    hp_sights sights = {0};
    hp_list_maker places = {.list = {.camera = list->camera}};
    double *votes = hp_calloc(count, sizeof *votes, err);
    int code = dated.photos && votes ? HP_OK : HP_E_MEMORY;
    for (size_t i = 0; !code && i < count; i++)
        dated.photos[i] = &photos[i];
    for (size_t i = 0; !code && i < pair_count; i++) {
        code = hp_list_add(&places, pairs[i].one, err);
        if (!code)
            code = hp_list_add(&places, &pairs[i].other, err);
    }
    if (!code)
        code = hp_sights_take(run, &dated, &places.list, &sights, err);
    if (!code && dated.count > 0) {
        const vote v = {&sights, pairs, pair_count, dated.count};
        count_votes(&v, dated.photos, photos, votes, degrees, turned, found);
    }
    hp_sights_free(&sights);
    hp_dated_free(&dated);
    hp_list_clear(&places.list);
    free(votes);
    return code;
}

int hp_turned_find(hp_run *run, const hp_photo *photos, size_t count, const hp_list *list, unsigned *turned,
                   size_t *found, hp_error *err)
{
    const unsigned degrees[] = {180, 90, 270};
    size_t turns = list->camera.width == list->camera.height ? 3 : 1;
    int code = HP_OK;
    *found = 0;
    for (size_t i = 0; i < count; i++)
        turned[i] = 0;
    for (size_t i = 0; !code && i < turns; i++) {
        const hp_turn t = {degrees[i], list->camera.width, list->camera.height};
        pair *pairs;
        size_t pair_count;
        if (list->checks.turned_sigmas < SUSPICIOUS)
            break;
        code = make_pairs(list, &t, &pairs, &pair_count, err);
        if (!code && pair_count >= LEAST_PAIRS)
            code = look(run, photos, count, list, pairs, pair_count, degrees[i], turned, found, err);
        free(pairs);
    }
    return code;
}

/* ---- upright photos, which are a group of their own ---- */

static size_t shared_when(const hp_list *list, const hp_list *upright, unsigned degrees)
{
    const hp_turn t = {degrees, list->camera.width, list->camera.height};
    size_t shared = 0;
    for (size_t i = 0; i < list->defect_count; i++) {
        uint32_t x, y;
        hp_turn_place(&t, list->defects[i].x, list->defects[i].y, &x, &y);
        shared += is_pixel(&list->defects[i]) && defect_at(upright, x, y, list->defects[i].mean) != NULL;
    }
    return shared;
}

static bool same_body(const hp_camera *a, const hp_camera *b)
{
    return a->model[0] && a->source == b->source && a->width == b->height && a->height == b->width &&
           a->width != a->height && strcmp(a->make, b->make) == 0 && strcmp(a->model, b->model) == 0 &&
           strcmp(a->serial, b->serial) == 0;
}

int hp_turned_tell(hp_result *result, hp_error *err)
{
    int code = HP_OK;
    for (size_t i = 0; !code && i < result->list_count; i++)
        for (size_t k = 0; !code && k < result->list_count; k++) {
            const hp_list *list = &result->lists[i];
            hp_list *upright = &result->lists[k];
            if (!same_body(&list->camera, &upright->camera) || list->photos_used < upright->photos_used ||
                (list->photos_used == upright->photos_used && i > k))
                continue;
            size_t one = shared_when(list, upright, 90), other = shared_when(list, upright, 270);
            size_t shared = one > other ? one : other;
            if (shared < LEAST_PAIRS || 3 * shared < upright->defect_count)
                continue;
            hp_strings warnings = {upright->warnings, upright->warning_count, upright->warning_count};
            code = hp_strings_addf(&warnings, err,
                                   "a program turned these photos: %zu of their bad pixels are those of the photos of "
                                   "%u x %u px, turned by %u degrees",
                                   shared, list->camera.width, list->camera.height, one > other ? 90 : 270);
            upright->warnings = warnings.items;
            upright->warning_count = warnings.count;
        }
    return code;
}
