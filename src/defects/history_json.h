/* A history in JSON: docs/history.md describes it. */
#ifndef HP_DEFECTS_HISTORY_JSON_H
#define HP_DEFECTS_HISTORY_JSON_H

#include "defects/json.h"

/* New references, NULL for want of memory: the photos, and what they say of one defect. */
json_t *hp_json_history(const hp_history *history);
json_t *hp_json_timeline(const hp_history *history, size_t defect);

#endif
