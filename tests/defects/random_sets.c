/* Lists united, intersected and subtracted, against the same done with a map of the frame. Prints TAP. */
#include "defects/list.h"
#include "mutate.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { NUMBER = 3000, WIDTH = 12, HEIGHT = 9, DEFECTS = 40 };

typedef struct map {
    bool bad[HEIGHT][WIDTH];
} map;

static hp_result random_result(uint64_t *state, hp_list *list, bool areas)
{
    *list = (hp_list){.camera = {.width = WIDTH, .height = HEIGHT, .source = HP_SOURCE_RAW}};
    list->defects = calloc(DEFECTS, sizeof *list->defects);
    if (!list->defects)
        abort();
    list->defect_count = random_below(state, DEFECTS + 1);
    for (size_t i = 0; i < list->defect_count; i++) {
        uint32_t x = (uint32_t)random_below(state, WIDTH), y = (uint32_t)random_below(state, HEIGHT);
        hp_box box = {x, y, 1, 1};
        if (areas && random_below(state, 8) == 0) {
            box.width += (uint32_t)random_below(state, WIDTH - x);
            box.height += (uint32_t)random_below(state, HEIGHT - y);
        }
        list->defects[i] = hp_defect_area(box);
    }
    hp_list_tidy(list);
    return (hp_result){.lists = list, .list_count = 1};
}

static map draw(const hp_list *list)
{
    map m = {0};
    for (size_t i = 0; i < list->defect_count; i++) {
        const hp_box *box = &list->defects[i].box;
        for (uint32_t y = box->y; y < box->y + box->height; y++)
            for (uint32_t x = box->x; x < box->x + box->width; x++)
                m.bad[y][x] = true;
    }
    return m;
}

static bool expected(hp_list_operation operation, bool own, bool other)
{
    return operation == HP_LIST_UNION ? own || other : own && (other == (operation == HP_LIST_INTERSECT));
}

static bool in_order(const hp_list *list)
{
    for (size_t i = 1; i < list->defect_count; i++) {
        const hp_defect *a = &list->defects[i - 1], *b = &list->defects[i];
        if (a->y > b->y || (a->y == b->y && a->x > b->x))
            return false;
    }
    return true;
}

static bool try_one(uint64_t *state, hp_list_operation operation, bool areas)
{
    hp_list lists[2];
    hp_result own = random_result(state, &lists[0], areas), other = random_result(state, &lists[1], areas);
    const map before = draw(&lists[0]), its = draw(&lists[1]);
    hp_error err = {0};
    bool good = hp_list_combine(&own, &other, operation, &err) == HP_OK && in_order(&lists[0]);
    const map after = draw(&lists[0]);
    for (int y = 0; y < HEIGHT && good; y++)
        for (int x = 0; x < WIDTH && good; x++)
            good = after.bad[y][x] == expected(operation, before.bad[y][x], its.bad[y][x]);
    hp_list_clear(&lists[0]);
    hp_list_clear(&lists[1]);
    return good;
}

int main(void)
{
    static const char *const names[] = {
        [HP_LIST_UNION] = "united", [HP_LIST_INTERSECT] = "intersected", [HP_LIST_SUBTRACT] = "subtracted"};
    uint64_t state = 7;
    int test = 0;
    bool all_good = true;
    for (int operation = HP_LIST_UNION; operation <= HP_LIST_SUBTRACT; operation++)
        for (int areas = 0; areas < 2; areas++) {
            bool good = true;
            for (int i = 0; i < NUMBER && good; i++)
                good = try_one(&state, (hp_list_operation)operation, areas);
            printf("%s %d - %d pairs of lists of %s are %s as sets of pixels are\n", good ? "ok" : "not ok", ++test,
                   NUMBER, areas ? "pixels and boxes" : "pixels", names[operation]);
            all_good = all_good && good;
        }
    printf("1..%d\n", test);
    return all_good ? 0 : 1;
}
