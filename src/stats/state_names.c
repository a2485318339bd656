#include "stats/state_names.h"

#include "base/error.h"
#include "base/memory.h"
#include "base/text.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum { NAME_BYTES = 256 };

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
