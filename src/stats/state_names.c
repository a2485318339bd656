#include "stats/state_names.h"

#include "base/error.h"
#include "base/memory.h"
#include "base/text.h"
#include "defects/list_format.h"
#include "photo/format.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum { NAME_BYTES = 256, SHOWN_MOST = 400 };

/* All that tells one camera from another but the colours of its CFA: states of two that share a name are refused. */
static void name_camera(const hp_camera *c, char out[NAME_BYTES])
{
    char bits[16] = "";
    if (c->bits != 8)
        snprintf(bits, sizeof bits, "%u", c->bits);
    bool known = c->make[0] || c->model[0];
    snprintf(out, NAME_BYTES, "%s%s%s%s%s-%ux%u-%s%s", c->make, c->make[0] && c->model[0] ? "-" : "",
             known ? c->model : "unknown", c->serial[0] ? "-" : "", c->serial, c->width, c->height,
             hp_source_name(c->source), bits);
    hp_text_for_name(out);
}

int hp_state_name_in(const char *folder, const hp_camera *camera, char **path, hp_error *err)
{
    char name[NAME_BYTES];
    *path = NULL;
    if (mkdir(folder, 0777) && errno != EEXIST) {
        hp_fail(err, HP_E_IO, "cannot be made: %s", strerror(errno));
        return hp_fail_in(err, HP_E_IO, folder);
    }
    name_camera(camera, name);
    size_t length = strlen(folder), size = length + strlen(name) + sizeof "/.fits";
    *path = hp_calloc(size, 1, err);
    if (!*path)
        return HP_E_MEMORY;
    snprintf(*path, size, "%s%s%s.fits", folder, folder[length - 1] == '/' ? "" : "/", name);
    return HP_OK;
}

static bool is_page(const char *path)
{
    static const char *const endings[] = {".html", ".htm", ".svg"};
    size_t length = strlen(path);
    for (size_t i = 0; i < sizeof endings / sizeof *endings; i++) {
        size_t tail = strlen(endings[i]);
        if (length > tail && hp_text_alike(path + length - tail, endings[i], SIZE_MAX))
            return true;
    }
    return false;
}

int hp_state_check_name(const char *path, hp_error *err)
{
    hp_list_table *const tables[] = {hp_list_formats, NULL};
    const hp_list_format *format = NULL;
    const char *file = path;
    bool has_kind = !hp_list_target(tables, path, &format, &file, NULL) && format && file != path;
    bool of_others = format ? format != &hp_list_fits : hp_format_knows_ending(path) || is_page(path);
    if (!has_kind && !of_others)
        return HP_OK;
    const char *slash = strrchr(path, '/'), *dot = strrchr(path, '.'), *stem = has_kind ? file : path;
    bool has_ending = dot && dot > stem && (!slash || dot > slash + 1);
    char name[SHOWN_MOST], shown[SHOWN_MOST];
    snprintf(name, sizeof name, "%.*s", has_ending ? (int)(dot - stem) : SHOWN_MOST, stem);
    hp_fail(err, HP_E_ARGUMENT, "a state is written, which is a FITS file; give it a name such as %s.fits",
            hp_printable(name, shown, sizeof shown));
    return hp_fail_in(err, HP_E_ARGUMENT, path);
}
