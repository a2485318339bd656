#include "defects.h"

#include "random.h"

#include <stdlib.h>
#include <string.h>

enum { APART = 24, EDGE = 12, TRIES = 20000 };

static const char *const CLASS_NAMES[] = {"hot-offset", "hot-dark", "stuck", "dead", "weak"};
static const char *const KIND_NAMES[] = {"hot", "hot", "stuck", "dead", "weak"};
enum { CLASSES = sizeof CLASS_NAMES / sizeof CLASS_NAMES[0] };

/* What each sensor has --defects-per-class of (docs/method.md, the sensor model). */
static const struct {
    cs_defect_class class;
    double strength;
} STRENGTHS[] = {
    {CS_HOT_OFFSET, 4},   {CS_HOT_OFFSET, 8},   {CS_HOT_OFFSET, 16},  {CS_HOT_OFFSET, 32},   {CS_HOT_OFFSET, 64},
    {CS_HOT_OFFSET, 128}, {CS_HOT_OFFSET, 256}, {CS_HOT_OFFSET, 512}, {CS_HOT_OFFSET, 1024}, {CS_HOT_DARK, 300},
    {CS_HOT_DARK, 1000},  {CS_HOT_DARK, 3000},  {CS_HOT_DARK, 10000}, {CS_HOT_DARK, 30000},  {CS_HOT_DARK, 100000},
    {CS_STUCK, 4095},     {CS_STUCK, 2000},     {CS_STUCK, 400},      {CS_DEAD, 0},          {CS_WEAK, 0.3},
    {CS_WEAK, 0.5},       {CS_WEAK, 0.7},       {CS_WEAK, 0.8},       {CS_WEAK, 0.9},
};
enum { STRENGTH_COUNT = sizeof STRENGTHS / sizeof STRENGTHS[0] };

const char *cs_defect_class_name(cs_defect_class class)
{
    return CLASS_NAMES[class];
}

const char *cs_defect_kind_name(cs_defect_class class)
{
    return KIND_NAMES[class];
}

int cs_defect_class_find(const char *name, cs_defect_class *class)
{
    for (int i = 0; i < CLASSES; i++)
        if (strcmp(name, CLASS_NAMES[i]) == 0) {
            *class = (cs_defect_class)i;
            return 0;
        }
    return -1;
}

/* Of what columns, rows, pairs and clusters take in turn. */
static const struct {
    cs_defect_class class;
    double strength;
} LINE_STRENGTHS[] = {{CS_HOT_OFFSET, 16},  {CS_WEAK, 0.5}, {CS_HOT_OFFSET, 64}, {CS_STUCK, 2000},
                      {CS_HOT_OFFSET, 256}, {CS_DEAD, 0},   {CS_WEAK, 0.8},      {CS_HOT_OFFSET, 8}},
  GROUP_STRENGTHS[] = {{CS_HOT_OFFSET, 64}, {CS_DEAD, 0}, {CS_HOT_OFFSET, 256}, {CS_STUCK, 4095}, {CS_WEAK, 0.5}};
enum {
    LINE_STRENGTH_COUNT = sizeof LINE_STRENGTHS / sizeof LINE_STRENGTHS[0],
    GROUP_STRENGTH_COUNT = sizeof GROUP_STRENGTHS / sizeof GROUP_STRENGTHS[0],
};

static int are_near(int a, int a_length, int b, int b_length)
{
    return a < b + b_length - 1 + APART && b < a + a_length - 1 + APART;
}

/* Columns and rows cross each other, and nothing else comes near them. */
static int is_free(const cs_defect_list *list, const cs_defect *new)
{
    for (int i = 0; i < list->count; i++) {
        const cs_defect *old = &list->item[i];
        int crosses = (old->width > APART && new->height > APART) || (old->height > APART && new->width > APART);
        if (!crosses && are_near(old->x, old->width, new->x, new->width) &&
            are_near(old->y, old->height, new->y, new->height))
            return 0;
    }
    return 1;
}

static void draw_place(const cs_placement *placement, cs_random *random, int *x, int *y)
{
    int margin = placement->may_touch_edge ? 0 : APART;
    *x = margin + cs_random_below(random, placement->width - 2 * margin);
    *y = margin + cs_random_below(random, placement->height - 2 * margin);
    int side = placement->may_touch_edge ? cs_random_below(random, 8) : 8;
    int depth = cs_random_below(random, EDGE);
    if (side < 2)
        *x = side == 0 ? depth : placement->width - 1 - depth;
    else if (side < 4)
        *y = side == 2 ? depth : placement->height - 1 - depth;
}

static int smaller(int a, int b)
{
    return a < b ? a : b;
}

static int place_one(const cs_placement *placement, cs_random *random, cs_defect *defect, cs_defect_list *list,
                     cs_error *err)
{
    int tries = 0;
    do {
        if (tries++ == TRIES)
            return cs_fail(err, "%d defects do not fit on %dx%d pixels, %d px apart", list->count + 1, placement->width,
                           placement->height, (int)APART);
        draw_place(placement, random, &defect->x, &defect->y);
        defect->x = smaller(defect->x, placement->width - defect->width);
        defect->y = smaller(defect->y, placement->height - defect->height);
    } while (!is_free(list, defect));
    list->item[list->count++] = *defect;
    return 0;
}

