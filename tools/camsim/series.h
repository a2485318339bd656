/* Takes all photos of a series, several at a time. */
#ifndef CAMSIM_SERIES_H
#define CAMSIM_SERIES_H

#include "error.h"
#include "options.h"

int cs_series_take(const cs_options *options, cs_error *err);

#endif
