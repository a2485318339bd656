#include "stats/duplicates.h"
#include "stats/keeper.h"
#include "stats/residual.h"
#include "stats/ring.h"
#include "stats/team_work.h"
#include "stats/thumbnail.h"
#include "stats/variance.h"
#include "tests.h"

#include <math.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

static hp_photo_info shape(hp_source source, uint32_t width, uint32_t height, unsigned bits, hp_cfa cfa)
{
    return (hp_photo_info){
        .camera = {.width = width, .height = height, .bits = bits, .source = source}, .channels = 1, .cfa = cfa};
}

static const hp_cfa plain = {1, 1, {0}}, bayer = {2, 2, {0, 1, 1, 2}};
static const hp_cfa xtrans = {
    6, 6, {1, 2, 1, 1, 0, 1, 0, 1, 0, 2, 1, 2, 1, 2, 1, 1, 0, 1, 1, 0, 1, 1, 2, 1, 2, 1, 2, 0, 1, 0, 1, 0, 1, 1, 2, 1}};

static void the_ring_of_a_jpeg_lies_at_distance_two(void **state)
{
    (void)state;
    hp_photo_info info = shape(HP_SOURCE_JPEG, 64, 64, 8, plain);
    hp_ring ring;
    assert_int_equal(hp_ring_of(&info, &ring, NULL), HP_OK);
    assert_int_equal(ring.reach, 2);
    assert_int_equal(ring.step, 4);
    for (int k = 0; k < HP_RING; k++)
        assert_true(ring.dx[0][k] % 2 == 0 && ring.dy[0][k] % 2 == 0 && (ring.dx[0][k] || ring.dy[0][k]));
}

static void a_ring_keeps_to_its_colour_and_never_meets_its_centre(void **state)
{
    (void)state;
    const hp_cfa rows = {.width = 1, .height = 2, .colour = "RG"};
    const hp_cfa oblong = {.width = 4, .height = 3, .colour = "RGGGGGGGGGBG"};
    const hp_cfa *all[] = {&bayer, &xtrans, &rows, &oblong};
    for (size_t c = 0; c < sizeof all / sizeof *all; c++) {
        const hp_cfa *cfa = all[c];
        hp_photo_info info = shape(HP_SOURCE_RAW, 60, 60, 12, *cfa);
        hp_ring ring;
        assert_int_equal(hp_ring_of(&info, &ring, NULL), HP_OK);
        assert_int_equal(ring.step % cfa->width, 0);
        assert_int_equal(ring.step % cfa->height, 0);
        assert_true(ring.step > ring.reach);
        for (int phase = 0; phase < cfa->width * cfa->height; phase++)
            for (int k = 0; k < HP_RING; k++) {
                int x = phase % cfa->width + ring.dx[phase][k] + 6 * cfa->width;
                int y = phase / cfa->width + ring.dy[phase][k] + 6 * cfa->height;
                assert_int_equal(cfa->colour[y % cfa->height * cfa->width + x % cfa->width], cfa->colour[phase]);
                assert_true(ring.dx[phase][k] || ring.dy[phase][k]);
                assert_int_not_equal(abs(ring.dx[phase][k]), (int)ring.step);
            }
    }
}

static void rings_of_red_and_blue_are_wide(void **state)
{
    (void)state;
    const hp_cfa one = {.width = 1, .height = 1}, *all[] = {&bayer, &xtrans, &one};
    for (size_t c = 0; c < 3; c++) {
        const hp_cfa *cfa = all[c];
        hp_photo_info info = shape(HP_SOURCE_RAW, 60, 60, 12, *cfa);
        unsigned green = cfa->colour[c == 0 ? 1 : 0];
        hp_ring ring;
        assert_int_equal(hp_ring_of(&info, &ring, NULL), HP_OK);
        for (unsigned phase = 0; phase < ring.width * ring.height; phase++)
            assert_int_equal(ring.is_wide[phase], cfa->colour[phase] != green);
    }
}

