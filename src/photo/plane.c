#include "base/error.h"
#include "base/memory.h"
#include "base/shared.h"
#include "photo/photo.h"

#include <string.h>

bool hp_photo_is_developed(const hp_photo_info *info)
{
    return info->camera.source == HP_SOURCE_JPEG || info->camera.source == HP_SOURCE_HEIC || info->channels > 1;
}

bool hp_photo_tells_depth(const hp_photo_info *info)
{
    hp_source source = info->camera.source;
    return info->camera.bits <= 8 || !(source == HP_SOURCE_TIFF || source == HP_SOURCE_PNG || source == HP_SOURCE_FITS);
}

static unsigned sample_bytes(const hp_photo_info *info)
{
    return info->camera.bits <= 8 ? 1 : 2;
}

/* Samples of a padded frame, or false when the product does not fit. */
static bool padded_samples(const hp_photo_info *info, unsigned channels, uint32_t pad, size_t *stride, size_t *samples)
{
    *stride = ((size_t)info->camera.width + 2 * (size_t)pad) * channels;
    return hp_multiply(*stride, (size_t)info->camera.height + 2 * (size_t)pad, 1, samples);
}

size_t hp_plane_bytes(const hp_photo_info *info, hp_view view, uint32_t pad)
{
    unsigned channels = view == HP_VIEW_COLOUR ? info->channels : 1;
    size_t stride, samples, bytes;
    if (!padded_samples(info, channels, pad, &stride, &samples) || !hp_multiply(samples, sample_bytes(info), 1, &bytes))
        return SIZE_MAX;
    return bytes;
}

/* All but its memory. *bytes: how much that is. */
static int shape(const hp_photo_info *info, hp_view view, uint32_t pad, hp_plane *plane, size_t *bytes, hp_error *err)
{
    *plane = (hp_plane){
        .width = info->camera.width,
        .height = info->camera.height,
        .channels = view == HP_VIEW_COLOUR ? info->channels : 1,
        .sample_bytes = sample_bytes(info),
        .pad = pad,
    };
    size_t samples;
    if (!padded_samples(info, plane->channels, pad, &plane->stride, &samples) ||
        !hp_multiply(samples, plane->sample_bytes, 1, bytes))
        return hp_fail(err, HP_E_MEMORY, "%u x %u px do not fit in memory", plane->width, plane->height);
    return HP_OK;
}

void hp_plane_place(hp_plane *plane, void *memory)
{
    size_t first = plane->stride * plane->pad + (size_t)plane->pad * plane->channels;
    plane->memory = memory;
    plane->samples = (char *)memory + first * plane->sample_bytes;
}

size_t hp_plane_size(const hp_plane *plane)
{
    return plane->stride * (plane->height + 2 * (size_t)plane->pad) * plane->sample_bytes;
}

int hp_plane_create(const hp_photo_info *info, hp_view view, uint32_t pad, hp_plane *plane, hp_error *err)
{
    size_t bytes = 0;
    int code = shape(info, view, pad, plane, &bytes, err);
    void *memory = code ? NULL : hp_pages(bytes, 1, err);
    if (!memory)
        return HP_E_MEMORY;
    hp_plane_place(plane, memory);
    return HP_OK;
}

int hp_plane_create_shared(const hp_photo_info *info, hp_view view, uint32_t pad, hp_plane *plane, hp_error *err)
{
    size_t bytes = 0;
    int code = shape(info, view, pad, plane, &bytes, err);
    if (!code)
        code = hp_shared_create(bytes, &plane->shared, err);
    if (!code)
        hp_plane_place(plane, plane->shared->memory);
    return code;
}

void hp_plane_free(hp_plane *plane)
{
    if (!plane->shared)
        hp_pages_free(plane->memory);
    hp_shared_free(&plane->shared);
    *plane = (hp_plane){0};
}

void *hp_plane_row(const hp_plane *plane, uint32_t y)
{
    return (char *)plane->samples + (size_t)y * plane->stride * plane->sample_bytes;
}

void *hp_plane_sample(const hp_plane *plane, int32_t y, int32_t x)
{
    ptrdiff_t at = y * (ptrdiff_t)plane->stride + x * (ptrdiff_t)plane->channels;
    return (char *)plane->samples + at * (ptrdiff_t)plane->sample_bytes;
}

/* Columns first, in the rows of the frame; then whole padded rows above and below. */
void hp_plane_pad(const hp_plane *plane, uint32_t step)
{
    size_t pixel = (size_t)plane->channels * plane->sample_bytes;
    size_t side = plane->pad * pixel;
    for (uint32_t y = 0; y < plane->height; y++) {
        char *left = hp_plane_row(plane, y);
        char *right = left + plane->width * pixel;
        memcpy(left - side, left + step * pixel - side, side);
        memcpy(right, right - step * pixel, side);
    }
    size_t row_bytes = plane->stride * plane->sample_bytes;
    for (uint32_t k = 1; k <= plane->pad; k++) {
        char *top = (char *)hp_plane_row(plane, 0) - side;
        char *bottom = (char *)hp_plane_row(plane, plane->height - 1) - side;
        memcpy(top - k * row_bytes, top + (step - k) * row_bytes, row_bytes);
        memcpy(bottom + k * row_bytes, bottom - (step - k) * row_bytes, row_bytes);
    }
}
