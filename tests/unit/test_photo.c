#include "photo/format.h"
#include "photo/ifd.h"
#include "photo/metadata.h"
#include "photo/paths.h"
#include "photo/source.h"
#include "tests.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static hp_photo_info grey(uint32_t width, uint32_t height, unsigned bits)
{
    return (hp_photo_info){
        .camera = {.width = width, .height = height, .bits = bits}, .channels = 1, .cfa = {1, 1, {0}}};
}

static void padding_repeats_the_frame_one_step_further_inside(void **state)
{
    (void)state;
    for (unsigned bits = 8; bits <= 16; bits += 8) {
        hp_photo_info info = grey(37, 33, bits);
        hp_plane plane;
        assert_int_equal(hp_plane_create(&info, HP_VIEW_PLANE, 2, &plane, NULL), HP_OK);
        for (uint32_t y = 0; y < 33; y++)
            for (uint32_t x = 0; x < 37; x++) {
                if (bits == 8)
                    ((uint8_t *)hp_plane_row(&plane, y))[x] = (uint8_t)(y * 7 + x);
                else
                    ((uint16_t *)hp_plane_row(&plane, y))[x] = (uint16_t)(y * 700 + x);
            }
        hp_plane_pad(&plane, 4);
        for (int y = -2; y < 35; y++)
            for (int x = -2; x < 39; x++) {
                int ix = x < 0 ? x + 4 : x >= 37 ? x - 4 : x, iy = y < 0 ? y + 4 : y >= 33 ? y - 4 : y;
                ptrdiff_t at = y * (ptrdiff_t)plane.stride + x;
                if (bits == 8)
                    assert_int_equal(((uint8_t *)plane.samples)[at], (uint8_t)(iy * 7 + ix));
                else
                    assert_int_equal(((uint16_t *)plane.samples)[at], (uint16_t)(iy * 700 + ix));
            }
        hp_plane_free(&plane);
    }
}

static void dates_are_seconds_and_nonsense_is_unknown(void **state)
{
    (void)state;
    assert_int_equal(hp_metadata_parse_date("1970:01:01 00:00:01"), 1);
    assert_int_equal(hp_metadata_parse_date("2024:02:29 12:00:00"), 1709208000);
    assert_int_equal(hp_metadata_parse_date("2016:11:22 16:32:34"), 1479832354);
    assert_int_equal(hp_metadata_parse_date("0000:00:00 00:00:00"), 0);
    assert_int_equal(hp_metadata_parse_date("2024:13:01 00:00:00"), 0);
    assert_int_equal(hp_metadata_parse_date("yesterday"), 0);
    assert_int_equal(hp_metadata_parse_date(""), 0);
}

static void every_format_is_probed_by_content_and_known_by_name(void **state)
{
    (void)state;
    for (size_t i = 0; hp_formats[i]; i++) {
        const hp_format *format = hp_formats[i];
        assert_non_null(format->name);
        assert_non_null(format->read_info);
        assert_non_null(format->decode);
        assert_non_null(format->marked);
        assert_false(format->marked((hp_bytes){(const uint8_t *)"", 0}));
        assert_false(format->probe((hp_bytes){(const uint8_t *)"", 0}));
        assert_false(format->probe((hp_bytes){(const uint8_t *)"just some text, long enough", 27}));
        char name[64], ending[16];
        for (const char *at = format->endings; sscanf(at, "%15s", ending) == 1; at += strlen(ending) + 1) {
            snprintf(name, sizeof name, "a/b.%s", ending);
            assert_true(hp_format_knows_ending(name));
        }
    }
    assert_true(hp_format_knows_ending("X.JPG"));
    assert_false(hp_format_knows_ending("x.jp"));
    assert_false(hp_format_knows_ending("jpg"));
    assert_false(hp_format_knows_ending("a.jpg/b"));
}

