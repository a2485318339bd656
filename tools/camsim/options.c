#include "options.h"

#include "dates.h"
#include "values.h"

#include <getopt.h>
#include <stdio.h>
#include <string.h>

enum {
    SIDE_MIN = 32,
    SIDE_MAX = 32768,
    MARGIN_MAX = 1000,
    PHOTOS_MAX = 1000000,
    DEFECTS_MAX = 10000,
    LINES_MAX = 1000,
    INTERVAL_MAX_S = 366 * 86400
};

enum {
    OPT_SIZE = 256,
    OPT_NUMBER,
    OPT_SEED,
    OPT_FIRST,
    OPT_THREADS,
    OPT_QUALITY,
    OPT_SUBSAMPLING,
    OPT_PROGRESSIVE,
    OPT_RESTART,
    OPT_PORTRAIT,
    OPT_SHARPEN,
    OPT_SCENES,
    OPT_SCENE,
    OPT_TWINS,
    OPT_ALSO,
    OPT_NOISE_REDUCTION,
    OPT_NOISE,
    OPT_PER_CLASS,
    OPT_DEFECTS,
    OPT_COLUMNS,
    OPT_ROWS,
    OPT_PAIRS,
    OPT_CLUSTERS,
    OPT_ONSETS,
    OPT_EDGE,
    OPT_MAKE,
    OPT_MODEL,
    OPT_SERIAL,
    OPT_NO_EXIF,
    OPT_START,
    OPT_INTERVAL,
    OPT_CFA,
    OPT_BITS,
    OPT_ORIENTATION,
    OPT_FORMAT,
    OPT_COMPRESS,
    OPT_MARGINS,
    OPT_HELP
};

static const struct option TABLE[] = {
    {"size", required_argument, NULL, OPT_SIZE},
    {"number", required_argument, NULL, OPT_NUMBER},
    {"seed", required_argument, NULL, OPT_SEED},
    {"first", required_argument, NULL, OPT_FIRST},
    {"threads", required_argument, NULL, OPT_THREADS},
    {"quality", required_argument, NULL, OPT_QUALITY},
    {"subsampling", required_argument, NULL, OPT_SUBSAMPLING},
    {"progressive", no_argument, NULL, OPT_PROGRESSIVE},
    {"restart", required_argument, NULL, OPT_RESTART},
    {"portrait", required_argument, NULL, OPT_PORTRAIT},
    {"sharpen", required_argument, NULL, OPT_SHARPEN},
    {"scenes", required_argument, NULL, OPT_SCENES},
    {"scene", required_argument, NULL, OPT_SCENE},
    {"twins", required_argument, NULL, OPT_TWINS},
    {"also", required_argument, NULL, OPT_ALSO},
    {"noise-reduction", required_argument, NULL, OPT_NOISE_REDUCTION},
    {"noise", required_argument, NULL, OPT_NOISE},
    {"defects-per-class", required_argument, NULL, OPT_PER_CLASS},
    {"defects", required_argument, NULL, OPT_DEFECTS},
    {"columns", required_argument, NULL, OPT_COLUMNS},
    {"rows", required_argument, NULL, OPT_ROWS},
    {"pairs", required_argument, NULL, OPT_PAIRS},
    {"clusters", required_argument, NULL, OPT_CLUSTERS},
    {"onsets", no_argument, NULL, OPT_ONSETS},
    {"edge", no_argument, NULL, OPT_EDGE},
    {"make", required_argument, NULL, OPT_MAKE},
    {"model", required_argument, NULL, OPT_MODEL},
    {"serial", required_argument, NULL, OPT_SERIAL},
    {"no-exif", no_argument, NULL, OPT_NO_EXIF},
    {"start", required_argument, NULL, OPT_START},
    {"interval", required_argument, NULL, OPT_INTERVAL},
    {"cfa", required_argument, NULL, OPT_CFA},
    {"bits", required_argument, NULL, OPT_BITS},
    {"orientation", required_argument, NULL, OPT_ORIENTATION},
    {"format", required_argument, NULL, OPT_FORMAT},
    {"compress", required_argument, NULL, OPT_COMPRESS},
    {"margins", required_argument, NULL, OPT_MARGINS},
    {"help", no_argument, NULL, OPT_HELP},
    {NULL, 0, NULL, 0},
};

