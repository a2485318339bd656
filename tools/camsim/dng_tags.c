#include "dng_tags.h"

#include "dates.h"
#include "exif.h"

#include <stdio.h>

enum { LINEAR_RAW = 34892 }; /* the name for one plain sample a pixel, too */

/* libtiff's setter returns 1 when all went well; these return 0 then. */
#define SET(tiff, ...) (TIFFSetField(tiff, __VA_ARGS__) != 1)

static int write_exif(TIFF *tiff, const cs_camera *camera, const cs_shot *shot, uint64_t *offset)
{
    char date[CS_DATE_SIZE];
    uint16_t iso = (uint16_t)shot->iso;
    cs_date_write_exif(shot->time_s, date);
    int lost = TIFFCreateEXIFDirectory(tiff) != 0;
    lost |= SET(tiff, EXIFTAG_EXPOSURETIME, cs_shot_exposure_s(shot));
    lost |= SET(tiff, EXIFTAG_FNUMBER, (double)CS_F_NUMBER_NUM / CS_F_NUMBER_DEN);
    lost |= SET(tiff, EXIFTAG_ISOSPEEDRATINGS, 1, &iso);
    lost |= SET(tiff, EXIFTAG_EXIFVERSION, "0230");
    lost |= SET(tiff, EXIFTAG_DATETIMEORIGINAL, date);
    lost |= SET(tiff, EXIFTAG_DATETIMEDIGITIZED, date);
    lost |= SET(tiff, EXIFTAG_FOCALLENGTH, (double)CS_FOCAL_LENGTH_MM);
    if (camera->serial[0])
        lost |= SET(tiff, EXIFTAG_BODYSERIALNUMBER, camera->serial);
    return lost || TIFFWriteCustomDirectory(tiff, offset) != 1 ? -1 : 0;
}

static int set_layout(TIFF *tiff, const cs_dng_layout *layout, const cs_camera *camera)
{
    int is_mono = camera->cfa->period == 1;
    int lost = SET(tiff, TIFFTAG_SUBFILETYPE, 0);
    lost |= SET(tiff, TIFFTAG_IMAGEWIDTH, layout->width);
    lost |= SET(tiff, TIFFTAG_IMAGELENGTH, layout->height);
    lost |= SET(tiff, TIFFTAG_BITSPERSAMPLE, camera->bits);
    lost |= SET(tiff, TIFFTAG_SAMPLESPERPIXEL, 1);
    lost |= SET(tiff, TIFFTAG_PLANARCONFIG, PLANARCONFIG_CONTIG);
    lost |= SET(tiff, TIFFTAG_COMPRESSION, layout->tile_side ? COMPRESSION_JPEG : COMPRESSION_NONE);
    lost |= SET(tiff, TIFFTAG_PHOTOMETRIC, is_mono ? LINEAR_RAW : PHOTOMETRIC_CFA);
    if (layout->tile_side) {
        lost |= SET(tiff, TIFFTAG_TILEWIDTH, layout->tile_side);
        return lost | SET(tiff, TIFFTAG_TILELENGTH, layout->tile_side);
    }
    return lost | SET(tiff, TIFFTAG_ROWSPERSTRIP, layout->strip_rows);
}

static int set_camera(TIFF *tiff, const cs_camera *camera, const cs_shot *shot)
{
    char date[CS_DATE_SIZE], unique[256];
    cs_date_write_exif(shot->time_s, date);
    snprintf(unique, sizeof unique, "%s %s", camera->make, camera->model);
    int lost = SET(tiff, TIFFTAG_ORIENTATION, shot->orientation);
    lost |= SET(tiff, TIFFTAG_MAKE, camera->make);
    lost |= SET(tiff, TIFFTAG_MODEL, camera->model);
    lost |= SET(tiff, TIFFTAG_DATETIME, date);
    lost |= SET(tiff, TIFFTAG_DNGVERSION, "\1\4\0\0");
    lost |= SET(tiff, TIFFTAG_DNGBACKWARDVERSION, "\1\3\0\0");
    lost |= SET(tiff, TIFFTAG_UNIQUECAMERAMODEL, unique);
    if (camera->serial[0])
        lost |= SET(tiff, TIFFTAG_CAMERASERIALNUMBER, camera->serial);
    return lost;
}

