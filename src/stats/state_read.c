/* Reading state files: headers and table through CFITSIO, the sums, whose places it tells, by all threads at once. */
#include "base/error.h"
#include "base/file_kind.h"
#include "base/fits.h"
#include "base/memory.h"
#include "stats/numbers.h"
#include "stats/state_check.h"
#include "stats/state_header.h"
#include "stats/state_table.h"

#include <errno.h>
#include <fcntl.h>
#include <fitsio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { CARD = 80, MOST_HEADER = 1 << 20 };

static const char first_card[] = "SIMPLE  =                    T";

/* ---- checksums ---- */

/* The sum of the bytes from `begin` to `end`, both multiples of a block. */
static int sum_of_bytes(int fd, uint64_t begin, uint64_t end, uint64_t *sum, hp_error *err)
{
    uint64_t block[HP_FITS_BLOCK / sizeof(uint64_t)];
    *sum = 0;
    for (uint64_t at = begin; at < end; at += sizeof block) {
        int code = hp_read_at(fd, block, sizeof block, at, err);
        if (code)
            return code;
        *sum += hp_fits_sum(block, sizeof block);
    }
    return HP_OK;
}

static int check_bytes(int fd, uint64_t begin, uint64_t end, const char *part, hp_error *err)
{
    uint64_t sum;
    int code = sum_of_bytes(fd, begin, end, &sum, err);
    return code ? code : hp_state_check_sum(sum, part, err);
}

/* ---- the parts ---- */

static int fail_fits(const char *what, int status, hp_error *err)
{
    char why[FLEN_STATUS] = "";
    fits_get_errstatus(status, why);
    return hp_fail(err, status == READ_ERROR ? HP_E_IO : HP_E_INPUT, "%s: %s", what, why);
}

/* Where the current HDU's data stand; the file must reach to their end. */
static int find_data(fitsfile *fits, const hp_state_file *file, LONGLONG *header, LONGLONG *data, LONGLONG *end,
                     hp_error *err)
{
    int status = 0;
    fits_get_hduaddrll(fits, header, data, end, &status);
    if (status)
        return fail_fits("cannot be read as FITS", status, err);
    if (*data - *header > MOST_HEADER)
        return hp_fail(err, HP_E_INPUT, "has a header of %lld bytes, %d are the most of a state",
                       (long long)(*data - *header), MOST_HEADER);
    if (*end > file->status.st_size)
        return hp_fail(err, HP_E_INPUT, "is cut short: it has %lld bytes, at least %lld are needed",
                       (long long)file->status.st_size, (long long)*end);
    return HP_OK;
}

/* Looks at the header from byte `at` on before CFITSIO does; what is missing of it is told later. */
static int check_header(const hp_state_file *file, LONGLONG at, hp_error *err)
{
    uint8_t block[HP_FITS_BLOCK];
    for (LONGLONG end = at + MOST_HEADER; at < end && at + HP_FITS_BLOCK <= file->status.st_size; at += HP_FITS_BLOCK) {
        int code = hp_read_at(file->fd, block, sizeof block, (uint64_t)at, err);
        if (code)
            return code;
        code = hp_fits_check_cards((hp_bytes){block, sizeof block}, err);
        if (code)
            return code;
        for (size_t i = 0; i < sizeof block; i += CARD)
            if (memcmp(block + i, "END     ", 8) == 0)
                return HP_OK;
    }
    return HP_OK;
}

/* To the part after the current one. */
static int move_to(fitsfile *fits, int hdu, const hp_state_file *file, hp_error *err)
{
    int status = 0;
    LONGLONG header, data, end;
    int code = find_data(fits, file, &header, &data, &end, err);
    if (!code)
        code = check_header(file, end, err);
    if (code)
        return code;
    if (fits_movabs_hdu(fits, hdu, NULL, &status) == 0)
        return HP_OK;
    if (status == END_OF_FILE)
        return hp_fail(err, HP_E_INPUT, "is cut short: part %d of %zu is missing", hdu, file->image_count + 2);
    char what[64];
    snprintf(what, sizeof what, "part %d cannot be read as FITS", hdu);
    return fail_fits(what, status, err);
}