static void green_of_bayer_has_four_diagonal_and_four_axial_neighbours(void **state)
{
    (void)state;
    hp_photo_info info = shape(HP_SOURCE_RAW, 60, 60, 12, bayer);
    hp_ring ring;
    assert_int_equal(hp_ring_of(&info, &ring, NULL), HP_OK);
    int diagonal = 0, axial = 0;
    for (int k = 0; k < HP_RING; k++) {
        diagonal += abs(ring.dx[1][k]) == 1 && abs(ring.dy[1][k]) == 1;
        axial += abs(ring.dx[1][k]) + abs(ring.dy[1][k]) == 2 && ring.dx[1][k] * ring.dy[1][k] == 0;
    }
    assert_int_equal(diagonal, 4);
    assert_int_equal(axial, 4);
}

static void logarithms_are_those_of_mathematics(void **state)
{
    (void)state;
    assert_int_equal(hp_log2_256(1), 0);
    assert_int_equal(hp_log2_256(65536), 16 * 256);
    for (uint64_t value = 1; value < (1ull << 33); value = value * 5 / 4 + 1) {
        double exact = 256 * log2((double)value);
        if (fabs(exact - round(exact)) > 1e-6)
            assert_int_equal(hp_log2_256(value), (uint32_t)floor(exact));
    }
}

static void fill(hp_thumbnail *t, unsigned seed, int offset)
{
    srand(seed + 1); /* 0 and 1 are one seed */
    for (size_t i = 0; i < HP_THUMBNAIL_CELLS; i++)
        t->cell[i] = (uint16_t)(5800 + rand() % 500 + offset);
}

static void thumbnails_of_one_scene_are_near_whatever_the_exposure(void **state)
{
    (void)state;
    hp_thumbnail a, b, c, flat, sceneless = {{0}};
    for (size_t i = 0; i < HP_THUMBNAIL_CELLS; i++)
        flat.cell[i] = 5000;
    fill(&a, 1, 0);
    fill(&b, 1, 300);
    fill(&c, 2, 0);
    assert_true(hp_thumbnail_distance(&a, &b) < 1e-9);
    assert_true(hp_thumbnail_distance(&a, &c) > 1);
    assert_true(hp_thumbnail_distance(&flat, &flat) == 0);
    assert_true(hp_thumbnail_distance(&a, &flat) > 1);
    assert_true(hp_thumbnail_distance(&sceneless, &sceneless) > 1);
    assert_true(hp_thumbnail_distance(&a, &sceneless) > 1);
    double mean_a = 0, mean_c = 0, difference = 0, var_a = 0, var_c = 0;
    for (size_t i = 0; i < HP_THUMBNAIL_CELLS; i++) {
        mean_a += a.cell[i] / (double)HP_THUMBNAIL_CELLS;
        mean_c += c.cell[i] / (double)HP_THUMBNAIL_CELLS;
    }
    for (size_t i = 0; i < HP_THUMBNAIL_CELLS; i++) {
        double u = a.cell[i] - mean_a, v = c.cell[i] - mean_c;
        difference += (u - v) * (u - v);
        var_a += u * u;
        var_c += v * v;
    }
    assert_true(fabs(hp_thumbnail_distance(&a, &c) - difference / fmin(var_a, var_c)) < 1e-9);
}

static char *folder_of(const char *const *paths, size_t count)
{
    hp_album album = {0};
    char *folder;
    for (size_t i = 0; i < count; i++) {
        char path[64];
        snprintf(path, sizeof path, "%s", paths[i]);
        hp_record record = {
            .path = path, .hash = {1, i}, .verdict = path[0] == '!' ? HP_PHOTO_DAMAGED : HP_PHOTO_TAKEN};
        record.reason = path[0] == '!' ? path : NULL;
        assert_int_equal(hp_album_add(&album, &record, NULL), HP_OK);
    }
    assert_int_equal(hp_album_folder(&album, &folder, NULL), HP_OK);
    hp_album_free(&album);
    return folder;
}