/* The first bytes of what cameras and programs write, and of what lies beside photos. */
static void photos_are_told_by_their_first_bytes(void **state)
{
    (void)state;
    static const struct {
        char bytes[40];
        bool marked;
    } beginnings[] = {
        {"\xff\xd8\xff\xe1........................", true},
        {"II*\0\x08\0\0\0....................", true},
        {"MM\0*\0\0\0\x08....................", true},
        {"II+\0\x08\0\0\0\x10\0\0\0\0\0\0\0........", true},
        {"IIRO\x08\0\0\0....................", true},
        {"IIU\0\x08\0\0\0....................", true},
        {"FUJIFILMCCD-RAW 0201............", true},
        {"\0\0\0\x18"
         "ftypcrx ................",
         true},
        {"\0\0\0\x18"
         "ftypheic................",
         true},
        {"\0\0\0\x18"
         "ftypavif................",
         true},
        {"\x89PNG\r\n\x1a\n\0\0\0\rIHDR........", true},
        {"SIMPLE  =                    T  ", true},
        {"\0\0\0\x18"
         "ftypmp42................",
         false},
        {"\0\0\0\x18"
         "ftypqt  ................",
         false},
        {"<x:xmpmeta xmlns:x=\"adobe:ns:me", false},
        {"%PDF-1.4........................", false},
        {"GIF89a..........................", false},
    };
    for (size_t i = 0; i < sizeof beginnings / sizeof *beginnings; i++) {
        const uint8_t *bytes = (const uint8_t *)beginnings[i].bytes;
        assert_int_equal(hp_format_is_marked((hp_bytes){bytes, 32}), beginnings[i].marked);
        for (size_t size = 1; size < 32; size++) {
            uint8_t *start = malloc(size);
            assert_non_null(start);
            memcpy(start, bytes, size);
            (void)hp_format_is_marked((hp_bytes){start, size}); /* looks at no byte beyond */
            free(start);
        }
    }
}

/* A grey PNG of 8 bits with a chunk before its samples. */
static int admits_png(uint8_t bits, uint8_t type, const char *chunk, size_t size)
{
    uint8_t png[256] = "\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x40\0\0\0\x40";
    png[24] = bits;
    png[25] = type;
    memcpy(png + 33, chunk, size);
    return hp_format_admit((hp_bytes){png, 33 + size}, NULL);
}

static void only_what_no_camera_writes_is_not_admitted(void **state)
{
    (void)state;
    static const char own[] = "\0\0\0\x0ftEXtSoftware\0hotpix....\0\0\0\0IDAT";
    static const char other[] = "\0\0\0\x0ftEXtSoftware\0camera....\0\0\0\0IDAT";
    static const char late[] = "\0\0\0\4IDAT........\0\0\0\x0ftEXtSoftware\0hotpix....";
    static const char endless[] = "\xff\xff\xff\xfftEXtSoftware\0hotpix....";
    assert_int_equal(admits_png(8, 0, own, sizeof own - 1), HP_E_NO_PHOTO);
    assert_int_equal(admits_png(8, 0, other, sizeof other - 1), HP_OK);
    assert_int_equal(admits_png(16, 2, late, sizeof late - 1), HP_OK);
    assert_int_equal(admits_png(8, 2, endless, sizeof endless - 1), HP_OK);
    for (size_t size = 0; size < sizeof own - 11; size++)
        assert_int_equal(admits_png(8, 0, own, size), size < 23 ? HP_OK : HP_E_NO_PHOTO);
    assert_int_equal(admits_png(8, 3, other, sizeof other - 1), HP_E_NO_PHOTO);
    assert_int_equal(admits_png(1, 0, other, sizeof other - 1), HP_E_NO_PHOTO);
    assert_int_equal(admits_png(3, 0, other, sizeof other - 1), HP_OK); /* damage, which is named */
    assert_int_equal(hp_format_admit((hp_bytes){(const uint8_t *)"text", 4}, NULL), HP_OK);
}

static void a_jpeg_cut_at_any_byte_is_an_error(void **state)
{
    (void)state;
    const uint8_t start[] = {0xff, 0xd8, 0xff, 0xe0, 0, 16, 'J', 'F', 'I', 'F',  0,
                             1,    1,    0,    0,    1, 0,  1,   0,   0,   0xff, 0xd9};
    for (size_t size = 3; size <= sizeof start; size++) {
        hp_photo_info info = {0};
        hp_error err = {0};
        assert_int_not_equal(hp_format_jpeg.read_info((hp_bytes){start, size}, size, &info, &err), HP_OK);
        assert_true(strlen(err.message) > 0);
    }
}

static void touch(const char *folder, const char *name)
{
    char path[256];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    fclose(file);
}

enum { REPEAT = 33421, PATTERN = 33422, KODAK_PATTERN = 64777, IFD_ENTRY = 12, MOST_TIFF = 256 };

