/* The bad pixels of every camera in a folder: scan_folder FOLDER [LIST], where LIST is a file to write, as bad.json. */
#include <hotpix.h>
#include <stdio.h>

int main(int argc, char **argv)
{
    hp_error err = {0};
    hp_scan_options options = hp_scan_defaults();
    hp_result *result = NULL;
    if (argc < 2) {
        fputs("usage: scan_folder FOLDER [LIST]\n", stderr);
        return 2;
    }
    const char *folder = argv[1];
    int code = hp_scan(&folder, 1, &options, &result, &err);
    for (size_t i = 0; !code && i < result->list_count; i++) {
        const hp_list *list = &result->lists[i];
        printf("%s: %zu photos\n", list->camera.model, list->photos_used);
        for (size_t k = 0; k < list->defect_count; k++)
            printf("%u %u %s %s\n", list->defects[k].x, list->defects[k].y, hp_kind_name(list->defects[k].kind),
                   hp_grade_name(list->defects[k].grade));
    }
    if (!code && argc > 2)
        code = hp_result_write(result, argv[2], false, &err);
    if (code)
        fprintf(stderr, "%s\n", err.message);
    hp_result_free(&result);
    return code ? 1 : 0;
}
