/*
 * Photos of every kind, decoded by the test and fed from memory: the same state and the same result, byte for byte, as
 * a scan of the files. Prints TAP. The environment gives CAMSIM.
 */
#include "base/error.h"
#include "photo/source.h"
#include "stats/album.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static char folder[] = "/tmp/feed.XXXXXX";

static const char *in_folder(const char *name)
{
    static char paths[4][256];
    static unsigned next;
    char *path = paths[next++ % 4];
    snprintf(path, sizeof *paths, "%s/%s", folder, name);
    return path;
}

static int feed_photo(hp_feed *feed, const hp_photo *photo, hp_error *err)
{
    hp_file_buffer buffer = {0};
    hp_plane plane = {0};
    uint64_t size;
    int code = hp_file_read(photo->path, SIZE_MAX, &buffer, &size, err);
    hp_bytes file = {buffer.data, buffer.size};
    if (!code)
        code = hp_plane_create(&photo->info, HP_VIEW_PLANE, 0, &plane, err);
    if (!code)
        code = photo->format->decode(file, &photo->info, HP_VIEW_PLANE, &plane, err);
    if (!code) {
        hp_hash hash = hp_hash_of(file.data, file.size);
        const hp_frame frame = {.samples = plane.samples,
                                .stride_bytes = plane.stride * plane.sample_bytes,
                                .name = photo->path,
                                .exposure_s = photo->info.exposure_s,
                                .iso = photo->info.gain * 100,
                                .taken_s = photo->info.taken_s,
                                .black = plane.black,
                                .id = {hash.high, hash.low}};
        code = hp_feed_add(feed, &frame, err);
    }
    hp_plane_free(&plane);
    hp_file_buffer_free(&buffer);
    return code;
}

static int feed_all(const char *photos, const hp_scan_options *options, hp_error *err)
{
    hp_photo_set set = {0};
    hp_pool *pool = NULL;
    hp_feed *feed = NULL;
    hp_result *result = NULL;
    int code = hp_pool_create(1, &pool, err);
    if (!code)
        code = hp_photo_set_open(&photos, 1, pool, NULL, &set, err);
    if (!code)
        code = hp_feed_open(&set.photos[0].info.camera, options, &feed, err);
    for (size_t i = 0; !code && i < set.count; i++)
        code = feed_photo(feed, &set.photos[i], err);
    if (!code)
        code = hp_feed_finish(feed, &result, err);
    if (!code)
        code = hp_result_write(result, in_folder("fed.csv"), true, err);
    hp_result_free(&result);
    hp_feed_free(&feed);
    hp_photo_set_free(&set);
    hp_pool_free(&pool);
    return code;
}

static int scan_all(const char *photos, const hp_scan_options *options, hp_error *err)
{
    hp_result *result = NULL;
    int code = hp_scan(&photos, 1, options, &result, err);
    if (!code)
        code = hp_result_write(result, in_folder("scanned.csv"), true, err);
    hp_result_free(&result);
    return code;
}

static bool run(const char *command)
{
    bool done = system(command) == 0; /* of this test alone */
    if (!done)
        printf("# failed: %s\n", command);
    return done;
}

static bool same_files(const char *first, const char *second)
{
    char command[600];
    snprintf(command, sizeof command, "cmp '%s' '%s' && [ $(wc -l <'%s') -gt 1 ]", in_folder(first), in_folder(second),
             in_folder(first));
    return run(command);
}

/* options of camsim; the feed takes another number of photos a round, threads and kernels. */
static bool try_kind(const char *camsim_options)
{
    char command[600];
    const char *photos = in_folder("photos");
    hp_error err = {0};
    snprintf(command, sizeof command,
             "rm -rf '%s'/*; \"$CAMSIM\" --size 320x240 --number 13 --seed 4 --defects-per-class 1 %s '%s' >/dev/null",
             folder, camsim_options, photos);
    if (!run(command))
        return false;
    hp_scan_options fed = hp_scan_defaults(), scanned = hp_scan_defaults();
    fed.run.state = in_folder("fed.fits");
    fed.run.batch = 3;
    fed.run.cpu = HP_CPU_PLAIN;
    scanned.run.state = in_folder("scanned.fits");
    int code = feed_all(photos, &fed, &err);
    if (!code)
        code = scan_all(photos, &scanned, &err);
    if (code)
        printf("# %s\n", err.message);
    return !code && same_files("fed.fits", "scanned.fits") && same_files("fed.csv", "scanned.csv");
}

