#include "stats/state_header.h"

#include "base/error.h"
#include "base/text.h"
#include "photo/format.h"
#include "stats/fits_cards.h"
#include "stats/residual.h"
#include "stats/variance.h"

#include <math.h>
#include <string.h>

enum { MOST_CHANNELS = 4, MOST_BITS = 16 };

static long read_number(fitsfile *fits, const char *key, long least, long most, int *status)
{
    long value = 0;
    fits_read_key(fits, TLONG, key, &value, NULL, status);
    if (!*status && (value < least || value > most))
        *status = BAD_INTKEY;
    return value;
}

static bool read_logical(fitsfile *fits, const char *key, int *status)
{
    int value = 0;
    fits_read_key(fits, TLOGICAL, key, &value, NULL, status);
    return value != 0;
}

static void read_text(fitsfile *fits, const char *key, char *out, size_t size, int *status)
{
    char *text = NULL;
    fits_read_key_longstr(fits, key, &text, NULL, status);
    if (!*status && !hp_fits_unescape(text, strlen(text), out, size))
        *status = BAD_KEYCHAR;
    if (text)
        fits_free_memory(text, status);
}

static hp_source read_source(fitsfile *fits, int *status)
{
    char name[16] = "";
    read_text(fits, "SOURCE", name, sizeof name, status);
    for (hp_source source = HP_SOURCE_UNKNOWN; source <= HP_SOURCE_HEIC; source++)
        if (!strcmp(name, hp_source_name(source)))
            return source;
    *status = *status ? *status : BAD_KEYCHAR;
    return HP_SOURCE_JPEG;
}

static void read_camera(fitsfile *fits, hp_photo_info *shape, int *status)
{
    hp_camera *camera = &shape->camera;
    read_text(fits, "MAKE", camera->make, sizeof camera->make, status);
    read_text(fits, "MODEL", camera->model, sizeof camera->model, status);
    read_text(fits, "SERIAL", camera->serial, sizeof camera->serial, status);
    read_text(fits, "CFA", camera->cfa, sizeof camera->cfa, status);
    camera->source = read_source(fits, status);
    shape->cfa.width = (uint8_t)read_number(fits, "CFACOLS", 1, HP_CFA_MOST, status);
    shape->cfa.height = (uint8_t)read_number(fits, "CFAROWS", 1, HP_CFA_MOST, status);
    size_t sites = (size_t)shape->cfa.width * shape->cfa.height, colours = strlen(camera->cfa);
    if (!*status && (colours != (sites > 1 ? sites : 0) || !hp_text_is_word(camera->cfa)))
        *status = BAD_KEYCHAR;
    if (!*status)
        memcpy(shape->cfa.colour, camera->cfa, colours);
}

int hp_state_read_shape(fitsfile *fits, hp_state_file *file, hp_error *err)
{
    int status = 0;
    hp_photo_info *shape = &file->shape;
    shape->channels = 1;
    shape->cfa = (hp_cfa){.width = 1, .height = 1};
    shape->camera.width = (uint32_t)read_number(fits, "WIDTH", 1, UINT32_MAX, &status);
    shape->camera.height = (uint32_t)read_number(fits, "HEIGHT", 1, UINT32_MAX, &status);
    shape->camera.bits = (unsigned)read_number(fits, "BITS", 1, MOST_BITS, &status);
    file->settling = read_logical(fits, "SETTLING", &status);
    file->bounds_only = read_logical(fits, "BOUNDS", &status);
    shape->channels = (unsigned)read_number(fits, "CHANNELS", 1, MOST_CHANNELS, &status);
    shape->scale.shift = (uint64_t)read_number(fits, "SHIFT", 0, MOST_BITS, &status);
    fits_read_key(fits, TDOUBLE, "LOW", &shape->scale.low, NULL, &status);
    fits_read_key(fits, TDOUBLE, "HIGH", &shape->scale.high, NULL, &status);
    if (!status && !(isfinite(shape->scale.low) && isfinite(shape->scale.high)))
        status = BAD_DOUBLEKEY;
    if (file->kind != &hp_variance_kind)
        read_camera(fits, shape, &status);
    if (status)
        return hp_fail(err, HP_E_INPUT, "its header lacks what tells the camera and the frame");
    if (!hp_cfa_has_period(&shape->cfa))
        return hp_fail(err, HP_E_INPUT, "its colours repeat every %u x %u px, as no camera's do", shape->cfa.width,
                       shape->cfa.height);
    return hp_format_check_size(shape, err);
}

int hp_state_read_kind(fitsfile *fits, hp_state_file *file, hp_error *err)
{
    static const hp_accumulator_kind *const kinds[] = {&hp_residual_kind, &hp_variance_kind};
    int status = 0;
    char name[16] = "";
    long version = read_number(fits, "HPSTATE", 0, INT32_MAX, &status);
    if (status)
        return hp_fail(err, HP_E_INPUT,
                       "is a FITS file, but no state of hotpix: those are what hotpix scan --state makes");
    if (version != HP_STATE_VERSION)
        return hp_fail(err, HP_E_UNSUPPORTED, "is a state of version %ld, made by %s hotpix; this one reads version %d",
                       version, version < HP_STATE_VERSION ? "an older" : "a newer", HP_STATE_VERSION);
    read_text(fits, "HPKIND", name, sizeof name, &status);
    for (size_t i = 0; !status && i < sizeof kinds / sizeof *kinds; i++)
        if (!strcmp(name, kinds[i]->name))
            file->kind = kinds[i];
    return file->kind ? HP_OK : hp_fail(err, HP_E_INPUT, "its header does not tell what the sums are for");
}

/* The album as the header has it: in order, and as many photos. */
int hp_state_check_album(fitsfile *fits, hp_state_file *file, hp_error *err)
{
    int status = 0;
    if (file->album.taken > file->kind->most_photos)
        return hp_fail(err, HP_E_INPUT, "counts %zu photos, sums hold %llu", file->album.taken,
                       (unsigned long long)file->kind->most_photos);
    fits_movabs_hdu(fits, 1, NULL, &status);
    long photos = read_number(fits, "NPHOTOS", 0, (long)file->kind->most_photos, &status);
    if (status || (size_t)photos != file->album.taken)
        return hp_fail(err, HP_E_INPUT, "its header counts other photos than its table of photos, which has %zu",
                       file->album.taken);
    file->photos = file->album.taken;
    return HP_OK;
}
