/* The bad pixels of the camera: the truth that hotpix has to find. */
#ifndef CAMSIM_DEFECTS_H
#define CAMSIM_DEFECTS_H

#include "error.h"

#include <stdint.h>

typedef enum cs_defect_class { CS_HOT_OFFSET, CS_HOT_DARK, CS_STUCK, CS_DEAD, CS_WEAK } cs_defect_class;

typedef struct cs_defect {
    int x, y;          /* stored visible matrix, from the top left */
    int width, height; /* px that are bad, all of them alike: 1x1 a pixel, a pair, a cluster, a column, a row */
    cs_defect_class class;
    /* Of a 12 bit sensor. hot-offset: DN at ISO 100; hot-dark: DN/s at ISO 100; stuck: DN; dead: 0; weak: response. */
    double strength;
    int has_since, has_until;
    int64_t since_s, until_s; /* bad from since on, good again from until on */
} cs_defect;

typedef struct cs_defect_list {
    cs_defect *item; /* by rows: y, then x */
    int count;
} cs_defect_list;

typedef struct cs_placement {
    uint64_t seed;
    int width, height;
    int per_class;
    int columns, rows;  /* half of them whole, half a part */
    int pairs;          /* two pixels beside or above each other */
    int clusters;       /* of 2x2 px */
    int may_touch_edge; /* half of the defects within 12 px of the border; else all at least 24 px away */
    int has_onsets;     /* 60 % begin and 10 % end between first_s and last_s */
    int64_t first_s, last_s;
} cs_placement;

int cs_defects_place(const cs_placement *placement, cs_defect_list *list, cs_error *err);
void cs_defects_sort(cs_defect_list *list);
void cs_defects_free(cs_defect_list *list);

static inline int cs_defect_is_on(const cs_defect *defect, int64_t time_s)
{
    return (!defect->has_since || time_s >= defect->since_s) && (!defect->has_until || time_s < defect->until_s);
}

const char *cs_defect_class_name(cs_defect_class class);
const char *cs_defect_kind_name(cs_defect_class class); /* hot, stuck, dead, weak */
int cs_defect_class_find(const char *name, cs_defect_class *class);

#endif
