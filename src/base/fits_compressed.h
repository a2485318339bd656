/* Tile-compressed FITS images, looked at before CFITSIO decodes them. */
#ifndef HP_BASE_FITS_COMPRESSED_H
#define HP_BASE_FITS_COMPRESSED_H

#include "hotpix.h"

#include <fitsio.h>

/*
 * Whether the current HDU, a compressed image, can be decoded without reading or writing where nothing is: CFITSIO
 * (4.2) trusts the tiles' lengths and bits. Fails with HP_E_INPUT for damage, HP_E_UNSUPPORTED for compressions that
 * cannot be looked at (HCOMPRESS, PLIO).
 */
int hp_fits_check_compressed(fitsfile *fits, hp_error *err);

#endif