static int read_photo_option(cs_options *o, int option, const char *text)
{
    switch (option) {
    case OPT_NUMBER:
        return cs_read_int(text, 0, PHOTOS_MAX, &o->number);
    case OPT_FIRST:
        return cs_read_int(text, 1, PHOTOS_MAX, &o->first);
    case OPT_SEED:
        return cs_read_seed(text, &o->series.seed);
    case OPT_SCENE:
        return cs_scene_find(text, &o->series.scene);
    case OPT_SCENES:
        o->scene_dir = text;
        return 0;
    case OPT_PORTRAIT:
        return cs_read_real(text, 0.0, 1.0, &o->series.portrait_share);
    case OPT_ORIENTATION:
        return cs_read_int(text, 1, 8, &o->series.orientation);
    case OPT_START:
        return cs_date_read(text, &o->series.start_s);
    case OPT_INTERVAL:
        return cs_read_whole(text, 0, INTERVAL_MAX_S, &o->series.interval_s);
    default:
        return 1;
    }
}

static int read_camera_option(cs_options *o, int option, const char *text)
{
    static const int bits[3] = {12, 14, 16};
    switch (option) {
    case OPT_SIZE:
        return cs_read_size(text, SIDE_MIN, SIDE_MAX, &o->width, &o->height);
    case OPT_CFA:
        o->cfa = cs_cfa_find(text);
        return o->cfa ? 0 : -1;
    case OPT_BITS:
        return cs_read_choice(text, bits, &o->bits);
    case OPT_MAKE:
        o->make = text;
        return 0;
    case OPT_MODEL:
        o->model = text;
        return 0;
    case OPT_SERIAL:
        o->serial = text;
        return 0;
    case OPT_NOISE:
        return cs_read_on_off(text, &o->has_noise);
    case OPT_PER_CLASS:
        return cs_read_int(text, 0, DEFECTS_MAX, &o->defects_per_class);
    case OPT_DEFECTS:
        o->defects_path = text;
        return 0;
    case OPT_COLUMNS:
        return cs_read_int(text, 0, LINES_MAX, &o->columns);
    case OPT_ROWS:
        return cs_read_int(text, 0, LINES_MAX, &o->rows);
    case OPT_PAIRS:
        return cs_read_int(text, 0, DEFECTS_MAX, &o->pairs);
    case OPT_CLUSTERS:
        return cs_read_int(text, 0, DEFECTS_MAX, &o->clusters);
    case OPT_ONSETS:
        return !(o->has_onsets = 1);
    case OPT_EDGE:
        return !(o->may_touch_edge = 1);
    default:
        return 1;
    }
}

static int add_also(cs_options *o, const char *text)
{
    if (o->product_count == CS_PRODUCTS_MAX)
        return -1;
    o->also[o->product_count++] = text;
    return 0;
}

static int read_compression(const char *text, int *is_compressed)
{
    *is_compressed = strcmp(text, "ljpeg") == 0;
    return *is_compressed || strcmp(text, "none") == 0 ? 0 : -1;
}

static int read_file_option(cs_options *o, int option, const char *text)
{
    cs_product *main = &o->product[0];
    switch (option) {
    case OPT_TWINS:
        o->twin_dir = text;
        return 0;
    case OPT_ALSO:
        return add_also(o, text);
    case OPT_FORMAT:
        return cs_read_format(text, &main->is_dng);
    case OPT_COMPRESS:
        return read_compression(text, &o->is_compressed);
    case OPT_MARGINS:
        return cs_read_margins(text, MARGIN_MAX, o->margins);
    case OPT_QUALITY:
        return cs_read_int(text, 1, 100, &main->jpeg.quality);
    case OPT_SUBSAMPLING:
        return cs_read_subsampling(text, &main->jpeg.subsampling);
    case OPT_NOISE_REDUCTION:
        return cs_read_on_off(text, &main->has_noise_reduction);
    case OPT_SHARPEN:
        return cs_read_sharpening(text, &o->sharpening);
    case OPT_PROGRESSIVE:
        return !(main->jpeg.is_progressive = 1);
    case OPT_RESTART:
        return cs_read_int(text, 0, SIDE_MAX / 8, &main->jpeg.restart_rows);
    case OPT_NO_EXIF:
        o->has_exif = 0;
        return 0;
    case OPT_THREADS:
        return cs_read_int(text, 0, 1024, &o->threads);
    default:
        return 1;
    }
}