static bool image_fits(fitsfile *fits, const hp_image *image, const hp_photo_info *shape)
{
    int status = 0, type = 0, bitpix = 0, naxis = 0;
    LONGLONG sizes[3] = {0, 0, 1};
    char name[FLEN_VALUE] = "";
    const char *expected = hp_number_bzero(image->array.number);
    fits_get_hdu_type(fits, &type, &status);
    fits_get_img_paramll(fits, 3, &bitpix, &naxis, sizes, &status);
    fits_read_key(fits, TSTRING, "EXTNAME", name, NULL, &status);
    char bzero[FLEN_VALUE] = "";
    int missing = 0;
    fits_read_keyword(fits, "BZERO", bzero, NULL, &missing);
    return status == 0 && type == IMAGE_HDU && bitpix == hp_number_bitpix(image->array.number) &&
           naxis == (image->array.channels > 1 ? 3 : 2) && sizes[0] == shape->camera.width &&
           sizes[1] == shape->camera.height && sizes[2] == image->array.channels && !strcmp(bzero, expected) &&
           !strcmp(name, image->array.name);
}

static int read_image(fitsfile *fits, hp_state_file *file, size_t i, hp_error *err)
{
    hp_image *image = &file->images[i];
    LONGLONG header, data, end;
    int code = move_to(fits, (int)i + 2, file, err);
    if (!code && !image_fits(fits, image, &file->shape))
        code =
            hp_fail(err, HP_E_INPUT, "part %zu is not the image %s that a state holds there", i + 2, image->array.name);
    if (!code)
        code = find_data(fits, file, &header, &data, &end, err);
    if (code)
        return code;
    image->offset = (uint64_t)data;
    return sum_of_bytes(file->fd, (uint64_t)header, (uint64_t)data, &image->header_sum, err);
}

static int read_rows(const hp_state_file *file, const hp_table_shape *shape, size_t rows, uint64_t offset,
                     hp_album *album, hp_error *err)
{
    uint8_t *buffer = hp_calloc(HP_TABLE_ROWS, shape->row_bytes, err);
    int code = buffer ? HP_OK : HP_E_MEMORY;
    for (size_t first = 0; !code && first < rows; first += HP_TABLE_ROWS) {
        size_t count = rows - first < HP_TABLE_ROWS ? rows - first : HP_TABLE_ROWS;
        code = hp_read_at(file->fd, buffer, count * shape->row_bytes, offset + first * shape->row_bytes, err);
        for (size_t i = 0; !code && i < count; i++)
            code = hp_table_get_row(shape, buffer + i * shape->row_bytes, album, err);
    }
    free(buffer);
    return code;
}

static int read_table(fitsfile *fits, hp_state_file *file, hp_error *err)
{
    LONGLONG header, data, end;
    hp_table_shape shape;
    size_t rows;
    size_t sites = (size_t)file->shape.cfa.width * file->shape.cfa.height;
    int code = move_to(fits, (int)file->image_count + 2, file, err);
    if (!code)
        code = hp_table_read_shape(fits, sites, &shape, &rows, err);
    if (!code)
        code = find_data(fits, file, &header, &data, &end, err);
    if (!code)
        code = check_bytes(file->fd, (uint64_t)header, (uint64_t)end, "the table of photos", err);
    return code ? code : read_rows(file, &shape, rows, (uint64_t)data, &file->album, err);
}

static int describe_images(hp_state_file *file, hp_error *err)
{
    static const hp_kernels *const none = NULL;
    hp_accumulator *empty = NULL;
    int code = file->kind->start(&file->shape, none, &empty, err);
    if (code)
        return code;
    file->image_count = hp_images_of(empty, file->images);
    for (size_t i = 0; i < file->image_count; i++)
        file->images[i].array.values = NULL;
    file->kind->free(&empty);
    return HP_OK;
}

static int read_parts(fitsfile *fits, hp_state_file *file, hp_error *err)
{
    LONGLONG header, data, end;
    int code = hp_state_read_kind(fits, file, err);
    if (!code)
        code = find_data(fits, file, &header, &data, &end, err);
    if (!code)
        code = check_bytes(file->fd, (uint64_t)header, (uint64_t)end, "its header", err);
    if (!code)
        code = hp_state_read_shape(fits, file, err);
    if (!code && file->kind->bytes(&file->shape) > (uint64_t)file->status.st_size)
        code = hp_fail(err, HP_E_INPUT, "has %lld bytes, too few for sums of %u x %u px",
                       (long long)file->status.st_size, file->shape.camera.width, file->shape.camera.height);
    if (!code)
        code = describe_images(file, err);
    for (size_t i = 0; !code && i < file->image_count; i++)
        code = read_image(fits, file, i, err);
    if (!code)
        code = read_table(fits, file, err);
    return code ? code : hp_state_check_album(fits, file, err);
}

