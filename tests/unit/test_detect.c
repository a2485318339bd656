#include "base/memory.h"
#include "detect/areas.h"
#include "detect/detect.h"
#include "detect/jpeg_block.h"
#include "detect/line_runs.h"
#include "detect/peaks.h"
#include "detect/pixel.h"
#include "detect/select.h"
#include "detect/tail.h"
#include "detect/unchanging.h"
#include "photo/jpeg_steps.h"
#include "tests.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static void medians_are_lower_and_middle_ones(void **state)
{
    (void)state;
    for (size_t count = 1; count < 200; count++) {
        float values[200], scratch[201];
        double sorted[200];
        srand((unsigned)count);
        for (size_t i = 0; i < count; i++)
            sorted[i] = values[i] = (float)(rand() % 50 - 25) / 4; /* many equal */
        double middle = hp_median(sorted, count);                  /* sorts */
        assert_true(hp_lower_median(values, count, scratch) == (float)sorted[(count - 1) / 2]);
        assert_true(middle == (sorted[(count - 1) / 2] + sorted[count / 2]) / 2);
    }
}

/* Leaves other numbers than 0 where functions that are called next have theirs. */
static void soil_stack(void)
{
    volatile double soil[4096];
    for (size_t i = 0; i < 4096; i++)
        soil[i] = 1;
    (void)soil;
}

static void a_pixel_without_surroundings_is_not_wide(void **state)
{
    (void)state;
    enum { SIDE = 32 };
    static uint32_t sums[SIDE * SIDE];
    hp_residual r = {.base = {.photos = 1}, .sums = {.sx = sums}};
    r.base.shape.camera = (hp_camera){.width = SIDE, .height = SIDE, .bits = 12, .source = HP_SOURCE_RAW};
    r.base.shape.cfa = (hp_cfa){.width = 6, .height = 6};
    for (size_t i = 0; i < SIDE * SIDE; i++)
        sums[i] = 1000;
    sums[16 * SIDE + 16] = 1200;
    sums[10 * SIDE + 10] = 0; /* the first of its ring */
    soil_stack();
    assert_false(hp_pixel_is_wide(&r, 16, 16, 2));
}

/* Marks at given places, all of one score. */
static hp_marks marks_at(const uint32_t (*places)[2], size_t count, uint32_t height)
{
    hp_marks marks = {.items = calloc(count, sizeof(hp_mark)), .count = count, .height = height};
    marks.row_start = calloc(height + 1, sizeof(size_t));
    for (size_t i = 0; i < count; i++)
        marks.items[i] = (hp_mark){.x = places[i][0], .y = places[i][1], .score = 2};
    for (uint32_t y = 0; y <= height; y++)
        while (marks.row_start[y] < count && marks.items[marks.row_start[y]].y < y)
            marks.row_start[y]++;
    return marks;
}

static size_t overlays_among(hp_marks *marks)
{
    size_t overlays;
    assert_int_equal(hp_areas_find_overlays(marks, &overlays, NULL), HP_OK);
    return overlays;
}

static void a_long_line_is_an_overlay_and_a_full_block_is_not(void **state)
{
    (void)state;
    uint32_t line[40][2], block[64][2];
    for (uint32_t i = 0; i < 40; i++) {
        line[i][0] = 3 * i;
        line[i][1] = 7;
    }
    for (uint32_t i = 0; i < 64; i++) {
        block[i][0] = 20 + i % 8;
        block[i][1] = 20 + i / 8;
    }
    hp_marks marks = marks_at((const uint32_t(*)[2])line, 40, 40);
    assert_int_equal(overlays_among(&marks), 1);
    for (size_t i = 0; i < 40; i++)
        assert_true(marks.items[i].overlay);
    hp_marks_free(&marks);
    marks = marks_at((const uint32_t(*)[2])block, 64, 40);
    assert_int_equal(overlays_among(&marks), 0);
    hp_marks_free(&marks);
    for (uint32_t i = 0; i < 40; i++)
        line[i][0] = 4 * i; /* too far apart to touch */
    marks = marks_at((const uint32_t(*)[2])line, 40, 40);
    assert_int_equal(overlays_among(&marks), 0);
    hp_marks_free(&marks);
}

