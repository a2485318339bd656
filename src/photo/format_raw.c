/* RAW, through LibRaw: the mosaic as the sensor gave it, unpacked and not developed. */
#define _DEFAULT_SOURCE /* localtime_r */
#include "base/error.h"
#include "base/memory.h"
#include "base/text.h"
#include "photo/format.h"
#include "photo/ifd.h"
#include "photo/metadata.h"
#include "photo/raw_frame.h"
#include "photo/raw_unpack.h"

#include <string.h>
#include <time.h>

enum {
    LEAST_BITS = 10, /* of a raw sample: fewer would be stored as bytes and taken for a developed picture */
    MOST_BITS = 16,
};

/* ---- which files ---- */

static bool begins(hp_bytes file, size_t at, const char *text)
{
    size_t length = strlen(text);
    return file.size >= at + length && memcmp(file.data + at, text, length) == 0;
}

/* Raw files that are not TIFF inside: Canon CRW and CR3, Fujifilm RAF, Minolta MRW, Sigma X3F, Phase One. The others
 * bear TIFF's mark. */
static bool is_marked(hp_bytes file)
{
    return begins(file, 6, "HEAPCCDR") || begins(file, 4, "ftypcrx ") || begins(file, 0, "FUJIFILMCCD-RAW") ||
           (begins(file, 1, "MRM") && file.data[0] == 0) || begins(file, 0, "FOVb") || begins(file, 0, "IIII") ||
           begins(file, 0, "MMMMRaw");
}

/* TIFF/EP pictures may hold a mosaic too, without being a camera's raw file: there LibRaw's verdict counts. */
static bool probe(hp_bytes file)
{
    if (is_marked(file))
        return true;
    hp_ifds ifds;
    hp_ifds_read(file, &ifds);
    if (!ifds.found || ifds.raw || !ifds.mosaic)
        return ifds.found && ifds.raw;
    int code;
    libraw_data_t *raw = hp_raw_open(file, &code);
    if (raw)
        libraw_close(raw);
    return code == LIBRAW_SUCCESS;
}

/* ---- what is known before unpacking ---- */

/* Kinds whose samples are not one exposure of one photosite each. */
static int check_kind(const libraw_data_t *raw, const hp_ifds *ifds, hp_error *err)
{
    const libraw_iparams_t *id = &raw->idata;
    if (id->is_foveon)
        return hp_fail(err, HP_E_UNSUPPORTED, "is from a Foveon sensor: it has three layers and no mosaic");
    if (id->raw_count > 1)
        return hp_fail(err, HP_E_UNSUPPORTED, "holds %u exposures (multi-shot, pixel shift or two kinds of photosites)",
                       id->raw_count);
    if (id->filters == 0 && id->colors > 1)
        return hp_fail(err, HP_E_UNSUPPORTED, "is a %s: three colours a pixel, already interpolated",
                       id->dng_version ? "linear DNG" : "reduced RAW (sRAW, mRAW)");
    if (ifds->doubtful_cfa && id->filters != LIBRAW_XTRANS)
        return hp_fail(err, HP_E_INPUT, "is a damaged RAW: its CFA pattern has colours that no plane stands for");
    return HP_OK;
}

/* The bits that the white level needs: cameras store 12 bits in 16, and white is rarely a power of two. */
static unsigned effective_bits(const libraw_data_t *raw)
{
    unsigned white = raw->color.maximum, bits = 0;
    while (bits < MOST_BITS && white >> bits)
        bits++;
    return bits < LEAST_BITS ? LEAST_BITS : bits;
}

/* LibRaw takes the camera's clock for local time. */
static int64_t camera_clock(time_t timestamp)
{
    struct tm t;
    if (timestamp <= 0 || !localtime_r(&timestamp, &t))
        return 0;
    return hp_metadata_seconds(t.tm_year + 1900, t.tm_mon + 1, t.tm_mday, t.tm_hour, t.tm_min, t.tm_sec);
}

static void set_text(char *out, size_t size, const char *text, size_t length)
{
    if (!out[0])
        hp_copy_trimmed(out, size, text, length);
}

/* A serial of zeros only means that there is none. */
static void set_serial(hp_camera *camera, const char *text, size_t length)
{
    set_text(camera->serial, sizeof camera->serial, text, length);
    if (camera->serial[strspn(camera->serial, "0 ")] == 0)
        camera->serial[0] = 0;
}

/* Make and model as the file's first directory spells them, as its JPEGs do; LibRaw's short forms where there is none.
 */
static void read_metadata(const libraw_data_t *raw, const hp_ifds *ifds, hp_photo_info *info)
{
    hp_camera *camera = &info->camera;
    set_text(camera->make, sizeof camera->make, ifds->make, sizeof ifds->make);
    set_text(camera->model, sizeof camera->model, ifds->model, sizeof ifds->model);
    set_text(camera->make, sizeof camera->make, raw->idata.make, sizeof raw->idata.make);
    set_text(camera->model, sizeof camera->model, raw->idata.model, sizeof raw->idata.model);
    set_serial(camera, raw->shootinginfo.BodySerial, sizeof raw->shootinginfo.BodySerial);
    set_serial(camera, raw->shootinginfo.InternalBodySerial, sizeof raw->shootinginfo.InternalBodySerial);
    hp_metadata_set_exposure(info, (double)raw->other.shutter);
    hp_metadata_set_iso(info, (double)raw->other.iso_speed);
    info->taken_s = camera_clock(raw->other.timestamp);
}

