/* Where the sums of a state stand in its file, and how pieces of them get there and back. */
#include "base/error.h"
#include "stats/numbers.h"
#include "stats/state_file.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

enum { BLOCK = 2880 };

size_t hp_images_of(hp_accumulator *accumulator, hp_image images[HP_ARRAYS_MOST])
{
    hp_array arrays[HP_ARRAYS_MOST];
    size_t count = accumulator->kind->arrays(accumulator, arrays);
    const hp_camera *camera = &accumulator->shape.camera;
    for (size_t i = 0; i < count; i++) {
        size_t pixels = (size_t)camera->width * camera->height;
        uint64_t bytes = (uint64_t)pixels * arrays[i].channels * hp_number_bytes(arrays[i].number);
        images[i] = (hp_image){.array = arrays[i], .pixels = pixels, .bytes = bytes};
    }
    return count;
}

/* A file holds one channel after the other, as viewers show them; memory has those of a pixel beside each other. */
static size_t pieces_of_channel(const hp_image *image)
{
    return (image->pixels + HP_PIECE_NUMBERS - 1) / HP_PIECE_NUMBERS;
}

size_t hp_pieces_of(const hp_image *images, size_t count)
{
    size_t pieces = 0;
    for (size_t i = 0; i < count; i++)
        pieces += pieces_of_channel(&images[i]) * images[i].array.channels;
    return pieces;
}

hp_piece hp_piece_at(const hp_image *images, size_t index)
{
    size_t i = 0;
    for (; index >= pieces_of_channel(&images[i]) * images[i].array.channels; i++)
        index -= pieces_of_channel(&images[i]) * images[i].array.channels;
    const hp_image *image = &images[i];
    size_t channel = index / pieces_of_channel(image), pixel = index % pieces_of_channel(image) * HP_PIECE_NUMBERS;
    size_t number = hp_number_bytes(image->array.number), left = image->pixels - pixel;
    uint64_t begin = (uint64_t)(channel * image->pixels + pixel) * number;
    hp_piece piece = {
        .image = i,
        .first = pixel * image->array.channels + channel,
        .count = left < HP_PIECE_NUMBERS ? left : HP_PIECE_NUMBERS,
        .offset = image->offset + begin,
    };
    piece.bytes = piece.count * number;
    if (begin + piece.bytes == image->bytes)
        piece.bytes += (BLOCK - image->bytes % BLOCK) % BLOCK;
    return piece;
}

void hp_piece_encode(const hp_image *image, const hp_piece *piece, const void *values, void *file)
{
    const hp_array *array = &image->array;
    size_t number = hp_number_bytes(array->number), used = piece->count * number;
    hp_numbers_encode(array->number, (const char *)values + piece->first * number, array->channels, piece->count, file);
    memset((char *)file + used, 0, piece->bytes - used);
}

int hp_read_at(int fd, void *data, size_t size, uint64_t offset, hp_error *err)
{
    for (size_t done = 0; done < size;) {
        ssize_t got = pread(fd, (char *)data + done, size - done, (off_t)(offset + done));
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return hp_fail(err, HP_E_IO, "cannot be read: %s", strerror(errno));
        if (got == 0)
            return hp_fail(err, HP_E_INPUT, "is cut short: it ends at byte %llu", (unsigned long long)(offset + done));
        done += (size_t)got;
    }
    return HP_OK;
}

int hp_write_at(int fd, const void *data, size_t size, uint64_t offset, hp_error *err)
{
    for (size_t done = 0; done < size;) {
        ssize_t put = pwrite(fd, (const char *)data + done, size - done, (off_t)(offset + done));
        if (put < 0 && errno == EINTR)
            continue;
        if (put < 0)
            return hp_fail(err, HP_E_IO, "cannot be written: %s", strerror(errno));
        done += (size_t)put;
    }
    return HP_OK;
}
