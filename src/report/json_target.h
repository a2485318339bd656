/* Results that are written as JSON alone. */
#ifndef HP_REPORT_JSON_TARGET_H
#define HP_REPORT_JSON_TARGET_H

#include "defects/json.h"

/*
 * target is FILE.json or json:FILE, what ("the variance") is named where it is neither. Fail with HP_E_ARGUMENT, or as
 * hp_spare, hp_output_check, hp_output_open and hp_output_commit do; root is released.
 */
int hp_json_check_target(const char *target, const char *what, bool force, hp_error *err);
int hp_json_write_target(const char *target, const char *what, json_t *root, bool force, hp_error *err);

#endif
