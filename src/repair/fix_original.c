/* The originals of photos that are repaired in place: kept, and what a later repair begins with. */
#include "repair/fix.h"

#include "base/error.h"
#include "base/file.h"
#include "base/memory.h"
#include "defects/reading.h"
#include "photo/originals.h"
#include "photo/scale.h"
#include "photo/spared.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static char *name_behind(const char *photo, const char *ending, hp_error *err)
{
    size_t size = strlen(photo) + strlen(ending) + 1;
    char *name = hp_calloc(size, 1, err);
    if (name)
        snprintf(name, size, "%s%s", photo, ending);
    return name;
}

static bool is_file(const char *path, const struct stat *file)
{
    struct stat status;
    return !stat(path, &status) && hp_is_same_file(&status, file);
}

/* ---- keeping ---- */

static int copy_file(const char *from, const char *to, bool force, hp_error *err)
{
    hp_file_buffer buffer = {0};
    hp_output output = {0};
    uint64_t size;
    int code = hp_file_read(from, SIZE_MAX, &buffer, &size, err);
    if (!code)
        code = hp_output_open(&output, to, force, err);
    if (!code) {
        (void)fwrite(buffer.data, 1, buffer.size, output.stream); /* commit tells */
        code = hp_output_commit(&output, err);
    }
    hp_file_buffer_free(&buffer);
    return code;
}

/* At no time there is none: a link beside it takes its place. */
static int replace_original(const char *photo, const char *original, hp_error *err)
{
    char *fresh = name_behind(original, ".new", err);
    if (!fresh)
        return HP_E_MEMORY;
    (void)unlink(fresh);
    bool replaced = link(photo, fresh) == 0 && rename(fresh, original) == 0;
    (void)unlink(fresh);
    free(fresh);
    return replaced ? HP_OK : copy_file(photo, original, true, err);
}

static int fail_length(const char *original, hp_error *err)
{
    const char *slash = strrchr(original, '/');
    return hp_fail(err, HP_E_IO,
                   "its name is too long to keep it: with .orig behind it has %zu bytes; --no-original goes without",
                   strlen(slash ? slash + 1 : original));
}

/* A symbolic link there is no original, and not ours to take away; the photo itself under both names is kept already.
 */
int hp_fix_keep_original(const char *photo, bool force, bool *kept, hp_error *err)
{
    int code = HP_OK;
    struct stat status;
    *kept = false;
    char *original = name_behind(photo, HP_ORIGINAL, err);
    if (!original)
        return HP_E_MEMORY;
    bool none = lstat(original, &status) != 0;
    if (none && errno == ENAMETOOLONG) {
        code = fail_length(original, err);
    } else if (none) {
        code = link(photo, original) ? copy_file(photo, original, false, err) : HP_OK;
        *kept = code == HP_OK;
    } else if (is_file(photo, &status)) {
        code = HP_OK;
    } else if (!force) {
        code = hp_fail(err, HP_E_IO, "its .orig exists already, and is not the photo as it was; --force replaces that");
    } else {
        code = replace_original(photo, original, err);
    }
    free(original);
    return code;
}

void hp_fix_drop_original(const char *photo)
{
    char *original = name_behind(photo, HP_ORIGINAL, NULL);
    if (original)
        (void)unlink(original);
    free(original);
}

/* ---- beginning with it ---- */

static bool is_of(const hp_camera *original, const hp_camera *photo)
{
    return original->width == photo->width && original->height == photo->height && original->source == photo->source &&
           hp_camera_agrees(original, photo);
}

/* One scale for both, as if both had been in the set. */
static hp_photo_info join_info(const hp_photo_info *original, const hp_photo_info *photo)
{
    hp_photo_info info = *original;
    info.scale = hp_scale_join(&original->scale, &photo->scale);
    info.camera.bits = photo->camera.bits + (unsigned)(photo->scale.shift - info.scale.shift);
    return info;
}

/* What is no photo of this camera and size is none that hotpix kept; such photos are not replaced all the same. */
static int look_at(const char *original, const hp_photo *photo, hp_decoder *decoder, hp_fix_start *start, hp_error *err)
{
    const hp_format *format = NULL;
    hp_photo_info info = {0};
    hp_error why = {0};
    int code = hp_decoder_read(decoder, original, SIZE_MAX, &why);
    if (!code)
        code = hp_decoder_identify(decoder, &format, &info, &why);
    if (code == HP_E_MEMORY || code == HP_E_STOPPED)
        return hp_fail(err, code, "%s", why.message);
    start->original = !code && format && is_of(&info.camera, &photo->info.camera);
    if (start->original)
        start->info = join_info(&info, &photo->info);
    else if (hp_spare(original, NULL))
        return hp_fail(err, HP_E_IO,
                       "its .orig is a photo, but not of its camera and size: --no-original goes without");
    return HP_OK;
}

static int find_original(const char *target, const hp_photo *photo, hp_decoder *decoder, hp_fix_start *start,
                         hp_error *err)
{
    struct stat status;
    int code = HP_OK;
    char *original = name_behind(target, HP_ORIGINAL, err);
    if (!original)
        return HP_E_MEMORY;
    if (!stat(original, &status) && S_ISREG(status.st_mode) && !is_file(target, &status))
        code = look_at(original, photo, decoder, start, err);
    if (start->original) {
        start->path = original;
        return code;
    }
    free(original);
    return code;
}

/* Of a photo that is there; alone it is a photo as any. */
static bool is_original(const char *target)
{
    size_t length = strlen(target), ending = strlen(HP_ORIGINAL);
    if (length <= ending || strcmp(target + length - ending, HP_ORIGINAL) != 0)
        return false;
    char *photo = hp_strdup(target, NULL);
    if (photo)
        photo[length - ending] = 0;
    bool there = photo && access(photo, F_OK) == 0;
    free(photo);
    return there;
}

int hp_fix_begin(const hp_fix_options *options, const hp_photo *photo, const char *target, hp_decoder *decoder,
                 hp_fix_start *start, hp_error *err)
{
    *start = (hp_fix_start){.info = photo->info};
    int code = HP_OK;
    if (!options->folder && is_original(target))
        code = hp_fail(err, HP_E_ARGUMENT,
                       "is the original of a photo that was repaired: that one is repaired in its place");
    else if (!options->folder && !options->drop_originals)
        code = find_original(target, photo, decoder, start, err);
    if (!code && !start->path)
        start->path = hp_strdup(photo->path, err);
    return code || start->path ? code : HP_E_MEMORY;
}

bool hp_fix_is_so(const char *path, hp_bytes copy)
{
    hp_file_buffer buffer = {0};
    uint64_t size;
    bool so = !hp_file_read(path, SIZE_MAX, &buffer, &size, NULL) && buffer.size == copy.size &&
              !memcmp(buffer.data, copy.data, copy.size);
    hp_file_buffer_free(&buffer);
    return so;
}