/* Sums of one pixel seen in four photos beside its ring. */
static hp_residual one_pixel(uint32_t *sums, const unsigned *x, const unsigned *e)
{
    memset(sums, 0, 5 * sizeof *sums);
    for (int i = 0; i < 4; i++) {
        sums[0] += x[i];
        sums[1] += e[i];
        sums[2] += x[i] * x[i];
        sums[3] += e[i] * e[i];
        sums[4] += x[i] * e[i];
    }
    hp_residual r = {.base = {.photos = 4}};
    r.base.shape.camera = (hp_camera){.width = 1, .height = 1, .bits = 8, .source = HP_SOURCE_JPEG};
    r.base.shape.cfa = (hp_cfa){.width = 1, .height = 1};
    r.sums = (hp_sums){.sx = sums, .se = sums + 1, .sxx = sums + 2, .see = sums + 3, .sxe = sums + 4};
    return r;
}

static hp_kind kind_in(hp_source source, const unsigned *x, const unsigned *e)
{
    uint32_t sums[5];
    hp_residual r = one_pixel(sums, x, e);
    r.base.shape.camera.source = source;
    hp_moments m = hp_pixel_moments(&r, 0, 0);
    hp_levels levels = hp_levels_of(&r);
    return hp_pixel_classify(&r, &levels, &m);
}

static hp_kind kind_of(const unsigned *x, const unsigned *e)
{
    return kind_in(HP_SOURCE_JPEG, x, e);
}

/* A frame of 2000 pixels, brightest at the end, in photos that do not tell their depth. */
static hp_levels levels_in(hp_photo_info shape, uint16_t dark, uint16_t most)
{
    enum { PIXELS = 2000, HOLES = 2 };
    uint16_t least[PIXELS], highest[PIXELS];
    for (size_t i = 0; i < PIXELS; i++) {
        least[i] = i < HOLES ? 0 : (uint16_t)(dark + i - HOLES);
        highest[i] = (uint16_t)(most - (PIXELS - 1 - i));
    }
    hp_residual r = {.base = {.photos = 4, .shape = shape}, .sums = {.min = least, .max = highest}};
    r.base.shape.camera.width = PIXELS;
    r.base.shape.camera.height = 1;
    return hp_levels_of(&r);
}

static void levels_are_those_that_the_set_shows_where_the_depth_is_not_known(void **state)
{
    (void)state;
    hp_photo_info shape = {.channels = 1, .camera = {.bits = 16, .source = HP_SOURCE_FITS}};
    hp_levels levels = levels_in(shape, 300, 4095);
    assert_true(levels.dark == 300 && levels.white == 4095);
    levels = levels_in(shape, 2100, 4095); /* no dark place */
    assert_true(levels.dark == 0);
    levels = levels_in((hp_photo_info){.channels = 3, .camera = shape.camera}, 300, 4095);
    assert_true(levels.dark == 0 && levels.white == 4095);
    shape.camera.source = HP_SOURCE_RAW;
    shape.camera.bits = 14;
    levels = levels_in(shape, 300, 4095);
    assert_true(levels.dark == 0 && levels.white == 16383);
}

static void a_pixel_is_dead_below_a_hundredth_of_what_the_set_shows(void **state)
{
    (void)state;
    const hp_residual r = {.base.shape = {.channels = 1, .camera = {.bits = 16, .source = HP_SOURCE_FITS}}};
    const hp_levels twelve = {.white = 4095}, sixteen = {.white = 65535}, pedestal = {.dark = 500, .white = 65535};
    hp_moments m = {.mean_x = 400, .mean_e = 2000, .var_e = 100000};
    assert_int_equal(hp_pixel_classify(&r, &twelve, &m), HP_STUCK);
    assert_int_equal(hp_pixel_classify(&r, &sixteen, &m), HP_DEAD);
    m.mean_x = 1000;
    assert_int_equal(hp_pixel_classify(&r, &sixteen, &m), HP_STUCK);
    assert_int_equal(hp_pixel_classify(&r, &pedestal, &m), HP_DEAD);
    m.black = 200; /* said by the photos */
    assert_int_equal(hp_pixel_classify(&r, &pedestal, &m), HP_STUCK);
}

