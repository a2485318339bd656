#include "base/error.h"
#include "base/file.h"
#include "base/memory.h"
#include "base/pool.h"
#include "base/text.h"
#include "tests.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

static void an_error_names_its_subject_first(void **state)
{
    (void)state;
    hp_error err = {0};
    assert_int_equal(hp_fail(&err, HP_E_IO, "row %d of %d is missing", 812, 4000), HP_E_IO);
    assert_string_equal(err.message, "row 812 of 4000 is missing");
    hp_fail_in(&err, HP_E_INPUT, "a\nb.jpg");
    assert_string_equal(err.message, "a\\x0ab.jpg: row 812 of 4000 is missing");
    assert_int_equal(err.code, HP_E_INPUT);
}

static void hostile_names_become_printable(void **state)
{
    (void)state;
    char out[64];
    assert_string_equal(hp_printable("caf\xc3\xa9 \xf0\x9f\x93\xb7", out, sizeof out), "caf\xc3\xa9 \xf0\x9f\x93\xb7");
    assert_string_equal(hp_printable("a\x1b[31m", out, sizeof out), "a\\x1b[31m");
    assert_string_equal(hp_printable("\xff\xc0\x80", out, sizeof out), "\\xff\\xc0\\x80");
    assert_string_equal(hp_printable("\xe2\x80\xae"
                                     "gpj",
                                     out, sizeof out),
                        "\\xe2\\x80\\xaegpj");
    assert_string_equal(hp_printable("abcdef", out, 4), "abc");
    assert_string_equal(hp_printable("ab\x01", out, 6), "ab");
}

static void a_name_that_is_cut_has_no_blanks_at_its_end(void **state)
{
    (void)state;
    char out[8];
    const char text[] = "  ab cd        ef";
    hp_copy_trimmed(out, sizeof out, text, sizeof text);
    assert_string_equal(out, "ab cd");
    hp_copy_trimmed(out, sizeof out, "   ", 3);
    assert_string_equal(out, "");
}

static void texts_are_alike_in_any_case_of_ascii(void **state)
{
    (void)state;
    assert_true(hp_text_alike("A.TIFF", "a.tiff", SIZE_MAX));
    assert_false(hp_text_alike("A.TIFF", "a.tif", SIZE_MAX));
    assert_true(hp_text_alike("NIKON D80", "Nikon Corporation", 6));
    assert_false(hp_text_alike("NIK", "Nikon", 5));
    assert_false(hp_text_alike("[", "{", SIZE_MAX));
    assert_false(hp_text_alike("\xc4", "\xe4", SIZE_MAX));
    assert_true(hp_text_alike("", "", SIZE_MAX));
}

static void a_size_is_told_in_units_that_show_it(void **state)
{
    (void)state;
    char out[HP_SIZE_TEXT];
    assert_string_equal(hp_size_text(1, false, out), "1 byte");
    assert_string_equal(hp_size_text(5, true, out), "5 bytes");
    assert_string_equal(hp_size_text(102400, false, out), "100 KiB");
    assert_string_equal(hp_size_text(102500, false, out), "100 KiB");
    assert_string_equal(hp_size_text(102500, true, out), "101 KiB");
    assert_string_equal(hp_size_text(19 << 20, true, out), "19 MiB");
    assert_string_equal(hp_size_text(UINT64_MAX, true, out), "17592186044416 MiB");
}

static void sizes_that_overflow_are_refused(void **state)
{
    (void)state;
    size_t product;
    assert_true(hp_multiply(3, 4, 5, &product));
    assert_int_equal(product, 60);
    assert_false(hp_multiply(SIZE_MAX, 2, 1, &product));
    assert_false(hp_multiply(SIZE_MAX / 2, 2, 2, &product));
    hp_error err = {0};
    assert_null(hp_pages(SIZE_MAX / 2, 4, &err));
    assert_int_equal(err.code, HP_E_MEMORY);
}

static void pages_are_zeroed_and_large(void **state)
{
    (void)state;
    size_t count = 5u << 20;
    unsigned char *memory = hp_pages(count, 1, NULL);
    assert_non_null(memory);
    for (size_t i = 0; i < count; i += 4096)
        assert_int_equal(memory[i], 0);
    memset(memory, 1, count);
    hp_pages_free(memory);
    hp_pages_free(NULL);
}