/* Where a line of this frame side begins and how long it is: all of it, or a part that may end at the frame's edge. */
static void draw_extent(cs_random *random, int is_whole, int side, int *from, int *length)
{
    int first = cs_random_below(random, side * 3 / 4), share = cs_random_below(random, 3);
    *from = is_whole ? 0 : first;
    *length = is_whole ? side : share == 0 ? side - first : side / 8 + share * side / 16;
}

static int place_line(const cs_placement *placement, cs_random *random, int number, int is_row, cs_defect_list *list,
                      cs_error *err)
{
    cs_defect defect = {.class = LINE_STRENGTHS[number % LINE_STRENGTH_COUNT].class,
                        .strength = LINE_STRENGTHS[number % LINE_STRENGTH_COUNT].strength,
                        .width = 1,
                        .height = 1};
    int tries = 0, is_whole = number % 2 == 0;
    do {
        if (tries++ == TRIES)
            return cs_fail(err, "%d bad columns or rows do not fit on %dx%d pixels", number + 1, placement->width,
                           placement->height);
        draw_place(placement, random, &defect.x, &defect.y);
        if (is_row)
            draw_extent(random, is_whole, placement->width, &defect.x, &defect.width);
        else
            draw_extent(random, is_whole, placement->height, &defect.y, &defect.height);
    } while (!is_free(list, &defect));
    list->item[list->count++] = defect;
    return 0;
}

/* Lines first: they need the most room. */
static int place_structures(const cs_placement *placement, cs_defect_list *list, cs_error *err)
{
    cs_random random = cs_random_start(placement->seed, 1, CS_FOR_DEFECTS);
    for (int i = 0; i < placement->columns + placement->rows; i++) {
        int is_row = i >= placement->columns;
        if (place_line(placement, &random, is_row ? i - placement->columns : i, is_row, list, err))
            return -1;
    }
    for (int i = 0; i < placement->pairs + placement->clusters; i++) {
        int is_pair = i < placement->pairs, is_upright = i / GROUP_STRENGTH_COUNT % 2;
        cs_defect defect = {.class = GROUP_STRENGTHS[i % GROUP_STRENGTH_COUNT].class,
                            .strength = GROUP_STRENGTHS[i % GROUP_STRENGTH_COUNT].strength,
                            .width = is_pair && is_upright ? 1 : 2,
                            .height = is_pair && !is_upright ? 1 : 2};
        if (place_one(placement, &random, &defect, list, err))
            return -1;
    }
    return 0;
}

static void draw_dates(const cs_placement *placement, cs_random *random, cs_defect *defect)
{
    double begins = cs_random_unit(random), ends = cs_random_unit(random);
    double begin = cs_random_unit(random), end = cs_random_unit(random);
    double first = (double)placement->first_s, length = (double)(placement->last_s - placement->first_s);
    if (!placement->has_onsets)
        return;
    defect->has_since = begins < 0.6;
    defect->since_s = (int64_t)(first + begin * length);
    double from = defect->has_since ? begin : 0.0;
    defect->has_until = ends < 0.1;
    defect->until_s = (int64_t)(first + (from + (1.0 - from) * end) * length) + 1;
}

int cs_defects_place(const cs_placement *placement, cs_defect_list *list, cs_error *err)
{
    *list = (cs_defect_list){0};
    int total = placement->per_class * STRENGTH_COUNT + placement->columns + placement->rows + placement->pairs +
                placement->clusters;
    if (total == 0)
        return 0;
    if (!placement->may_touch_edge && (placement->width <= 2 * APART || placement->height <= 2 * APART))
        return cs_fail(err, "%dx%d pixels leave no place %d px from the border for defects", placement->width,
                       placement->height, (int)APART);
    list->item = calloc((size_t)total, sizeof *list->item);
    if (!list->item)
        return cs_fail(err, "no memory for %d defects", total);
    if (place_structures(placement, list, err))
        return -1;
    cs_random random = cs_random_start(placement->seed, 0, CS_FOR_DEFECTS);
    cs_random dates = cs_random_start(placement->seed, 0, CS_FOR_ONSETS);
    for (int i = 0; i < placement->per_class * STRENGTH_COUNT; i++) {
        cs_defect defect = {.class = STRENGTHS[i % STRENGTH_COUNT].class,
                            .strength = STRENGTHS[i % STRENGTH_COUNT].strength,
                            .width = 1,
                            .height = 1};
        draw_dates(placement, &dates, &defect);
        if (place_one(placement, &random, &defect, list, err))
            return -1;
    }
    cs_defects_sort(list);
    return 0;
}

static int compare_places(const void *left, const void *right)
{
    const cs_defect *a = left, *b = right;
    return a->y != b->y ? (a->y > b->y) - (a->y < b->y) : (a->x > b->x) - (a->x < b->x);
}

void cs_defects_sort(cs_defect_list *list)
{
    if (list->count)
        qsort(list->item, (size_t)list->count, sizeof *list->item, compare_places);
}

void cs_defects_free(cs_defect_list *list)
{
    free(list->item);
    *list = (cs_defect_list){0};
}
