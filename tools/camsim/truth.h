/* defects.json: the camera, its bad pixels and its photos. */
#ifndef CAMSIM_TRUTH_H
#define CAMSIM_TRUTH_H

#include "camera.h"
#include "defects.h"
#include "error.h"
#include "shot.h"

/* Writes it to path, which is replaced; photos first to first+number-1. */
int cs_truth_write(const char *path, const cs_camera *camera, const cs_defect_list *defects, const cs_series *series,
                   int first, int number, const char *extension, cs_error *err);

/* The defects of such a file; other keys are ignored, those outside of width x height are an error. */
int cs_truth_read_defects(const char *path, int width, int height, cs_defect_list *defects, cs_error *err);

enum { CS_NAME_SIZE = 32 };
void cs_photo_name(int index, const char *extension, char name[CS_NAME_SIZE]);

#endif