static int set_levels(TIFF *tiff, const cs_dng_layout *layout, const cs_camera *camera)
{
    float black = CS_BLACK_DN * cs_camera_scale(camera);
    uint32_t white = (uint32_t)(CS_WHITE_DN * cs_camera_scale(camera)), active[4];
    for (int i = 0; i < 4; i++)
        active[i] = (uint32_t)layout->active[i];
    int lost = SET(tiff, TIFFTAG_BLACKLEVEL, 1, &black);
    lost |= SET(tiff, TIFFTAG_WHITELEVEL, 1, &white);
    return lost | SET(tiff, TIFFTAG_ACTIVEAREA, active);
}

/* CIE XYZ of D65 to camera colours: through linear sRGB (IEC 61966-2-1). */
static void fill_colour_matrix(const cs_camera *camera, float matrix[9])
{
    static const float xyz_to_srgb[3][3] = {
        {3.2406f, -1.5372f, -0.4986f}, {-0.9689f, 1.8758f, 0.0415f}, {0.0557f, -0.2040f, 1.0570f}};
    for (int i = 0; i < 3; i++)
        for (int j = 0; j < 3; j++) {
            matrix[3 * i + j] = 0.0f;
            for (int k = 0; k < 3; k++)
                matrix[3 * i + j] += camera->to_camera[i][k] * xyz_to_srgb[k][j];
        }
}

static int set_colours(TIFF *tiff, const cs_camera *camera)
{
    enum { D65 = 21, RECTANGULAR = 1 };
    const cs_cfa *cfa = camera->cfa;
    float matrix[9], neutral[3] = {1.0f / CS_RED_GAIN, 1.0f, 1.0f / CS_BLUE_GAIN};
    uint16_t repeat[2] = {(uint16_t)cfa->period, (uint16_t)cfa->period};
    uint8_t pattern[CS_PERIOD_MAX * CS_PERIOD_MAX];
    if (cfa->period == 1)
        return 0;
    for (int y = 0; y < cfa->period; y++)
        for (int x = 0; x < cfa->period; x++)
            pattern[y * cfa->period + x] = cfa->colour[y][x];
    fill_colour_matrix(camera, matrix);
    int lost = SET(tiff, TIFFTAG_CFAREPEATPATTERNDIM, repeat);
    lost |= SET(tiff, TIFFTAG_CFAPATTERN, cfa->period * cfa->period, pattern);
    lost |= SET(tiff, TIFFTAG_CFALAYOUT, RECTANGULAR);
    lost |= SET(tiff, TIFFTAG_COLORMATRIX1, 9, matrix);
    lost |= SET(tiff, TIFFTAG_CALIBRATIONILLUMINANT1, D65);
    return lost | SET(tiff, TIFFTAG_ASSHOTNEUTRAL, 3, neutral);
}

int cs_dng_set_tags(TIFF *tiff, const cs_dng_layout *layout, const cs_camera *camera, const cs_shot *shot, int has_exif)
{
    uint64_t exif_offset = 0;
    if (has_exif && write_exif(tiff, camera, shot, &exif_offset))
        return -1;
    TIFFFreeDirectory(tiff); /* TIFFCreateDirectory would leak the entries of EXIF */
    if (TIFFCreateDirectory(tiff) != 0)
        return -1;
    int lost = set_layout(tiff, layout, camera) | set_camera(tiff, camera, shot);
    lost |= set_levels(tiff, layout, camera) | set_colours(tiff, camera);
    if (has_exif)
        lost |= SET(tiff, TIFFTAG_EXIFIFD, exif_offset);
    return lost ? -1 : 0;
}