static void a_stuck_pixel_that_is_brighter_than_its_ring_in_darks_is_not_dead(void **state)
{
    (void)state;
    assert_int_equal(kind_in(HP_SOURCE_RAW, (const unsigned[]){2, 2, 2, 2}, (const unsigned[]){20, 80, 140, 200}),
                     HP_DEAD);
    assert_int_equal(kind_in(HP_SOURCE_RAW, (const unsigned[]){2, 2, 2, 2}, (const unsigned[]){0, 1, 0, 1}), HP_STUCK);
}

static void kinds_follow_from_how_a_pixel_moves_with_its_ring(void **state)
{
    (void)state;
    const unsigned ring[] = {20, 80, 140, 200};
    assert_int_equal(kind_of((const unsigned[]){60, 120, 180, 240}, ring), HP_HOT);
    assert_int_equal(kind_of((const unsigned[]){10, 40, 70, 100}, ring), HP_WEAK);
    assert_int_equal(kind_of((const unsigned[]){250, 250, 251, 250}, ring), HP_STUCK);
    assert_int_equal(kind_of((const unsigned[]){3, 3, 2, 3}, ring), HP_DEAD);
    assert_int_equal(kind_of((const unsigned[]){255, 235, 215, 195}, ring), HP_STUCK); /* sharpened */
    assert_int_equal(kind_of((const unsigned[]){80, 60, 40, 20}, ring), HP_STUCK);
    assert_int_equal(kind_of((const unsigned[]){255, 200, 255, 255}, ring), HP_HOT); /* white but once */
    assert_int_equal(kind_of((const unsigned[]){90, 90, 90, 90}, (const unsigned[]){80, 80, 80, 80}), HP_HOT);
}

static void moments_are_those_of_the_samples(void **state)
{
    (void)state;
    uint32_t sums[5];
    hp_residual r = one_pixel(sums, (const unsigned[]){1, 2, 3, 6}, (const unsigned[]){2, 2, 4, 4});
    hp_moments m = hp_pixel_moments(&r, 0, 0);
    assert_true(m.mean_x == 3 && m.mean_e == 3 && m.var_x == 3.5 && m.var_e == 1 && m.cov_xe == 1.5);
    assert_true(hp_pixel_residual(&r, 0, 0) == 0);
}

static void a_block_is_rounded_to_the_steps_of_its_file(void **state)
{
    (void)state;
    double samples[64], before[64], extra[64] = {0};
    uint16_t fine[64], coarse[64];
    for (int i = 0; i < 64; i++) {
        before[i] = samples[i] = 100 + i % 8 * 3 - i / 8;
        fine[i] = 1;
        coarse[i] = 60;
    }
    hp_jpeg_block_add(samples, extra, coarse, 1);
    for (int i = 0; i < 64; i++)
        assert_true(fabs(samples[i] - before[i]) < 1e-9);
    extra[27] = 40;
    hp_jpeg_block_add(samples, extra, fine, 1);
    for (int i = 0; i < 64; i++)
        assert_true(fabs(samples[i] - before[i] - extra[i]) < 3);
    memcpy(samples, before, sizeof samples);
    extra[27] = 4; /* at most 1 of each coefficient: what 60 leaves of it is nothing but at the edge of a step */
    hp_jpeg_block_add(samples, extra, coarse, 1);
    double changed = 0;
    for (int i = 0; i < 64; i++)
        changed += fabs(samples[i] - before[i]) > 3;
    assert_true(changed == 0 || changed > 8);
}

