/* Parts of a set that were scanned apart become one: merge_states TARGET STATE... prints the bad pixels of all. */
#include <hotpix.h>
#include <stdio.h>

int main(int argc, char **argv)
{
    hp_error err = {0};
    hp_scan_options options = hp_scan_defaults();
    hp_state_info info;
    hp_result *result = NULL;
    if (argc < 3) {
        fputs("usage: merge_states TARGET STATE...\n", stderr);
        return 2;
    }
    const char *target = argv[1];
    int code = hp_merge((const char *const *)argv + 2, (size_t)argc - 2, target, false, &options.run, &err);
    if (!code)
        code = hp_state_read_info(target, &info, &err);
    if (!code)
        code = hp_detect_states(&target, 1, &options.run, &result, &err);
    if (!code)
        printf("%s: %zu photos\n", info.camera.model, info.photos);
    for (size_t i = 0; !code && i < result->lists[0].defect_count; i++)
        printf("%u %u\n", result->lists[0].defects[i].x, result->lists[0].defects[i].y);
    if (code)
        fprintf(stderr, "%s\n", err.message);
    hp_result_free(&result);
    return code ? 1 : 0;
}
