/*
 * Prints the XXH3-128 of every sum of a scan, and what was counted: dump_sums [-j N] [-b BATCH] [-c LEVEL] [-k]
 * PHOTO... -k keeps near-duplicates. With -o FOLDER the sums are written raw as well, one file each, for numpy.
 */
#include "base/error.h"
#include "stats/residual.h"
#include "stats/rounds.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <xxhash.h>

static const char *folder;

static void show(const char *name, const void *sums, size_t pixels, size_t item)
{
    XXH128_hash_t hash = XXH3_128bits(sums, pixels * item);
    printf("%s %016llx%016llx\n", name, (unsigned long long)hash.high64, (unsigned long long)hash.low64);
    if (!folder)
        return;
    char path[512];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    FILE *file = fopen(path, "wb");
    if (!file || fwrite(sums, item, pixels, file) != pixels || fclose(file))
        exit(1);
}

static void show_all(const hp_residual *r, const hp_accumulation *set)
{
    const hp_camera *camera = &r->base.shape.camera;
    size_t pixels = (size_t)camera->width * camera->height, wide = camera->bits > 8 ? 2 : 1;
    const hp_sums *s = &r->sums;
    printf("%s %u x %u: %llu photos, %llu odd, wt2 %llu, wg2 %llu, skipped %zu\n", camera->model, camera->width,
           camera->height, (unsigned long long)r->base.photos, (unsigned long long)r->photos_odd,
           (unsigned long long)r->sum_wt2, (unsigned long long)r->sum_wg2, set->skips.count);
    show("s1", s->s1, pixels, 4);
    show("st", s->st, pixels, 4);
    show("sg", s->sg, pixels, 4);
    show("s1h", s->s1h, pixels, 4);
    show("s2", s->s2, pixels, 4);
    show("sx", s->sx, pixels, 4);
    show("se", s->se, pixels, 4);
    show("sxx", s->sxx, pixels, 4 * wide);
    show("see", s->see, pixels, 4 * wide);
    show("sxe", s->sxe, pixels, 4 * wide);
    show("min", s->min, pixels, wide);
    show("max", s->max, pixels, wide);
}

static int accumulate_groups(hp_run *run, const hp_photo_set *set, bool keep, hp_error *err)
{
    hp_accumulate_options options = {.kind = &hp_residual_kind, .keep_similar = keep};
    for (size_t first = 0, end; first < set->count; first = end) {
        for (end = first + 1; end < set->count && hp_photo_same_camera(&set->photos[first], &set->photos[end]);)
            end++;
        hp_accumulation done;
        int code = hp_accumulate(run, set->photos + first, end - first, &options, &done, err);
        if (!code)
            show_all((const hp_residual *)done.state.accumulator, &done);
        hp_accumulation_free(&done);
        if (code)
            return code;
    }
    return HP_OK;
}

static hp_cpu level_of(const char *name)
{
    static const char *const names[] = {"auto", "plain", "v2", "v3", "v4"};
    for (int i = 0; i < 5; i++)
        if (strcmp(name, names[i]) == 0)
            return (hp_cpu)i;
    exit(2);
}

int main(int argc, char **argv)
{
    hp_run_options options = {0};
    bool keep = false;
    for (int c; (c = getopt(argc, argv, "j:b:c:ko:")) != -1;) {
        if (c == 'j')
            options.threads = (unsigned)atoi(optarg);
        else if (c == 'b')
            options.batch = (unsigned)atoi(optarg);
        else if (c == 'c')
            options.cpu = level_of(optarg);
        else if (c == 'k')
            keep = true;
        else if (c == 'o')
            folder = optarg;
        else
            return 2;
    }
    hp_error err = {0};
    hp_run run;
    hp_photo_set set = {0};
    int code = hp_run_start(&options, &run, &err);
    if (code) {
        fprintf(stderr, "%s\n", err.message);
        return strstr(err.message, "level") ? 77 : 1; /* this CPU has no such level: the test is skipped */
    }
    code = hp_photo_set_open((const char *const *)argv + optind, (size_t)(argc - optind), run.pool, NULL, &set, &err);
    if (!code)
        code = accumulate_groups(&run, &set, keep, &err);
    if (code)
        fprintf(stderr, "%s\n", err.message);
    hp_photo_set_free(&set);
    hp_run_end(&run);
    return code ? 1 : 0;
}