static void an_album_knows_the_folder_that_its_photos_lie_in(void **state)
{
    (void)state;
    static const struct {
        const char *paths[3], *folder;
    } cases[] = {
        {{"a/b/1.jpg", "a/b/2.jpg", "a/b/c/3.jpg"}, "a/b"},
        {{"a/bc/1.jpg", "a/b/2.jpg", "!other/3.jpg"}, "a"},
        {{"/x/1.jpg", "/x/y/2.jpg", "/x/z/3.jpg"}, "/x"},
        {{"/x/1.jpg", "/y/2.jpg", "/x/3.jpg"}, NULL},
        {{"a/1.jpg", "2.jpg", "a/3.jpg"}, NULL},
        {{"a/b/1.jpg", "a/b.jpg", "a/b/c.jpg"}, "a"},
        {{"!a", "!b", "!c"}, NULL},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char *folder = folder_of(cases[i].paths, 3);
        assert_string_equal(folder ? folder : "none", cases[i].folder ? cases[i].folder : "none");
        free(folder);
    }
}

/* Rows of cells above and below. */
static void put_bars(hp_thumbnail *t, size_t rows, uint16_t value)
{
    for (size_t i = 0; i < rows * HP_THUMBNAIL_COLUMNS; i++)
        t->cell[i] = t->cell[HP_THUMBNAIL_CELLS - 1 - i] = value;
}

static double inner_distance(const hp_thumbnail *a, const hp_thumbnail *b)
{
    hp_scene first, second;
    hp_scene_of(a, &first);
    hp_scene_of(b, &second);
    return hp_scene_inner_distance(&first, &second);
}

static void black_bars_make_no_scenes_alike(void **state)
{
    (void)state;
    hp_thumbnail a, same, other;
    fill(&a, 1, 0);
    fill(&same, 1, 300);
    fill(&other, 2, 0);
    double unbarred = hp_thumbnail_distance(&a, &other);
    assert_true(inner_distance(&a, &other) == unbarred);
    for (size_t rows = 3; rows <= 8; rows++) {
        put_bars(&a, rows, 4096);
        put_bars(&same, rows, 4100);
        put_bars(&other, rows, 4110);
        bool enough = HP_THUMBNAIL_ROWS - 2 * rows - 2 >= HP_THUMBNAIL_ROWS / 4 + 1;
        assert_true(enough == (inner_distance(&a, &other) > 1));
        assert_true(enough == (inner_distance(&a, &same) < 1e-9));
    }
    assert_true(hp_thumbnail_distance(&a, &other) < 0.05);
    a.cell[0] = 5800; /* a corner that is not black: no surround */
    assert_true(inner_distance(&a, &other) == hp_thumbnail_distance(&a, &other));
}

/* The distance to a scene with c times the contrast is (c - 1)^2: similar up to c = 1.2236. */
static void contrast_alone_makes_scenes_dissimilar(void **state)
{
    (void)state;
    for (int percent = 60; percent <= 160; percent++) {
        hp_album album = {0};
        hp_record record = {.path = "one", .hash = {1, 1}};
        hp_thumbnail other = {0};
        hp_scene scene;
        for (size_t i = 0; i < HP_THUMBNAIL_CELLS; i++) {
            int step = (int)(i * 7919 % 1000) - 500;
            record.scene.thumbnail.cell[i] = (uint16_t)(4000 + step);
            other.cell[i] = (uint16_t)(4000 + step * percent / 100);
        }
        assert_int_equal(hp_album_add(&album, &record, NULL), HP_OK);
        hp_scene_of(&other, &scene);
        double distance = hp_scene_distance(&album.items[0].scene, &scene);
        assert_int_equal(hp_album_find_similar(&album, 0, &scene), distance < HP_SIMILAR ? 0 : HP_NOT_FOUND);
        assert_int_equal(distance < HP_SIMILAR, percent >= 82 && percent <= 122);
        hp_album_free(&album);
    }
}

