/* What the command line says: the fields that the option table fills. */
#ifndef CLI_SETTINGS_H
#define CLI_SETTINGS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The order of the words in the option table. */
typedef enum progress_when { PROGRESS_AUTO, PROGRESS_ALWAYS, PROGRESS_NEVER } progress_when;

/* Strings that belong to argv. */
typedef struct text_list {
    const char **items;
    size_t count;
} text_list;

#define NOT_GIVEN UINT64_MAX /* of a number that may be 0 */

/* The size of a photo, px. */
typedef struct cli_frame {
    uint32_t width, height; /* 0: not given */
} cli_frame;

/* Without any option: all zero, where nothing else is said. */
typedef struct cli_settings {
    text_list arguments;
    text_list outputs;
    bool help;
    bool force;
    bool quiet;
    bool strict;
    int progress;     /* progress_when */
    int similar;      /* hp_similar */
    int cpu;          /* hp_cpu */
    uint64_t threads; /* 0: all */
    uint64_t batch;   /* 0: chosen */
    uint64_t rank;    /* 0: the library's default */
    uint64_t memory_bytes;
    const char *state;     /* NULL: none */
    uint64_t checkpoint_s; /* NOT_GIVEN: HP_CHECKPOINT_S */
    bool unite;            /* at most one of the three */
    bool intersect;
    bool subtract;
    cli_frame frame;
    int source;                  /* hp_source */
    uint64_t photo_timeout_s;    /* 0: the library's default */
    uint64_t photo_memory_bytes; /* 0: by its size */
    bool no_sandbox;
    bool no_isolation;
    const char *camera;
    const char *like;
    const char *defects; /* a list; NULL: none */
    bool history;
    bool in_place;
    bool no_original;
    bool keep_time;
    bool mask;
    double false_rate; /* 0: the library's default */
} cli_settings;

#endif