static int fail_folder(const char *path, hp_error *err)
{
    char shown[400];
    const char *between = path[strlen(path) - 1] == '/' ? "" : "/";
    return hp_fail(err, HP_E_INPUT, "is a folder, not a state; name the states in it, as %s%s*.fits",
                   hp_printable(path, shown, sizeof shown), between);
}

static int fail_beginning(const hp_state_file *file, hp_error *err)
{
    uint8_t bytes[HP_FILE_KIND_BYTES];
    const char *kind = NULL;
    if (file->status.st_size >= HP_FILE_KIND_BYTES && !hp_read_at(file->fd, bytes, sizeof bytes, 0, NULL))
        kind = hp_file_kind((hp_bytes){bytes, sizeof bytes});
    if (kind)
        return hp_fail(err, HP_E_INPUT, "is %s, no state; hotpix scan PHOTO... --state FILE.fits makes one", kind);
    return hp_fail(err, HP_E_INPUT, "is not a FITS file, as states are: those that hotpix scan --state makes");
}

/* CFITSIO would unpack what is packed, and take other things for FITS: it sees only what begins as a state does. */
static int check_beginning(const hp_state_file *file, hp_error *err)
{
    char card[sizeof first_card];
    if (S_ISDIR(file->status.st_mode))
        return fail_folder(file->path, err);
    if (!S_ISREG(file->status.st_mode))
        return hp_fail(err, HP_E_INPUT, "is not a regular file");
    if (file->status.st_size == 0)
        return hp_fail(err, HP_E_INPUT, "is empty");
    if (file->status.st_size < CARD)
        return fail_beginning(file, err);
    int code = hp_read_at(file->fd, card, sizeof card - 1, 0, err);
    if (code)
        return code;
    if (memcmp(card, first_card, sizeof card - 1) != 0)
        return fail_beginning(file, err);
    if (file->status.st_size < HP_FITS_BLOCK)
        return hp_fail(err, HP_E_INPUT, "is cut short: it has %lld bytes, a FITS file at least %d",
                       (long long)file->status.st_size, HP_FITS_BLOCK);
    return HP_OK;
}

static int open_quietly(const char *path, hp_state_file *file, hp_error *err)
{
    file->fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (file->fd < 0)
        return hp_fail(err, HP_E_IO, "cannot be opened: %s", strerror(errno));
    if (fstat(file->fd, &file->status))
        return hp_fail(err, HP_E_IO, "cannot be examined: %s", strerror(errno));
    return HP_OK;
}

static void close_fits(fitsfile **fits)
{
    int status = 0;
    if (*fits)
        fits_close_file(*fits, &status);
    fits_clear_errmsg();
    *fits = NULL;
}

/*
 * CFITSIO opens a file by its name only: between this program and it a running scan may have put another in its place.
 * As long as the first one is open no other has its number.
 */
static int open_both(const char *path, hp_state_file *file, fitsfile **fits, bool *again, hp_error *err)
{
    int status = 0;
    struct stat named;
    int code = open_quietly(path, file, err);
    if (!code)
        code = check_beginning(file, err);
    if (!code)
        code = check_header(file, 0, err);
    if (!code)
        fits_open_diskfile(fits, path, READONLY, &status);
    *again = !code && (stat(path, &named) || !hp_is_same_file(&named, &file->status));
    return status && !*again ? fail_fits("cannot be read as FITS", status, err) : code;
}

int hp_state_open(const char *path, hp_state_file *file, hp_error *err)
{
    fitsfile *fits = NULL;
    *file = (hp_state_file){.fd = -1};
    file->path = hp_strdup(path, err);
    if (!file->path)
        return HP_E_MEMORY;
    bool again;
    int code = open_both(path, file, &fits, &again, err);
    while (again) {
        close_fits(&fits);
        close(file->fd);
        code = open_both(path, file, &fits, &again, err);
    }
    if (!code)
        code = read_parts(fits, file, err);
    close_fits(&fits);
    return code ? hp_fail_in(err, code, path) : HP_OK;
}

void hp_state_close(hp_state_file *file)
{
    if (file->fd >= 0 && file->path)
        close(file->fd);
    free(file->path);
    hp_album_free(&file->album);
    *file = (hp_state_file){.fd = -1};
}

bool hp_state_is_one(const char *path)
{
    enum { CARDS = 5 };
    char cards[CARDS * CARD];
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (fd < 0)
        return false;
    bool is_one = hp_read_at(fd, cards, sizeof cards, 0, NULL) == HP_OK &&
                  memcmp(cards, first_card, sizeof first_card - 1) == 0 &&
                  memcmp(cards + (CARDS - 1) * CARD, "HPSTATE =", 9) == 0;
    close(fd);
    return is_one;
}
