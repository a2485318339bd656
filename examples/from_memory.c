/* Bad pixels of frames that a program has in memory: here they are made, with one pixel too bright in each. */
#include <hotpix.h>
#include <stdio.h>
#include <stdlib.h>

enum { WIDTH = 320, HEIGHT = 240, FRAMES = 30, BAD_X = 200, BAD_Y = 100 };

/* Another scene and another noise in every frame. */
static void expose(int frame, uint16_t *samples)
{
    for (int y = 0; y < HEIGHT; y++)
        for (int x = 0; x < WIDTH; x++)
            samples[y * WIDTH + x] = (uint16_t)(4000 + x * (frame % 7) + y * (frame % 5) + rand() % 300);
    samples[BAD_Y * WIDTH + BAD_X] = (uint16_t)(samples[BAD_Y * WIDTH + BAD_X] + 2000);
}

int main(void)
{
    static uint16_t samples[WIDTH * HEIGHT];
    const hp_camera camera = {.model = "Example", .width = WIDTH, .height = HEIGHT, .bits = 16};
    hp_error err = {0};
    hp_scan_options options = hp_scan_defaults();
    hp_feed *feed = NULL;
    hp_result *result = NULL;
    int code = hp_feed_open(&camera, &options, &feed, &err);
    for (int frame = 0; !code && frame < FRAMES; frame++) {
        expose(frame, samples);
        const hp_frame next = {.samples = samples, .stride_bytes = WIDTH * sizeof *samples, .exposure_s = 0.01};
        code = hp_feed_add(feed, &next, &err);
    }
    if (!code)
        code = hp_feed_finish(feed, &result, &err);
    for (size_t i = 0; !code && i < result->lists[0].defect_count; i++)
        printf("%u %u\n", result->lists[0].defects[i].x, result->lists[0].defects[i].y);
    if (code)
        fprintf(stderr, "%s\n", err.message);
    hp_result_free(&result);
    hp_feed_free(&feed);
    return code ? 1 : 0;
}