static void luma_steps_are_read_in_rows(void **state)
{
    (void)state;
    uint8_t file[2 + 4 + 65 + 4 + 15 + 2] = {0xff, 0xd8, 0xff, 0xdb, 0, 67, 1};
    for (uint8_t i = 0; i < 64; i++)
        file[7 + i] = (uint8_t)(i + 1);
    uint8_t frame[] = {0xff, 0xc0, 0, 17, 8, 0, 8, 0, 8, 3, 1, 0x22, 1, 2, 0x11, 0, 3, 0x11, 0};
    uint16_t steps[64];
    memcpy(file + 71, frame, sizeof frame);
    assert_true(hp_jpeg_luma_steps((hp_bytes){file, sizeof file}, steps));
    assert_int_equal(steps[0], 1);
    assert_int_equal(steps[1], 2); /* the second in the file stands right of the first, */
    assert_int_equal(steps[8], 3); /* the third below it */
    assert_int_equal(steps[63], 64);
    for (size_t size = 0; size < 71 + sizeof frame; size++)
        assert_false(hp_jpeg_luma_steps((hp_bytes){file, size}, steps));
}

/* Marks two apart in rows of a sensor's own samples; their |S|^1.5 beyond 0.6 falls with `slope`. */
static hp_marks falling_marks(size_t count, size_t positive, double slope)
{
    hp_marks marks = {.items = calloc(count, sizeof(hp_mark)), .count = count, .height = 200};
    marks.row_start = calloc(201, sizeof(size_t));
    for (size_t i = 0; i < count; i++) {
        double share = (rand() + 0.5) / (RAND_MAX + 1.0);
        float score = (float)pow(pow(0.6, 1.5) - log(share) / slope, 2.0 / 3);
        marks.items[i] =
            (hp_mark){.x = (uint32_t)(4 + i % 50), .y = (uint32_t)(4 + i / 50), .score = i < positive ? score : -score};
    }
    for (uint32_t y = 0; y <= 200; y++)
        while (marks.row_start[y] < count && marks.items[marks.row_start[y]].y < y)
            marks.row_start[y]++;
    return marks;
}

static void the_tail_foresees_what_is_as_strong(void **state)
{
    (void)state;
    hp_residual r = {.base.shape.camera = {.width = 64, .height = 200, .source = HP_SOURCE_RAW}, .ring.reach = 2};
    const hp_maps maps = {.residual = &r, .width = 64, .height = 200};
    srand(7);
    hp_marks marks = falling_marks(4000, 2000, 20);
    hp_tail tail = hp_tail_fit(&maps, &marks);
    size_t beyond = 0;
    for (size_t i = 0; i < marks.count; i++)
        beyond += fabsf(marks.items[i].score) > 0.75f;
    double ratio = hp_tail_expected(&tail, 0.75) / (double)beyond;
    assert_true(ratio > 0.85 && ratio < 1.15);
    assert_true(fabs(tail.slope[0] - 20) < 1.5 && fabs(tail.slope[1] - 20) < 1.5);
    assert_true(fabs(hp_tail_expected(&tail, hp_tail_score(&tail, 0.1)) - 0.1) < 1e-9);
    assert_true(hp_tail_score(&tail, 0.01) > hp_tail_score(&tail, 0.1));
    assert_true(fabs(hp_tail_score(&tail, 1e9) - 0.7) < 1e-9);
    hp_marks_free(&marks);
    /* Of 4000 marks 3950 warm pixels: they do not count as chance. */
    marks = falling_marks(4000, 3950, 20);
    tail = hp_tail_fit(&maps, &marks);
    assert_true(hp_tail_expected(&tail, 0.62) < 5 * 51);
    hp_marks_free(&marks);
    marks = (hp_marks){.row_start = calloc(201, sizeof(size_t)), .height = 200};
    tail = hp_tail_fit(&maps, &marks);
    assert_true(hp_tail_expected(&tail, 0.62) <= 1 && hp_tail_score(&tail, 0.1) >= 0.7);
    hp_marks_free(&marks);
}