/* Adds to a little-endian TIFF an entry of this type and count, whose value is `value`. */
static size_t add_entry(uint8_t *tiff, size_t size, unsigned tag, unsigned type, unsigned count, uint32_t value)
{
    const uint32_t words[3] = {tag | type << 16, count, value};
    for (size_t i = 0; i < IFD_ENTRY; i++)
        tiff[size + i] = (uint8_t)(words[i / 4] >> i % 4 * 8);
    return size + IFD_ENTRY;
}

/* A TIFF of one directory: a repeat of 6x6 where announced, a pattern of 36, and as many entries more as are claimed.
 */
static bool is_endless(bool announced, unsigned pattern, unsigned claimed_more)
{
    uint8_t tiff[MOST_TIFF] = {'I', 'I', '*', 0, 8};
    size_t size = 10;
    if (announced)
        size = add_entry(tiff, size, REPEAT, 3, 2, 6 | 6 << 16);
    size = add_entry(tiff, size, pattern, 1, 36, 0);
    tiff[8] = (uint8_t)(announced + 1 + claimed_more);
    hp_ifds ifds;
    hp_ifds_read((hp_bytes){tiff, claimed_more ? size : sizeof tiff}, &ifds);
    assert_true(ifds.found && ifds.complete == (claimed_more == 0));
    return ifds.endless_cfa;
}

/* LibRaw 0.20.2, which dies of them, sees them in directories that are cut short, too. */
static void patterns_that_libraw_reads_for_ever_are_told(void **state)
{
    (void)state;
    assert_false(is_endless(true, PATTERN, 0));
    assert_true(is_endless(false, PATTERN, 0));
    assert_true(is_endless(false, KODAK_PATTERN, 0));
    assert_true(is_endless(true, KODAK_PATTERN, 0));
    assert_true(is_endless(false, PATTERN, 100));
}

static void paths_are_walked_expanded_and_counted_once(void **state)
{
    (void)state;
    char folder[] = "/tmp/hotpix-test-XXXXXX", sub[64], pattern[64], missing[64];
    assert_non_null(mkdtemp(folder));
    snprintf(sub, sizeof sub, "%s/sub", folder);
    snprintf(pattern, sizeof pattern, "%s/*.jpg", folder);
    snprintf(missing, sizeof missing, "%s/none", folder);
    assert_int_equal(mkdir(sub, 0700), 0);
    touch(folder, "b.jpg");
    touch(folder, "a [1].jpg");
    touch(folder, ".hidden.jpg");
    touch(sub, "c.txt");
    char loop[80];
    snprintf(loop, sizeof loop, "%s/loop", sub);
    assert_int_equal(symlink(folder, loop), 0);
    const char *arguments[] = {pattern, folder, missing};
    hp_paths paths = {0};
    hp_skips skips = {0};
    assert_int_equal(hp_paths_collect(arguments, 3, &paths, &skips, NULL), HP_OK);
    assert_int_equal(paths.count, 3);
    assert_non_null(strstr(paths.items[0].path, "a [1].jpg"));
    assert_true(paths.items[0].named);
    assert_non_null(strstr(paths.items[2].path, "sub/c.txt"));
    assert_false(paths.items[2].named);
    assert_int_equal(skips.count, 1);
    assert_string_equal(skips.items[0].reason, "does not exist");
    hp_paths_free(&paths);
    hp_skipped_free(skips.items, skips.count);
    char command[128];
    snprintf(command, sizeof command, "rm -r %s", folder);
    assert_int_equal(system(command), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(padding_repeats_the_frame_one_step_further_inside),
        cmocka_unit_test(dates_are_seconds_and_nonsense_is_unknown),
        cmocka_unit_test(every_format_is_probed_by_content_and_known_by_name),
        cmocka_unit_test(photos_are_told_by_their_first_bytes),
        cmocka_unit_test(only_what_no_camera_writes_is_not_admitted),
        cmocka_unit_test(a_jpeg_cut_at_any_byte_is_an_error),
        cmocka_unit_test(patterns_that_libraw_reads_for_ever_are_told),
        cmocka_unit_test(paths_are_walked_expanded_and_counted_once),
    };
    return cmocka_run_group_tests_name("photo", tests, NULL, NULL);
}
