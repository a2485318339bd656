/* What a file is that was given where another is meant: for messages alone. */
#ifndef HP_BASE_FILE_KIND_H
#define HP_BASE_FILE_KIND_H

#include "base/file.h"

/* "a photo", "a report page", by the first bytes; NULL: nothing that is often mistaken. PNG and FITS may be lists. */
const char *hp_file_kind(hp_bytes beginning);

/* How long the beginning has to be. */
enum { HP_FILE_KIND_BYTES = 32 };

#endif