enum { SIDE = 240, FRAMES = 3 };

static bool counts(const hp_result *result, size_t new, size_t known)
{
    return result && result->lists[0].photos_new == new && result->lists[0].photos_known == known;
}

/* The frames of try_names once more, with the state that has them. */
static bool try_again(uint8_t samples[FRAMES][SIDE * SIDE], const char *const *names, const hp_scan_options *options)
{
    const hp_camera camera = {.width = SIDE, .height = SIDE, .bits = 8};
    hp_feed *feed = NULL;
    hp_result *result = NULL;
    int code = hp_feed_open(&camera, options, &feed, NULL);
    for (size_t i = 0; !code && i < FRAMES; i++)
        code = hp_feed_add(feed, &(hp_frame){.samples = samples[i], .stride_bytes = SIDE, .name = names[i]}, NULL);
    if (!code)
        code = hp_feed_finish(feed, &result, NULL);
    bool known = !code && counts(result, 0, FRAMES);
    hp_result_free(&result);
    hp_feed_free(&feed);
    return known;
}

/* A state of frames with any names, of a camera that says no more than its frame, can be read again. */
static bool try_names(void)
{
    static uint8_t samples[FRAMES][SIDE * SIDE];
    static char longest[4097 + 1];
    memset(longest, '\xff', sizeof longest - 1);
    const char *const names[FRAMES] = {"", NULL, longest + 1};
    const hp_camera camera = {.width = SIDE, .height = SIDE, .bits = 8};
    hp_scan_options options = hp_scan_defaults();
    options.similar = HP_SIMILAR_KEEP;
    options.run.state = in_folder("names.fits");
    hp_feed *feed = NULL;
    hp_result *result = NULL;
    hp_state_info info = {0};
    hp_error err = {0};
    int code = hp_feed_open(&camera, &options, &feed, &err);
    for (size_t i = 0; !code && i < FRAMES; i++) {
        samples[i][i] = 1; /* each is a photo of its own */
        code = hp_feed_add(feed, &(hp_frame){.samples = samples[i], .stride_bytes = SIDE, .name = names[i]}, &err);
    }
    const hp_frame too_long = {.samples = samples, .stride_bytes = SIDE, .name = longest};
    bool refused = !code && hp_feed_add(feed, &too_long, NULL) == HP_E_ARGUMENT;
    if (!code)
        code = hp_feed_finish(feed, &result, &err);
    if (!code)
        code = hp_state_read_info(options.run.state, &info, &err);
    if (code)
        printf("# %s\n", err.message);
    bool counted = counts(result, FRAMES, 0);
    hp_result_free(&result);
    hp_feed_free(&feed);
    return refused && !code && info.photos == FRAMES && counted && try_again(samples, names, &options);
}

/* Of the photos of the last kind. */
static bool try_without_error(void)
{
    const char *photos = in_folder("photos");
    hp_scan_options options = hp_scan_defaults();
    options.run.memory_bytes = 1;
    hp_result *result = NULL;
    return hp_scan(&photos, 1, &options, &result, NULL) == HP_E_MEMORY && !result;
}

int main(void)
{
    static const char *const kinds[][2] = {{"JPEG", ""}, {"DNG", "--format dng"}};
    bool all_good = mkdtemp(folder) != NULL;
    for (size_t i = 0; i < 2; i++) {
        bool good = all_good && try_kind(kinds[i][1]);
        printf("%s %zu - %s decoded by the caller gives the state and the result of a scan of the files\n",
               good ? "ok" : "not ok", i + 1, kinds[i][0]);
        all_good = all_good && good;
    }
    bool good = all_good && try_names();
    printf("%s 3 - a state of frames without names and with the longest can be read and gone on with\n",
           good ? "ok" : "not ok");
    all_good = all_good && good;
    good = all_good && try_without_error();
    printf("%s 4 - a scan without enough memory fails, also where nobody wants to know why\n", good ? "ok" : "not ok");
    all_good = all_good && good;
    char command[128];
    snprintf(command, sizeof command, "rm -rf '%s'", folder);
    printf("1..4\n");
    return run(command) && all_good ? 0 : 1;
}