/* Ten photos of a row of eight pixels; rings go from 200 to 650 DN but where they stand still. */
static void a_pixel_that_hardly_changes_stands_out(void **state)
{
    (void)state;
    enum { PIXELS = 8, PHOTOS = 10 };
    enum { LOWEST, STUCK, ORDINARY, STILL_RING, NEAR_RING, HIGHEST, OUT_ALREADY, NOISY };
    const uint16_t level[PIXELS] = {0, 400, 0, 400, 400, 4095, 400, 600};
    uint16_t min[PIXELS], max[PIXELS] = {0};
    uint32_t sx[PIXELS] = {0}, se[PIXELS] = {0}, s2[PIXELS];
    uint64_t sxx[PIXELS] = {0}, see[PIXELS] = {0}, sxe[PIXELS] = {0};
    int32_t s1[PIXELS] = {-90, -90, 5, 0, -64, 90, -90, 90};
    for (size_t i = 0; i < PIXELS; i++) {
        s2[i] = i == NEAR_RING ? 64 * 64 : 2 * 64 * 64;
        min[i] = UINT16_MAX;
        for (uint32_t photo = 0; photo < PHOTOS; photo++) {
            uint32_t e = i == STILL_RING ? 430 : 200 + 50 * photo;
            uint32_t x = i == ORDINARY ? e + 10 : i == NOISY ? level[i] + photo % 2 * 2 : level[i];
            sx[i] += x;
            sxx[i] += (uint64_t)x * x;
            se[i] += e;
            see[i] += (uint64_t)e * e;
            sxe[i] += (uint64_t)x * e;
            min[i] = x < min[i] ? (uint16_t)x : min[i];
            max[i] = x > max[i] ? (uint16_t)x : max[i];
        }
    }
    hp_residual r = {.base = {.photos = PHOTOS}};
    r.base.shape.camera = (hp_camera){.width = PIXELS, .height = 1, .bits = 12, .source = HP_SOURCE_RAW};
    r.base.shape.cfa = (hp_cfa){.width = 1, .height = 1};
    r.sums =
        (hp_sums){.s1 = s1, .s2 = s2, .sx = sx, .sxx = sxx, .se = se, .see = see, .sxe = sxe, .min = min, .max = max};
    hp_unchanging unchanging = hp_unchanging_prepare(&r, 1);
    float scores[PIXELS] = {0.1f, 0.1f, 0.1f, 0.1f, 0.1f, 0.1f, -9, 0.1f};
    hp_unchanging_raise(&unchanging, 0, scores);
    for (size_t i = 0; i < PIXELS; i++)
        if (i != STUCK && i != NOISY)
            assert_true(scores[i] == (i == OUT_ALREADY ? -9 : 0.1f));
    const double variance = 2500 * (PHOTOS * PHOTOS - 1) / 12.0, floor2 = 4; /* of equal steps; 2 DN of 12 bits */
    assert_true(fabs((double)scores[STUCK] + 4.5 * log((variance + floor2) / floor2) / 8) < 1e-5);
    assert_true(fabs((double)scores[NOISY] - 4.5 * log((variance + floor2) / (1 + floor2)) / 8) < 1e-5);
    /* Five different scenes tell less, one tells nothing. */
    scores[STUCK] = 0;
    unchanging = hp_unchanging_prepare(&r, 0.5);
    hp_unchanging_raise(&unchanging, 0, scores);
    assert_true(scores[STUCK] == 0); /* 2 photos far off, of 2 equal ones each: no more than one scene may give */
    s2[STUCK] *= 2;
    hp_unchanging_raise(&unchanging, 0, scores);
    assert_true(fabs((double)scores[STUCK] + 2 * log((variance + floor2) / floor2) / 8) < 1e-5);
    /* At the edge, where the ring is folded, nothing is told. */
    scores[STUCK] = 0;
    r.ring.reach = 2;
    hp_unchanging_raise(&unchanging, 0, scores);
    assert_true(scores[STUCK] == 0);
    r.ring.reach = 0;
    s2[STUCK] *= 10;
    unchanging = hp_unchanging_prepare(&r, 0.1);
    hp_unchanging_raise(&unchanging, 0, scores);
    assert_true(scores[STUCK] == 0);
}

