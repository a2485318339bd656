#include "report/json_target.h"

#include "base/error.h"
#include "base/file.h"
#include "defects/list_format.h"
#include "photo/spared.h"

static int find_file(const char *target, const char *what, const char **file, hp_error *err)
{
    char shown[256];
    if (!hp_list_target_is_json(target, file))
        return hp_fail(err, HP_E_ARGUMENT, "%s is written as JSON: '%s' should be FILE.json or json:FILE", what,
                       hp_printable(target, shown, sizeof shown));
    return HP_OK;
}

int hp_json_check_target(const char *target, const char *what, bool force, hp_error *err)
{
    const char *file;
    int code = find_file(target, what, &file, err);
    if (!code)
        code = hp_spare(file, err);
    return code ? code : hp_output_check(file, force, err);
}

int hp_json_write_target(const char *target, const char *what, json_t *root, bool force, hp_error *err)
{
    const char *file;
    hp_output output;
    int code = find_file(target, what, &file, err);
    if (!code)
        code = hp_spare(file, err);
    if (!code)
        code = hp_output_open(&output, file, force, err);
    if (code) {
        json_decref(root);
        return code;
    }
    code = hp_json_write(output.stream, root, err);
    if (!code)
        return hp_output_commit(&output, err);
    hp_output_discard(&output);
    return hp_fail_in(err, code, file);
}