static void an_album_finds_contents_and_scenes(void **state)
{
    (void)state;
    hp_album album = {0};
    assert_int_equal(hp_album_find(&album, (hp_hash){1, 2}), HP_NOT_FOUND);
    for (unsigned i = 0; i < 200; i++) {
        char path[16];
        snprintf(path, sizeof path, "%03u", i);
        hp_record record = {.path = path, .hash = {i, i % 3}}; /* many collide */
        fill(&record.scene.thumbnail, i / 2, 0);
        assert_int_equal(hp_album_add(&album, &record, NULL), HP_OK);
    }
    for (unsigned i = 0; i < 200; i++)
        assert_int_equal(hp_album_find(&album, (hp_hash){i, i % 3}), i);
    assert_int_equal(hp_album_find(&album, (hp_hash){7, 2}), HP_NOT_FOUND);
    hp_thumbnail t;
    hp_scene scene;
    fill(&t, 40, 100);
    hp_scene_of(&t, &scene);
    assert_int_equal(hp_album_find_similar(&album, 0, &scene), 80);
    assert_int_equal(hp_album_find_similar(&album, 81, &scene), 81);
    assert_int_equal(hp_album_find_similar(&album, 82, &scene), HP_NOT_FOUND);
    hp_pool *pool;
    double effective;
    assert_int_equal(hp_pool_create(2, &pool, NULL), HP_OK);
    assert_int_equal(hp_album_effective_count(&album, pool, &effective, NULL), HP_OK);
    hp_pool_free(&pool);
    assert_true(fabs(effective - 100) < 1e-9); /* 100 scenes twice */
    assert_int_equal(hp_album_count_scenes(&album, 5), 5);
    hp_album_free(&album);
}

static void an_album_takes_its_room_at_once(void **state)
{
    enum { HELD = 3, MORE = 500 };
    (void)state;
    hp_album album = {0};
    const hp_record *items = NULL;
    const size_t *slots = NULL;
    for (unsigned i = 0; i < HELD + MORE; i++) {
        hp_record record = {.path = "photo", .hash = {i, 0}};
        if (i == HELD) {
            assert_int_equal(hp_album_reserve(&album, MORE, NULL), HP_OK);
            items = album.items;
            slots = album.slots;
        }
        assert_int_equal(hp_album_add(&album, &record, NULL), HP_OK);
    }
    assert_ptr_equal(album.items, items);
    assert_ptr_equal(album.slots, slots);
    for (unsigned i = 0; i < HELD + MORE; i++)
        assert_int_equal(hp_album_find(&album, (hp_hash){i, 0}), i);
    hp_album_free(&album);
}

static void photos_are_dealt_out_by_the_sizes_of_their_files(void **state)
{
    enum { PHOTOS = 11, MEMBERS = 4 };
    static const uint64_t sizes[PHOTOS] = {3, 8, 1, 5, 7, 2, 6, 4, 9, 9, 9};
    (void)state;
    for (unsigned members = 1; members <= MEMBERS; members++) {
        hp_photo photos[PHOTOS] = {{0}};
        size_t dealt = 0;
        uint64_t bytes[MEMBERS] = {0};
        hp_shot *first[PHOTOS], *order[PHOTOS], shots[MEMBERS][PHOTOS] = {{{0}}};
        for (unsigned rank = 0; rank < members; rank++) {
            hp_team team = {.rank = rank, .size = members};
            for (size_t i = 0; i < PHOTOS; i++) {
                photos[i].file_size = sizes[i];
                shots[rank][i].photo = &photos[i];
            }
            size_t own = hp_team_deal(&team, shots[rank], PHOTOS, order);
            uint64_t last = UINT64_MAX;
            for (size_t i = rank; i < PHOTOS; i += members, own--) {
                assert_true(order[i]->mine && order[i]->photo->file_size <= last);
                last = order[i]->photo->file_size;
                bytes[rank] += last;
                dealt++;
            }
            assert_int_equal(own, 0);
            for (size_t i = 0; i < PHOTOS; i++) {
                first[i] = rank == 0 ? order[i] : first[i];
                assert_int_equal(order[i] - shots[rank], first[i] - shots[0]); /* all deal alike */
            }
        }
        assert_int_equal(dealt, PHOTOS);
        if (members == 2)
            assert_true(bytes[0] == 32 && bytes[1] == 31);
    }
}

