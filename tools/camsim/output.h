/* Files that appear whole or not at all: written under a temporary name, then renamed. */
#ifndef CAMSIM_OUTPUT_H
#define CAMSIM_OUTPUT_H

#include "error.h"

enum { CS_PATH_SIZE = 4096 };

typedef struct cs_output {
    char path[CS_PATH_SIZE];
    char temporary[CS_PATH_SIZE];
} cs_output;

/* Names only; nothing is opened yet. */
int cs_output_start(cs_output *output, const char *dir, const char *name, cs_error *err);
/* Gives the written temporary its name; result != 0: removes it instead. Returns result, or -1. */
int cs_output_finish(cs_output *output, int result, cs_error *err);

/* Makes a folder unless it exists. */
int cs_make_dir(const char *dir, cs_error *err);

#endif