static void note_index(void *context, size_t index, unsigned worker)
{
    (void)worker;
    atomic_fetch_add(&((atomic_int *)context)[index], 1);
}

static void the_pool_runs_every_task_once(void **state)
{
    (void)state;
    for (unsigned threads = 1; threads <= 7; threads += 3) {
        hp_pool *pool;
        assert_int_equal(hp_pool_create(threads, &pool, NULL), HP_OK);
        assert_int_equal(hp_pool_threads(pool), threads);
        for (size_t round = 0; round < 50; round++) {
            atomic_int done[100] = {0};
            hp_pool_run(pool, round, note_index, done);
            for (size_t i = 0; i < 100; i++)
                assert_int_equal(done[i], i < round ? 1 : 0);
        }
        hp_pool_free(&pool);
        assert_null(pool);
    }
}

static void helpers_work_before_the_caller_waits(void **state)
{
    (void)state;
    enum { TASKS = 20, PATIENCE = 10000 };
    const struct timespec millisecond = {.tv_nsec = 1000000};
    for (unsigned threads = 1; threads <= 2; threads++) {
        hp_pool *pool;
        atomic_int done[TASKS] = {0};
        assert_int_equal(hp_pool_create(threads, &pool, NULL), HP_OK);
        hp_pool_start(pool, TASKS, note_index, done);
        for (int i = 0; threads > 1 && !done[TASKS - 1] && i < PATIENCE; i++)
            nanosleep(&millisecond, NULL);
        assert_int_equal(done[TASKS - 1], threads - 1);
        hp_pool_wait(pool);
        for (size_t i = 0; i < TASKS; i++)
            assert_int_equal(done[i], 1);
        hp_pool_free(&pool);
    }
}

static void too_many_threads_are_an_error(void **state)
{
    (void)state;
    hp_pool *pool;
    hp_error err = {0};
    assert_int_equal(hp_pool_create(100000, &pool, &err), HP_E_ARGUMENT);
    assert_non_null(strstr(err.message, "100000"));
}

static char *folder_for_test(void)
{
    static char name[] = "/tmp/hotpix-test-XXXXXX";
    strcpy(name, "/tmp/hotpix-test-XXXXXX");
    assert_non_null(mkdtemp(name));
    return name;
}

static void an_output_appears_whole_or_not_at_all(void **state)
{
    (void)state;
    char *folder = folder_for_test(), path[64];
    snprintf(path, sizeof path, "%s/x", folder);
    hp_output output;
    assert_int_equal(hp_output_open(&output, path, false, NULL), HP_OK);
    fputs("one", output.stream);
    assert_int_equal(access(path, F_OK), -1);
    assert_int_equal(hp_output_commit(&output, NULL), HP_OK);
    assert_int_equal(access(path, F_OK), 0);

    hp_error err = {0};
    assert_int_equal(hp_output_open(&output, path, false, &err), HP_E_IO);
    assert_non_null(strstr(err.message, "exists already"));
    assert_int_equal(hp_output_open(&output, path, true, NULL), HP_OK);
    fputs("two", output.stream);
    hp_output_discard(&output);
    hp_file_buffer buffer = {0};
    uint64_t size;
    assert_int_equal(hp_file_read(path, SIZE_MAX, &buffer, &size, NULL), HP_OK);
    assert_memory_equal(buffer.data, "one", 3);
    hp_file_buffer_free(&buffer);
    unlink(path);
    assert_int_equal(rmdir(folder), 0); /* no temporary was left */
}

static void check_output(void *folder, size_t index, unsigned worker)
{
    (void)worker;
    char path[64];
    snprintf(path, sizeof path, "%s/%zu", (const char *)folder, index);
    hp_output_check(path, false, NULL);
}

static void outputs_of_many_threads_leave_the_umask_as_it_is(void **state)
{
    (void)state;
    hp_pool *pool;
    char *folder = folder_for_test();
    mode_t before = umask(027);
    assert_int_equal(hp_pool_create(4, &pool, NULL), HP_OK);
    hp_pool_run(pool, 5000, check_output, folder);
    assert_int_equal(umask(before), 027);
    hp_pool_free(&pool);
    assert_int_equal(rmdir(folder), 0);
}