static void set_defaults(cs_options *o)
{
    *o = (cs_options){
        .width = 3872,
        .height = 2592,
        .number = 10,
        .first = 1,
        .sharpening = -1.0f,
        .defects_per_class = 5,
        .make = "HOTPIX",
        .model = "CAMSIM",
        .cfa = cs_cfa_find("RGGB"),
        .bits = 12,
        .has_noise = 1,
        .series = {.seed = 1, .interval_s = 3600, .scene = CS_SCENE_AUTO, .portrait_share = 0.2},
        .product = {{.jpeg = {.quality = 92, .subsampling = 422}}},
        .product_count = 1,
        .has_exif = 1,
    };
    cs_date_read("2024-05-01T10:00:00", &o->series.start_s);
}

/* A folder that is named twice, by --twins or --also. */
static int has_twice(const cs_options *o, cs_error *err)
{
    for (int i = 0; i < o->product_count; i++) {
        const char *dir = o->product[i].dir;
        if (o->twin_dir && strcmp(o->twin_dir, dir) == 0)
            return cs_fail(err, "%s: twins need a folder of their own", dir);
        for (int k = 0; k < i; k++)
            if (strcmp(o->product[k].dir, dir) == 0)
                return cs_fail(err, "%s: each kind of file needs a folder of its own", dir);
    }
    return 0;
}

static cs_wish check(cs_options *o, int argc, char **argv, int used, cs_error *err)
{
    cs_wish wrong = CS_WISH_WRONG;
    if (used + 1 != argc) {
        cs_fail(err, used == argc ? "OUTDIR is missing" : "%s: only one OUTDIR", argv[argc - 1]);
        return wrong;
    }
    o->product[0].dir = argv[used];
    for (int i = 1; i < o->product_count; i++) {
        o->product[i] = o->product[0];
        if (cs_product_read(o->also[i], &o->product[i], err))
            return wrong;
    }
    if (has_twice(o, err))
        return wrong;
    if (o->scene_dir && o->series.scene != CS_SCENE_AUTO) {
        cs_fail(err, "--scene and --scenes exclude each other");
        return wrong;
    }
    if (o->scene_dir)
        o->series.scene = CS_SCENE_PHOTOS;
    if (!o->serial) {
        snprintf(o->serial_of_seed, sizeof o->serial_of_seed, "S%07llu", (unsigned long long)o->series.seed);
        o->serial = o->serial_of_seed;
    }
    return CS_WISH_RUN;
}

cs_wish cs_options_read(cs_options *o, int argc, char **argv, cs_error *err)
{
    int option, index = 0;
    set_defaults(o);
    opterr = 0;
    while ((option = getopt_long(argc, argv, "", TABLE, &index)) != -1) {
        if (option == OPT_HELP)
            return CS_WISH_HELP;
        if (option == '?') {
            cs_fail(err, "%s: no such option, or its value is missing or not wanted", argv[optind - 1]);
            return CS_WISH_WRONG;
        }
        int result = read_photo_option(o, option, optarg);
        if (result > 0)
            result = read_camera_option(o, option, optarg);
        if (result > 0)
            result = read_file_option(o, option, optarg);
        if (result) {
            cs_fail(err, "--%s: %s will not do", TABLE[index].name, optarg);
            return CS_WISH_WRONG;
        }
    }
    return check(o, argc, argv, optind, err);
}
