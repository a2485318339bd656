/*
 * dump_rows FILE SEED: decodes a photo whole, and twenty times some rows of it alone, drawn from the seed. Ends with 0
 * where the rows wanted are the same bytes each time, and says how many were held against each other.
 */
#include "base/error.h"
#include "photo/source.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { TIMES = 20, MOST = 12, LONGEST = 40 };

static uint32_t below(uint64_t *state, uint32_t limit)
{
    *state = *state * 6364136223846793005u + 1442695040888963407u;
    return (uint32_t)(*state >> 33) % limit;
}

/* In order and apart; the first and the last row of the frame are among them now and then. */
static size_t draw(uint64_t *state, uint32_t height, hp_rows rows[MOST])
{
    size_t count = 0;
    uint32_t y = below(state, 3) ? below(state, height) / 4 : 0;
    while (count < MOST && y < height) {
        uint32_t end = y + 1 + below(state, LONGEST);
        end = end > height || !below(state, 8) ? height : end;
        rows[count++] = (hp_rows){y, end};
        y = end + 1 + below(state, height / 4);
    }
    return count;
}

static bool same(const hp_plane *a, const hp_plane *b, const hp_rows *rows, size_t count, size_t *compared)
{
    for (size_t i = 0; i < count; i++)
        for (uint32_t y = rows[i].first; y < rows[i].end; y++, ++*compared)
            if (memcmp(hp_plane_row(a, y), hp_plane_row(b, y), (size_t)a->width * a->sample_bytes) != 0) {
                printf("row %u of %u differs\n", y, a->height);
                return false;
            }
    return true;
}

static int compare(const hp_photo *photo, uint64_t seed, hp_error *err)
{
    hp_file_buffer buffer = {0};
    hp_plane whole = {0}, some = {0};
    uint64_t size;
    size_t compared = 0;
    int code = hp_file_read(photo->path, SIZE_MAX, &buffer, &size, err);
    const hp_bytes file = {buffer.data, buffer.size};
    if (!code)
        code = hp_plane_create(&photo->info, HP_VIEW_PLANE, 0, &whole, err);
    if (!code)
        code = photo->format->decode(file, &photo->info, HP_VIEW_PLANE, &whole, err);
    for (int time = 0; time < TIMES && !code; time++) {
        hp_rows rows[MOST];
        size_t count = draw(&seed, whole.height, rows);
        code = hp_plane_create(&photo->info, HP_VIEW_PLANE, 0, &some, err);
        if (!code)
            code = hp_format_decode_rows(photo->format, file, &photo->info, rows, count, &some, err);
        if (!code && !same(&whole, &some, rows, count, &compared))
            code = hp_fail(err, HP_E_INPUT, "is not the same");
        hp_plane_free(&some);
    }
    hp_plane_free(&whole);
    hp_file_buffer_free(&buffer);
    printf("%zu rows compared\n", compared);
    return code;
}

int main(int argc, char **argv)
{
    hp_error err = {0};
    hp_pool *pool = NULL;
    hp_photo_set set = {0};
    if (argc != 3 || hp_pool_create(1, &pool, &err) ||
        hp_photo_set_open((const char *const *)argv + 1, 1, pool, NULL, &set, &err))
        return 2;
    int code = 1;
    if (set.count == 1)
        code = compare(&set.photos[0], strtoull(argv[2], NULL, 10), &err);
    if (code)
        printf("%s\n", set.skips.count ? set.skips.items[0].reason : err.message);
    hp_photo_set_free(&set);
    hp_pool_free(&pool);
    return code != 0;
}