static void a_name_beside_another_is_no_longer_than_any(void **state)
{
    (void)state;
    char path[300], *name = hp_name_beside("folder/x", ".new", NULL);
    assert_string_equal(name, "folder/x.new");
    free(name);
    for (size_t odd = 0; odd < 2; odd++) {
        memset(path, 0, sizeof path);
        snprintf(path, sizeof path, "folder/%s", odd ? "x" : "");
        for (size_t i = 0; i < 127; i++)
            strcpy(path + strlen(path), "\xc3\xa4"); /* a with two dots */
        name = hp_name_beside(path, ".unfinished", NULL);
        assert_int_equal(strlen(name), sizeof "folder/" - 1 + 240 - odd + 11);
        for (const char *at = name; *at; at += hp_utf8_length(at))
            assert_int_not_equal(hp_utf8_length(at), 0);
        free(name);
    }
}

static void a_file_is_hashed_whole_though_its_beginning_is_kept(void **state)
{
    (void)state;
    enum { MOST = 1 << 17, LARGEST = 3 * MOST + 5 };
    const size_t sizes[] = {1, 5000, MOST - 1, MOST, MOST + 1, 2 * MOST, LARGEST};
    char *folder = folder_for_test(), path[64];
    snprintf(path, sizeof path, "%s/file", folder);
    uint8_t *bytes = malloc(LARGEST);
    for (size_t i = 0; i < LARGEST; i++)
        bytes[i] = (uint8_t)(i * 2654435761u >> 13);
    hp_file_buffer buffer = {0};
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        uint64_t size;
        hp_hash hash, whole = hp_hash_of(bytes, sizes[i]);
        FILE *file = fopen(path, "wb");
        assert_int_equal(fwrite(bytes, 1, sizes[i], file), sizes[i]);
        fclose(file);
        assert_int_equal(hp_file_read_hashed(path, MOST, &buffer, &size, &hash, NULL), HP_OK);
        assert_int_equal(size, sizes[i]);
        assert_int_equal(buffer.size, sizes[i] < MOST ? sizes[i] : MOST);
        assert_memory_equal(buffer.data, bytes, buffer.size);
        assert_true(hp_hash_equal(hash, whole));
    }
    hp_file_buffer_free(&buffer);
    free(bytes);
    unlink(path);
    rmdir(folder);
}

static void only_regular_files_are_read(void **state)
{
    (void)state;
    hp_file_buffer buffer = {0};
    uint64_t size;
    hp_error err = {0};
    assert_int_equal(hp_file_read("/", SIZE_MAX, &buffer, &size, &err), HP_E_INPUT);
    assert_int_equal(hp_file_read("/dev/null", SIZE_MAX, &buffer, &size, &err), HP_E_INPUT);
    assert_string_equal(err.message, "is not a regular file");
    assert_int_equal(hp_file_read("/nowhere/at/all", SIZE_MAX, &buffer, &size, &err), HP_E_IO);
    char *folder = folder_for_test(), path[64];
    snprintf(path, sizeof path, "%s/fifo", folder);
    assert_int_equal(mkfifo(path, 0600), 0);
    assert_int_equal(hp_file_read(path, SIZE_MAX, &buffer, &size, &err), HP_E_INPUT);
    unlink(path);
    rmdir(folder);
    hp_file_buffer_free(&buffer);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_error_names_its_subject_first),
        cmocka_unit_test(hostile_names_become_printable),
        cmocka_unit_test(a_name_that_is_cut_has_no_blanks_at_its_end),
        cmocka_unit_test(texts_are_alike_in_any_case_of_ascii),
        cmocka_unit_test(a_size_is_told_in_units_that_show_it),
        cmocka_unit_test(sizes_that_overflow_are_refused),
        cmocka_unit_test(pages_are_zeroed_and_large),
        cmocka_unit_test(the_pool_runs_every_task_once),
        cmocka_unit_test(helpers_work_before_the_caller_waits),
        cmocka_unit_test(too_many_threads_are_an_error),
        cmocka_unit_test(an_output_appears_whole_or_not_at_all),
        cmocka_unit_test(outputs_of_many_threads_leave_the_umask_as_it_is),
        cmocka_unit_test(a_name_beside_another_is_no_longer_than_any),
        cmocka_unit_test(a_file_is_hashed_whole_though_its_beginning_is_kept),
        cmocka_unit_test(only_regular_files_are_read),
    };
    return cmocka_run_group_tests_name("base", tests, NULL, NULL);
}