/* Of so large a frame every second chunk is sampled, and the only column without a border is an odd one. */
static void chunks_between_those_sampled_tell_what_is_usual_where_no_others_are_left(void **state)
{
    (void)state;
    enum { WIDTH = 8192, HEIGHT = 4096 };
    static hp_phase_table table;
    for (size_t i = 0; i < HP_PHASE_COLUMNS; i++)
        table.scale[0][i] = 1;
    hp_residual r = {.base = {.kernels = hp_kernels_of(HP_CPU_PLAIN), .photos = 1}, .ring.reach = 2};
    r.sums.s1 = hp_pages((size_t)WIDTH * HEIGHT, sizeof *r.sums.s1, NULL);
    assert_non_null(r.sums.s1);
    hp_maps maps = {.residual = &r, .width = WIDTH, .height = HEIGHT, .period_x = 1, .period_y = 1, .phases = &table};
    maps.border = (hp_border){.left = WIDTH / 2 - 1, .right = WIDTH / 2};
    hp_pool *pool = NULL;
    hp_lines lines = {0};
    assert_int_equal(hp_pool_create(1, &pool, NULL), HP_OK);
    assert_int_equal(hp_line_runs_find(&maps, pool, &lines, NULL), HP_OK);
    assert_int_equal(lines.count, 0);
    hp_lines_free(&lines);
    hp_pool_free(&pool);
    hp_pages_free(r.sums.s1);
}

static void wrong_options_are_refused_with_a_sentence(void **state)
{
    (void)state;
    hp_result *result = NULL;
    hp_error err = {0};
    hp_scan_options options = hp_scan_defaults();
    options.run.cpu = (hp_cpu)77;
    assert_int_equal(hp_scan(NULL, 0, &options, &result, &err), HP_E_ARGUMENT);
    assert_string_equal(err.message, "there is no CPU level 77");
    const double rates[] = {-1, NAN, INFINITY};
    for (size_t i = 0; i < sizeof rates / sizeof *rates; i++) {
        options = hp_scan_defaults();
        options.run.false_rate = rates[i];
        assert_int_equal(hp_scan(NULL, 0, &options, &result, &err), HP_E_ARGUMENT);
    }
    options = hp_scan_defaults();
    options.similar = (hp_similar)3;
    hp_feed *feed = NULL;
    hp_selftest_result *tested = NULL;
    const hp_camera camera = {.width = 64, .height = 64, .bits = 8};
    assert_int_equal(hp_scan(NULL, 0, &options, &result, &err), HP_E_ARGUMENT);
    assert_string_equal(err.message, "there is no way 3 with similar photos");
    assert_int_equal(hp_selftest_run(NULL, 0, &options, &tested, &err), HP_E_ARGUMENT);
    assert_int_equal(hp_feed_open(&camera, &options, &feed, &err), HP_E_ARGUMENT);
    assert_null(feed);
    hp_list list = {0};
    hp_result lists = {.lists = &list, .list_count = 1};
    assert_int_equal(hp_list_combine(&lists, &lists, (hp_list_operation)3, &err), HP_E_ARGUMENT);
    assert_string_equal(err.message, "there is no operation 3 on lists");
    options = hp_scan_defaults();
    assert_int_equal(hp_detect_states(NULL, 0, &options.run, &result, &err), HP_E_ARGUMENT);
    assert_null(result);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(medians_are_lower_and_middle_ones),
        cmocka_unit_test(a_pixel_without_surroundings_is_not_wide),
        cmocka_unit_test(a_long_line_is_an_overlay_and_a_full_block_is_not),
        cmocka_unit_test(kinds_follow_from_how_a_pixel_moves_with_its_ring),
        cmocka_unit_test(levels_are_those_that_the_set_shows_where_the_depth_is_not_known),
        cmocka_unit_test(a_pixel_is_dead_below_a_hundredth_of_what_the_set_shows),
        cmocka_unit_test(a_stuck_pixel_that_is_brighter_than_its_ring_in_darks_is_not_dead),
        cmocka_unit_test(moments_are_those_of_the_samples),
        cmocka_unit_test(a_block_is_rounded_to_the_steps_of_its_file),
        cmocka_unit_test(luma_steps_are_read_in_rows),
        cmocka_unit_test(the_tail_foresees_what_is_as_strong),
        cmocka_unit_test(a_pixel_that_hardly_changes_stands_out),
        cmocka_unit_test(chunks_between_those_sampled_tell_what_is_usual_where_no_others_are_left),
        cmocka_unit_test(wrong_options_are_refused_with_a_sentence),
    };
    return cmocka_run_group_tests_name("detect", tests, NULL, NULL);
}
