/*
 * Thousands of lists of every kind, most of them damaged: none may crash the reader, and what it accepts must be the
 * same after being written and read again. Prints TAP. random_lists [NUMBER [SEED [FORMATS]]]
 */
#include "base/error.h"
#include "base/memory.h"
#include "defects/list_format.h"
#include "mutate.h"
#include "round_trip.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { NUMBER = 10000, WIDTH = 64, HEIGHT = 48, DEFECTS = 12, KINDS = 4, UNDAMAGED = 8 };

static hp_box random_box(uint64_t *state, bool points)
{
    hp_box box = {(uint32_t)random_below(state, WIDTH), (uint32_t)random_below(state, HEIGHT), 1, 1};
    if (points || random_below(state, 2))
        return box;
    box.width += (uint32_t)random_below(state, random_below(state, 4) ? 5 : WIDTH);
    box.height += (uint32_t)random_below(state, random_below(state, 4) ? 5 : HEIGHT);
    box.width = box.width > WIDTH - box.x ? WIDTH - box.x : box.width;
    box.height = box.height > HEIGHT - box.y ? HEIGHT - box.y : box.height;
    return box;
}

static void random_defects(uint64_t *state, bool points, hp_list *list)
{
    list->defects = calloc(DEFECTS, sizeof *list->defects);
    if (!list->defects)
        abort();
    list->defect_count = random_below(state, DEFECTS + 1);
    for (size_t i = 0; i < list->defect_count; i++) {
        hp_defect *d = &list->defects[i];
        *d = hp_defect_area(random_box(state, points));
        d->kind = (hp_kind)random_below(state, KINDS);
        d->grade = (hp_grade)random_below(state, 2);
        d->score = (double)random_below(state, 10000) / 1000;
        d->mean = ((double)random_below(state, 100000) - 50000) / 100;
        d->since_s = random_below(state, 4) ? 0 : (int64_t)random_below(state, 4000000000u);
        d->until_s = random_below(state, 8) ? 0 : (int64_t)random_below(state, 4000000000u);
    }
    hp_list_tidy(list);
}

/* A list of the tiny camera; of raw photos where it has to go into every format. */
static hp_list random_list(uint64_t *state, bool points)
{
    hp_list list = {.camera = {"HOTPIX", "TINY", "77", WIDTH, HEIGHT, HP_SOURCE_RAW, "RGGB", 12}};
    if (!points && random_below(state, 2))
        list.camera.source = (hp_source)(1 + random_below(state, HP_SOURCE_HEIC));
    if (!points && random_below(state, 4) == 0)
        list.camera.serial[0] = list.camera.model[0] = 0;
    random_defects(state, points, &list);
    return list;
}

static int write_list(const hp_list_format *format, uint64_t *state, const hp_result *result, bytes *out, hp_error *err)
{
    bool big_endian = random_below(state, 2), in_sub = random_below(state, 2);
    return list_write(format, big_endian, in_sub, result, out, err);
}

static void keep_for_a_look(const hp_list_format *format, const bytes *file)
{
    char name[64];
    snprintf(name, sizeof name, "random_list.%s", format->name);
    FILE *stream = fopen(name, "wb");
    if (!stream)
        return;
    (void)fwrite(file->data, 1, file->size, stream);
    fclose(stream);
    printf("# kept as %s\n", name);
}

static bool try_one(const hp_list_format *format, uint64_t *state, size_t *accepted)
{
    static const hp_list_options none, known = {.width = WIDTH, .height = HEIGHT, .source = HP_SOURCE_RAW};
    hp_list list = random_list(state, false);
    const hp_result one = {.lists = &list, .list_count = 1};
    hp_error err = {0};
    bytes file;
    const char *why = "";
    int code = write_list(format, state, &one, &file, &err);
    hp_list_clear(&list);
    if (code || file.size == 0) {
        free(file.data);
        return code == HP_E_ARGUMENT || code == HP_OK; /* a list that needs to know its photos */
    }
    if (random_below(state, UNDAMAGED))
        mutate(state, &file);
    hp_result *result = list_read(format, &file, random_below(state, 2) ? &known : &none, &err);
    *accepted += result != NULL;
    bool good = !result || list_round_trips(format, result, &why);
    if (!good) {
        printf("# a list %s\n", why);
        keep_for_a_look(format, &file);
    }
    hp_result_free(&result);
    free(file.data);
    return good;
}

static bool same_places(const hp_list *a, const hp_list *b)
{
    if (a->defect_count != b->defect_count)
        return false;
    for (size_t i = 0; i < a->defect_count; i++)
        if (a->defects[i].x != b->defects[i].x || a->defects[i].y != b->defects[i].y)
            return false;
    return true;
}

/* A list of single pixels comes back from every format as it was. */
static bool keeps_places(const hp_list_format *format, uint64_t *state)
{
    const hp_list_options known = {.width = WIDTH, .height = HEIGHT, .source = HP_SOURCE_RAW};
    hp_list list = random_list(state, true);
    const hp_result one = {.lists = &list, .list_count = 1};
    hp_error err = {0};
    bytes file;
    int code = write_list(format, state, &one, &file, &err);
    hp_result *result = code ? NULL : list_read(format, &file, &known, &err);
    bool good = result && result->list_count == 1;
    if (good && !strcmp(format->name, "fits"))
        good = result->lists[0].defect_count <= list.defect_count; /* neighbours of one value are one box there */
    else if (good && strcmp(format->name, "png") != 0)
        good = same_places(&list, &result->lists[0]);
    if (!good)
        printf("# %s: %s\n", format->name, err.message);
    hp_list_clear(&list);
    hp_result_free(&result);
    free(file.data);
    return good;
}

int main(int argc, char **argv)
{
    size_t most = getenv("SANITIZER") ? NUMBER / 10 : NUMBER; /* ten times slower there */
    size_t number = argc > 1 ? strtoul(argv[1], NULL, 10) : most, test = 0;
    uint64_t state = argc > 2 ? strtoull(argv[2], NULL, 10) : 20240501;
    bool all_good = true;
    for (size_t i = 0; hp_list_formats[i]; i++, test += 2) {
        const hp_list_format *format = hp_list_formats[i];
        if (argc > 3 && !strstr(argv[3], format->name))
            continue;
        size_t accepted = 0;
        bool good = true, kept = true;
        for (size_t k = 0; k < number && good; k++)
            good = try_one(format, &state, &accepted);
        printf("%s %zu - %zu random lists of %s are read without a crash, and %zu that are good round-trip\n",
               good ? "ok" : "not ok", test + 1, number, format->name, accepted);
        for (size_t k = 0; k < number / 20 && kept; k++)
            kept = keeps_places(format, &state);
        printf("%s %zu - a list of single pixels comes back from %s\n", kept ? "ok" : "not ok", test + 2, format->name);
        fflush(stdout);
        all_good = all_good && good && kept;
    }
    printf("1..%zu\n", test);
    return all_good ? 0 : 1;
}