static int describe(libraw_data_t *raw, const hp_ifds *ifds, hp_photo_info *info, hp_error *err)
{
    hp_camera *camera = &info->camera;
    hp_raw_frame f = hp_raw_frame_of(raw, ifds);
    int code = check_kind(raw, ifds, err);
    if (!code)
        code = hp_raw_check_area(raw, ifds, err);
    if (!code)
        code = hp_raw_cfa(raw, &f, &info->cfa, err);
    if (code)
        return code;
    camera->source = HP_SOURCE_RAW;
    camera->width = f.width;
    camera->height = f.height;
    camera->bits = effective_bits(raw);
    info->channels = 1;
    hp_cfa_name(&info->cfa, camera->cfa, sizeof camera->cfa);
    read_metadata(raw, ifds, info);
    return hp_format_check_size(info, err);
}

/* A decoder of packed samples reads zeros beyond the end of the file without a word. */
static int check_whole(hp_bytes file, uint64_t file_size, const hp_ifds *ifds, hp_error *err)
{
    uint64_t end = ifds->found ? ifds->data_end : 0;
    if (begins(file, 0, "FUJIFILMCCD-RAW") && file.size >= 108)
        for (unsigned field = 100; field <= 104; field += 4) {
            const uint8_t *at = file.data + field;
            end += (uint64_t)at[0] << 24 | (uint64_t)at[1] << 16 | (uint64_t)at[2] << 8 | at[3];
        }
    if (end > file_size)
        return hp_fail(err, HP_E_INPUT, "is a damaged RAW: it ends at byte %llu of %llu", (unsigned long long)file_size,
                       (unsigned long long)end);
    return HP_OK;
}

static int read_info(hp_bytes file, uint64_t file_size, hp_photo_info *info, hp_error *err)
{
    hp_ifds ifds;
    hp_ifds_read(file, &ifds);
    if (file.size < file_size && !(ifds.found && ifds.complete))
        return hp_fail(err, HP_E_INPUT, "has metadata further inside");
    int opened;
    libraw_data_t *raw = hp_raw_open(file, &opened);
    int code = opened ? hp_raw_fail(opened, err) : describe(raw, &ifds, info, err);
    if (raw)
        libraw_close(raw);
    return code ? code : check_whole(file, file_size, &ifds, err);
}

/* ---- samples ---- */

static bool has_shape_of(libraw_data_t *raw, const hp_raw_frame *f, const hp_photo_info *info)
{
    const libraw_image_sizes_t *s = &raw->sizes;
    hp_cfa cfa;
    return f->width == info->camera.width && f->height == info->camera.height && f->left + f->width <= s->raw_width &&
           f->top + f->height <= s->raw_height && s->raw_pitch / 2 >= s->raw_width &&
           hp_raw_cfa(raw, f, &cfa, NULL) == HP_OK && memcmp(&cfa, &info->cfa, sizeof cfa) == 0;
}

/* More than the bits that were said is more than white: it is as if full. Only damaged files hold such. */
static void copy_row(const uint16_t *in, uint16_t *out, uint32_t width, unsigned bits)
{
    const uint16_t most = (uint16_t)((1u << bits) - 1);
    for (uint32_t x = 0; x < width; x++)
        out[x] = in[x] < most ? in[x] : most;
}

static int copy_frame(libraw_data_t *raw, hp_bytes file, const hp_photo_info *info, hp_plane *plane, hp_error *err)
{
    if (!raw->rawdata.raw_image)
        return hp_fail(err, HP_E_UNSUPPORTED, "is a RAW of floating point or of several samples a pixel");
    if (raw->rawdata.ioparams.fuji_width)
        return hp_fail(err, HP_E_UNSUPPORTED, "is from a Super CCD, whose mosaic stands at 45 degrees");
    hp_ifds ifds;
    hp_ifds_read(file, &ifds);
    hp_raw_frame f = hp_raw_frame_of(raw, &ifds);
    if (!has_shape_of(raw, &f, info))
        return hp_fail(err, HP_E_INPUT, "is a damaged RAW: its frame lies outside of its samples");
    size_t pitch = raw->sizes.raw_pitch / 2;
    for (uint32_t y = 0; y < plane->height; y++) {
        const uint16_t *row = raw->rawdata.raw_image + (f.top + y) * pitch + f.left;
        if (!hp_raw_was_written(row, plane->width))
            return hp_fail(err, HP_E_INPUT, "is a damaged RAW: samples of row %u are missing", y);
        copy_row(row, hp_plane_row(plane, y), plane->width, info->camera.bits);
    }
    hp_raw_black(raw, &f, &info->cfa, plane->black);
    return HP_OK;
}

static int decode(hp_bytes file, const hp_photo_info *info, hp_view view, hp_plane *plane, hp_error *err)
{
    (void)view;
    libraw_data_t *raw;
    int code = hp_raw_unpack(file, &raw, err);
    if (!code)
        code = copy_frame(raw, file, info, plane, err);
    if (raw)
        libraw_close(raw);
    return code;
}

const hp_format hp_format_raw = {
    .name = "RAW",
    .endings =
        "3fr arw cr2 cr3 crw dcr dng erf fff iiq kdc mef mos mrw nef nrw orf pef raf raw rw2 rwl sr2 srf srw x3f ",
    .marked = is_marked,
    .probe = probe,
    .read_info = read_info,
    .decode = decode,
};
