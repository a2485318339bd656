/* What the commands print on stdout, for people. */
#ifndef CLI_TABLE_H
#define CLI_TABLE_H

#include <hotpix.h>

enum { CAMERA_NAME_BYTES = 800 };

/* "NIKON D80, serial 123", safe to show; out has CAMERA_NAME_BYTES. Returns out. */
char *camera_name(const hp_camera *camera, char *out);

void table_print(const hp_result *result);

/* "9 bad pixels (1 cluster), 2 bad columns" */
void table_print_shapes(const hp_list *list);

/* Since when each pixel is bad, of the lists that have a history. */
void table_print_history(const hp_result *result);
void table_print_variance(const hp_variance_result *result);

#endif
