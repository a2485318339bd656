#include "photo/format.h"

#include "base/error.h"
#include "base/text.h"

#include <string.h>

enum { LEAST_SIDE = 32, MOST_SIDE = 1 << 20 };

#ifdef HP_TEST_FORMAT /* tests/isolation alone: photos that make their decoder misbehave */
extern const hp_format hp_format_test;
#endif

const hp_format *const hp_formats[] = {&hp_format_jpeg,
                                       &hp_format_raw,
                                       &hp_format_tiff,
                                       &hp_format_png,
                                       &hp_format_fits,
                                       &hp_format_heic,
#ifdef HP_TEST_FORMAT
                                       &hp_format_test,
#endif
                                       NULL};

static const hp_format *marked(hp_bytes beginning)
{
    for (size_t i = 0; hp_formats[i]; i++)
        if (hp_formats[i]->marked(beginning))
            return hp_formats[i];
    return NULL;
}

bool hp_format_is_marked(hp_bytes beginning)
{
    return marked(beginning) != NULL;
}

int hp_format_admit(hp_bytes beginning, hp_error *err)
{
    const hp_format *format = marked(beginning);
    return format && format->admit ? format->admit(beginning, err) : HP_OK;
}

const hp_format *hp_format_probe(hp_bytes file)
{
    for (size_t i = 0; hp_formats[i]; i++)
        if (hp_formats[i]->probe(file))
            return hp_formats[i];
    return NULL;
}

int hp_format_decode_rows(const hp_format *format, hp_bytes file, const hp_photo_info *info, const hp_rows *rows,
                          size_t count, hp_plane *plane, hp_error *err)
{
    return format->decode_rows ? format->decode_rows(file, info, rows, count, plane, err)
                               : format->decode(file, info, HP_VIEW_PLANE, plane, err);
}

int hp_format_place(const hp_format *format)
{
    for (int i = 0; hp_formats[i]; i++)
        if (hp_formats[i] == format)
            return i;
    return -1;
}

const hp_format *hp_format_at(int place)
{
    for (int i = 0; hp_formats[i]; i++)
        if (i == place)
            return hp_formats[i];
    return NULL;
}

bool hp_format_knows_ending(const char *path)
{
    size_t end = strlen(path), length = 0;
    if (end > 3 && hp_text_alike(path + end - 3, ".gz", SIZE_MAX))
        end -= 3;
    while (length < end && path[end - length - 1] != '.' && path[end - length - 1] != '/')
        length++;
    char ending[16];
    if (length == 0 || length == end || path[end - length - 1] != '.' || length + 1 >= sizeof ending)
        return false;
    for (size_t i = 0; i < length; i++)
        ending[i] = hp_small_letter(path[end - length + i]);
    memcpy(ending + length, " ", 2);
    for (size_t i = 0; hp_formats[i]; i++)
        for (const char *at = hp_formats[i]->endings; (at = strstr(at, ending)); at++)
            if (at == hp_formats[i]->endings || at[-1] == ' ')
                return true;
    return false;
}

int hp_format_check_size(const hp_photo_info *info, hp_error *err)
{
    uint32_t width = info->camera.width, height = info->camera.height;
    if (width < LEAST_SIDE || height < LEAST_SIDE)
        return hp_fail(err, HP_E_UNSUPPORTED, "is too small: %u x %u px, at least %d x %d are needed", width, height,
                       LEAST_SIDE, LEAST_SIDE);
    if (width > MOST_SIDE || height > MOST_SIDE)
        return hp_fail(err, HP_E_UNSUPPORTED, "is too large: %u x %u px", width, height);
    return HP_OK;
}