/* Files may have no more bytes than this from now on. */
static void limit_files(rlim_t bytes)
{
    struct rlimit limit;
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &limit), 0);
    limit.rlim_cur = bytes < limit.rlim_max ? bytes : limit.rlim_max;
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &limit), 0);
}

static void a_state_that_could_not_be_written_is_not_put_in_place_later(void **state)
{
    (void)state;
    char folder[] = "/tmp/hotpix-test-XXXXXX", path[64];
    assert_non_null(mkdtemp(folder));
    snprintf(path, sizeof path, "%s/state", folder);
    const hp_photo_info info = shape(HP_SOURCE_JPEG, 64, 64, 8, plain);
    hp_pool *pool;
    hp_state sums;
    hp_state_info saved;
    hp_keeper keeper;
    assert_int_equal(hp_pool_create(1, &pool, NULL), HP_OK);
    assert_int_equal(hp_state_start(&hp_variance_kind, &info, hp_kernels_of(HP_CPU_PLAIN), &sums, NULL), HP_OK);
    assert_int_equal(hp_keeper_open(path, -1, &keeper, NULL), HP_OK);
    assert_int_equal(hp_keeper_write(&keeper, &sums, NULL, NULL, pool, NULL), HP_OK);
    assert_int_equal(hp_keeper_commit(&keeper, NULL), HP_OK);
    void (*before)(int) = signal(SIGXFSZ, SIG_IGN);
    limit_files(4096);
    assert_int_equal(hp_keeper_write(&keeper, &sums, NULL, NULL, pool, NULL), HP_E_IO);
    limit_files(RLIM_INFINITY);
    signal(SIGXFSZ, before);
    assert_int_equal(hp_keeper_commit(&keeper, NULL), HP_OK);
    assert_int_equal(hp_state_read_info(path, &saved, NULL), HP_OK);
    hp_keeper_close(&keeper);
    hp_state_free(&sums);
    hp_pool_free(&pool);
    assert_int_equal(unlink(path), 0);
    assert_int_equal(rmdir(folder), 0); /* nothing else is left in it */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_ring_of_a_jpeg_lies_at_distance_two),
        cmocka_unit_test(a_ring_keeps_to_its_colour_and_never_meets_its_centre),
        cmocka_unit_test(rings_of_red_and_blue_are_wide),
        cmocka_unit_test(green_of_bayer_has_four_diagonal_and_four_axial_neighbours),
        cmocka_unit_test(logarithms_are_those_of_mathematics),
        cmocka_unit_test(thumbnails_of_one_scene_are_near_whatever_the_exposure),
        cmocka_unit_test(black_bars_make_no_scenes_alike),
        cmocka_unit_test(contrast_alone_makes_scenes_dissimilar),
        cmocka_unit_test(an_album_finds_contents_and_scenes),
        cmocka_unit_test(an_album_knows_the_folder_that_its_photos_lie_in),
        cmocka_unit_test(an_album_takes_its_room_at_once),
        cmocka_unit_test(photos_are_dealt_out_by_the_sizes_of_their_files),
        cmocka_unit_test(a_state_that_could_not_be_written_is_not_put_in_place_later),
    };
    return cmocka_run_group_tests_name("stats", tests, NULL, NULL);
}
