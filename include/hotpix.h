/*
 * hotpix: bad pixels of a camera's sensor, from ordinary photos.
 *
 * The whole library in twenty lines:
 *
 *     #include <hotpix.h>
 *     #include <stdio.h>
 *
 *     int main(int argc, char **argv)
 *     {
 *         hp_error err = {0};
 *         hp_scan_options options = hp_scan_defaults();
 *         hp_result *result = NULL;
 *         if (hp_scan((const char *const *)argv + 1, (size_t)argc - 1, &options, &result, &err)) {
 *             fprintf(stderr, "%s\n", err.message);
 *             return 1;
 *         }
 *         for (size_t i = 0; i < result->list_count; i++)
 *             for (size_t k = 0; k < result->lists[i].defect_count; k++)
 *                 printf("%s %u %u\n", result->lists[i].camera.model,
 *                        result->lists[i].defects[k].x, result->lists[i].defects[k].y);
 *         hp_result_free(&result);
 *         return 0;
 *     }
 *
 * It is built with `pkg-config --cflags --libs hotpix`; the parts below stand in the order in which a program meets
 * them: errors, what a result is made of, running, a scan, frames from memory, writing and reading lists, history,
 * selftest, repair, variance, states.
 *
 * Errors: every function that can fail returns 0 or an HP_E code and fills the caller's hp_error, which may be NULL;
 * after a success what stands in it means nothing. The codes named at each function are those to expect; HP_E_MEMORY is
 * to be expected of all, HP_E_STOPPED of all that take run options. The library never prints, exits, reads the
 * environment or installs signal handlers.
 *
 * A pointer that is handed in must point to something, unless it says that it may be NULL; an array of no items may.
 *
 * Memory: what a function hands out through a hp_x ** is the caller's and is freed, with all that hangs on it, by
 * hp_x_free, which accepts NULL and sets the pointer to NULL. After a failure it is NULL, so that freeing it does no
 * harm, unless the function says that it is set then too. What goes in stays the caller's and is not needed after the
 * call, but for what options point to where a call only begins something (hp_feed_open). Strings end in 0; names from
 * files may hold any byte (hp_printable).
 *
 * Threads: any function may be called from several threads at once on different objects; one object is for one thread
 * at a time, and may be read by several. A call that works on photos or states uses as many threads of its own as its
 * options say, which are gone when it returns. Nothing is shared between calls but the files they are given; a state
 * file is locked while it is grown.
 *
 * Units: px, DN (steps of a file's values), s, bytes, as each member says; times are seconds since 1970.
 *
 * Structures may gain members at their end of meaning 0: begin from hp_x_defaults() or {0}, and compile with this
 * header.
 *
 * Coordinates: x to the right, y down, both from 0, in the stored matrix of the photo. The EXIF
 * orientation is ignored. RAW: the visible frame, that of dcraw, LibRaw and RawTherapee.
 */
#ifndef HOTPIX_H
#define HOTPIX_H

#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif
#ifdef __GNUC__
#pragma GCC visibility push(default) /* of the library, what follows leaves and nothing else */
#endif

#define HP_VERSION "0.1.0"

/* ---- errors ---- */

enum {
    HP_OK = 0,
    HP_E_MEMORY,      /* not enough memory, or not within the limit given */
    HP_E_IO,          /* a file could not be read or written */
    HP_E_INPUT,       /* the content of a file is not what it should be */
    HP_E_UNSUPPORTED, /* a valid file of a kind that is not handled */
    HP_E_ARGUMENT,    /* the caller's arguments are wrong */
    HP_E_NO_PHOTO,    /* nothing usable among the photos */
    HP_E_STOPPED,     /* the caller asked to stop */
    HP_E_DECODER      /* a decoder in a process of its own died, took too long, or too much memory */
};

/* Owned by the caller; `message` is one sentence that names the thing and the number. */
typedef struct hp_error {
    int code;
    char message[1024];
} hp_error;

/* ---- what a result is made of ---- */

typedef enum hp_source {
    HP_SOURCE_UNKNOWN,
    HP_SOURCE_JPEG,
    HP_SOURCE_RAW,
    HP_SOURCE_TIFF,
    HP_SOURCE_PNG,
    HP_SOURCE_FITS,
    HP_SOURCE_HEIC
} hp_source;
typedef enum hp_kind { HP_HOT, HP_STUCK, HP_DEAD, HP_WEAK } hp_kind;
typedef enum hp_grade { HP_PROBABLE, HP_CERTAIN } hp_grade;

/* What is bad: one pixel, some that touch (told apart in a sensor's own samples only), a column or row or part of it.
 */
typedef enum hp_shape { HP_SHAPE_PIXEL, HP_SHAPE_CLUSTER, HP_SHAPE_COLUMN, HP_SHAPE_ROW } hp_shape;

/* A camera body and the shape of its photos: what makes photos comparable. */
typedef struct hp_camera {
    char make[64];
    char model[64];
    char serial[64]; /* empty where the photos name none */
    uint32_t width;  /* px */
    uint32_t height; /* px */
    hp_source source;
    char cfa[40];  /* colours of the CFA row by row, as "RGGB"; empty: no mosaic */
    unsigned bits; /* bits a sample */
} hp_camera;

typedef struct hp_box {
    uint32_t x, y;          /* top left corner, px */
    uint32_t width, height; /* px */
} hp_box;

typedef struct hp_defect {
    uint32_t x, y; /* px; of a column or row the middle */
    hp_shape shape;
    hp_kind kind;
    hp_grade grade;
    double score;          /* |S|, 1 = threshold (docs/method.md) */
    double expected_false; /* false detections as strong as this one that the whole sensor is expected to give; 0: not
                              known */
    double mean;           /* mean difference to the ring, DN */
    double deviation;      /* standard deviation of that difference over the photos, DN */
    double dark_current;   /* DN/s, at ISO 100 where ISO differs; 0: stuck or dead, or not all photos are darks of known
                              exposure */
    hp_box box;            /* the pixels the defect shows in; x, y is one of them */
    int64_t since_s;       /* bad from then on: seconds since 1970 of the camera's clock read as UTC; 0: not known */
    int64_t until_s;       /* not bad any more from then on; 0: still bad, or not known */
} hp_defect;

/* A photo that was not counted, and why. Both strings as given: a path may hold any byte. */
typedef struct hp_skipped {
    char *path;
    char *reason;
    bool harmless; /* left out on purpose (the same photo again, a near-duplicate): nothing is wrong with it */
    bool earlier;  /* by an earlier run, as a state file tells; it is not among the photos of this one */
    bool others;   /* it shows the bad pixels of another body of this model, which has a list of its own */
    bool unfit;    /* a program turned or resized it: its bad pixels lie elsewhere than those of the camera's others */
    bool shared;   /* by a reason that many have at once: their shape, the memory that they need */
} hp_skipped;

/* ---- history: since when each pixel is bad (docs/history.md) ---- */

/* A photo that the history of a camera's pixels was read from. */
typedef struct hp_dated_photo {
    char *path;        /* as given: it may hold any byte */
    int64_t taken_s;   /* seconds since 1970 of the camera's clock read as UTC */
    double exposure_s; /* 0: not known */
    double iso;        /* 0: not known */
} hp_dated_photo;

typedef enum hp_history_verdict {
    HP_NOT_SEEN,        /* in no photo, as far as they can show it */
    HP_ALWAYS_BAD,      /* in the first photo already, in the last one still */
    HP_BEGAN,           /* good in the first photo, bad in the last one still */
    HP_ENDED,           /* bad in the first photo already, good in the last one */
    HP_BEGAN_AND_ENDED, /* good in the first and in the last photo, bad between */
    HP_INTERMITTENT     /* bad and good by turns */
} hp_history_verdict;

/* What the photos say of one defect. The arrays have a value for each of hp_history.photos, in that order. */
typedef struct hp_timeline {
    float *residual; /* difference to the ring, DN; of developed photos over the defect's footprint */
    float *noise;    /* one sigma of that difference where nothing is wrong, in the same place of the same photo, DN */
    float *expected; /* what a defect of this size shows there, DN: near 0 where the photo cannot tell */
    float *badness;  /* probability that the pixel is bad in this photo, 0..1 */
    hp_history_verdict verdict;
    size_t first_bad, last_bad;     /* indices; both 0 for HP_NOT_SEEN */
    size_t first_least, first_most; /* first_bad lies within these with 95 %: one where it is sure */
    size_t last_least, last_most;   /* likewise last_bad */
    int64_t since_s;                /* when first_bad was taken; 0: bad before the first photo, or not seen */
    int64_t until_s;                /* when the first good photo after last_bad was taken; 0: still bad, not seen */
    double confidence;              /* probability of the verdict, 0..1 */
} hp_timeline;

/* Photos of one camera in order of date, and what they say of each defect of its list. */
typedef struct hp_history {
    hp_dated_photo *photos; /* by taken_s, then path */
    size_t photo_count;
    hp_skipped *set_aside; /* photos of this camera that tell nothing, and why: without a date, damaged */
    size_t set_aside_count;
    hp_timeline *timelines; /* one for each defect of the list, in its order */
    size_t timeline_count;
} hp_history;

/* A soft dark spot, as dust on the sensor makes: no bad pixel. */
typedef struct hp_dust {
    uint32_t x, y;     /* px */
    uint32_t diameter; /* at half of its depth, px */
    double mean;       /* how much darker its middle is than what is around it, DN, below 0 */
} hp_dust;

/* What tells real detections from false ones without knowing the truth; of pixels and clusters (docs/method.md, 4). */
typedef struct hp_checks {
    size_t pixels;             /* that were looked at; 0: nothing is known */
    double phase_share;        /* of them, on one of the four positions of a 2x2 CFA; 0.25 by chance */
    uint32_t phase_x, phase_y; /* which one: x and y modulo 2 */
    double block_share;        /* in one column or row of the 8 of a JPEG's blocks; 0.125 by chance */
    double kept_share;     /* of their strength in one half of the photos that they have in the other; < 0: unknown */
    size_t kept_count;     /* what stood out in one half or the other */
    double turned_sigmas;  /* how far the places stand out together that these come to lie at in turned photos */
    double weak_share;     /* that are weak */
    double unsteady_share; /* of the certain ones, that show in some photos and not at all in others */
} hp_checks;

/* ---- evidence: what a report shows of how a list was found (docs/report.md) ---- */

enum { HP_CROP_SIDE = 25, HP_CROPS_MOST = 1000, HP_SCORE_BINS = 80, HP_LOWEST_SHOWN = 10 };
#define HP_SCORE_BIN 0.05 /* of |S| */

/* The surroundings of a defect, row by row, the defect in the middle; NaN outside the frame. */
typedef struct hp_crop {
    uint32_t x, y;                               /* of the defect, px */
    float mean[HP_CROP_SIDE * HP_CROP_SIDE];     /* of the photos, DN */
    float residual[HP_CROP_SIDE * HP_CROP_SIDE]; /* mean difference to the ring, DN */
} hp_crop;

/* A pixel, or one colour of it, and how much it changed over the photos. */
typedef struct hp_subpixel {
    double value;     /* M2: sum of squared differences from the mean, DN^2 */
    double mean;      /* DN */
    uint32_t x, y;    /* px */
    uint32_t channel; /* 0 R, 1 G, 2 B; 0 where there is one channel */
} hp_subpixel;

typedef struct hp_evidence {
    double thresholds[4];             /* of the maps z, zt, zg and en, in sigma (docs/method.md, 3.3) */
    uint64_t brighter[HP_SCORE_BINS]; /* pixels by |S|, bins of HP_SCORE_BIN from 0 on; the last one has all above */
    uint64_t darker[HP_SCORE_BINS];   /* likewise those darker than their ring */
    uint32_t cell;                    /* px of the frame that a cell of the score image is wide and high */
    uint32_t score_width, score_height;
    float *score;   /* S of the largest size in each cell, with its sign, row by row */
    hp_crop *crops; /* of the HP_CROPS_MOST strongest defects at most; by y, then x */
    size_t crop_count;
    hp_subpixel lowest[HP_LOWEST_SHOWN]; /* lowest M2 of the plane that was looked at: the article's ranking */
    size_t lowest_count;
    double effective_share;  /* of the photos that count as different, 0..1 */
    int64_t first_s, last_s; /* when the photos were taken, as since_s; 0: not known */
    char *folder;            /* that all of them lie in or below, as their paths have it; NULL: not known */
} hp_evidence;

/* The defects of one camera, ordered by y, then x, and how they were found. */
typedef struct hp_list {
    hp_camera camera;
    size_t photos_used;
    hp_skipped *skipped;
    size_t skipped_count;
    hp_defect *defects;
    size_t defect_count;
    size_t negative_count; /* defects darker than their ring: on a sensor without any, all false */
    hp_dust *dust;         /* by y, then x */
    size_t dust_count;
    hp_checks checks;
    char **warnings; /* sentences for the user */
    size_t warning_count;
    hp_history *history;   /* NULL: not looked at */
    hp_evidence *evidence; /* where hp_run_options.evidence asked for it; else NULL */
    size_t photos_new;     /* of photos_used, those that this run of hp_scan counted */
    size_t photos_known;   /* of this run's photos, those that the state had counted or left out before */
} hp_list;

/* Everything a scan found: one list a camera, ordered by make, model, serial, width, height, source. */
typedef struct hp_result {
    hp_list *lists;
    size_t list_count;
    hp_skipped *skipped; /* files of which not even the camera is known */
    size_t skipped_count;
    double seconds; /* wall clock of the whole scan */
    /*
     * The caller's, and not freed with the result: the file that the lists were or will be written to, which a report
     * then names in the commands that it shows; NULL: none.
     */
    const char *list_file;
} hp_result;

/* Frees it and everything in it; NULL in *result is accepted. */
void hp_result_free(hp_result **result);

/* Words of the enumerations, as used in every output: "hot", "certain", "jpeg"; constant. For their own values only. */
const char *hp_kind_name(hp_kind kind);
const char *hp_grade_name(hp_grade grade);
const char *hp_shape_name(hp_shape shape);
const char *hp_source_name(hp_source source);
const char *hp_history_verdict_name(hp_history_verdict verdict); /* "always", "began", "not seen" ... */

/* ---- running ---- */

typedef enum hp_cpu { HP_CPU_AUTO, HP_CPU_PLAIN, HP_CPU_V2, HP_CPU_V3, HP_CPU_V4 } hp_cpu;

/*
 * How far a run is. Handed to the callback after each photo by one of the run's threads, not always the same, one at a
 * time: the others wait, so it is to be quick, and it must not call back into what is running.
 */
typedef struct hp_progress {
    size_t photos_done;
    size_t photos_total;
    uint64_t bytes_done; /* of the photo files */
    uint64_t bytes_total;
    double seconds; /* since the run began */
} hp_progress;

typedef void hp_progress_fn(void *context, const hp_progress *progress);

/* ---- decoders in processes of their own (docs/security.md) ---- */

/*
 * Photos are then read by worker processes without any rights, which put the pixels into shared memory: the results are
 * the same bytes, and a photo that brings its decoder down is skipped for it, as damaged ones are (HP_E_DECODER).
 */
typedef struct hp_isolation hp_isolation;

#define HP_PHOTO_TIMEOUT_S 60

typedef struct hp_isolation_options {
    unsigned photo_timeout_s;    /* for one photo; 0: HP_PHOTO_TIMEOUT_S */
    uint64_t photo_memory_bytes; /* that decoding one may take; 0: as its size makes plausible */
    bool unconfined;             /* processes of their own, but with all rights of this one */
} hp_isolation_options;

/*
 * Forks the process that workers are forked from, so it is to be called before the program starts threads, by the
 * thread that outlives the others. It is killed with this process. *isolation is the caller's, to be ended with
 * hp_isolation_end; all of a program's calls may use it at one time. Fails with HP_E_UNSUPPORTED, HP_E_MEMORY.
 */
int hp_isolation_start(hp_isolation **isolation, hp_error *err);

/* After the end of all calls that use it; NULL in *isolation is accepted. */
void hp_isolation_end(hp_isolation **isolation);

/* How photos are decoded from now on; before its first use. The options are copied. */
void hp_isolation_set(hp_isolation *isolation, const hp_isolation_options *options);

/* False where the kernel refused to take rights from a worker since the start; err then says why. */
bool hp_isolation_is_confined(hp_isolation *isolation, hp_error *err);

/* ---- several processes that do one run together (docs/scale.md) ---- */

typedef struct hp_team hp_team;

/*
 * Makes a team of the processes that mpirun started; once, at the beginning of the program. In the library hotpix-mpi,
 * which is there where MPI was when it was built. *team is the caller's; hp_team_leave is the last that a process does.
 * Fails with HP_E_UNSUPPORTED where MPI cannot be used beside threads.
 */
int hp_team_join(int *argc, char ***argv, hp_team **team, hp_error *err);
void hp_team_leave(hp_team **team);

/* Whether this process is the one that reads states, has the result, prints and writes; true for NULL. */
bool hp_team_leads(const hp_team *team);

/*
 * The same for all, who call it at the same time: 0 when code is that for each, else the code and message of the first
 * that failed. NULL: code.
 */
int hp_team_agree(const hp_team *team, int code, hp_error *err);

/* ---- what all runs take ---- */

typedef struct hp_run_options {
    unsigned threads;         /* 0: one for each usable CPU */
    uint64_t memory_bytes;    /* limit for all large arrays together, or HP_E_MEMORY; 0: what the machine has */
    unsigned batch;           /* photos a round; 0: chosen */
    hp_cpu cpu;               /* kernels to use; the results are the same bytes */
    hp_progress_fn *progress; /* may be NULL */
    void *progress_context;
    const volatile sig_atomic_t *stop; /* may be NULL; the run ends with HP_E_STOPPED soon after it becomes true */
    /*
     * A state file (docs/state.md): the run begins with what it holds, takes only photos not in it, and saves it at the
     * end, at checkpoints and when stopped. Made where it is missing. For a scan also a folder, which keeps a file for
     * each camera; a single file fails with HP_E_INPUT for photos of several. One run at a time: HP_E_IO. May be NULL.
     */
    const char *state;
    const hp_team *team;     /* all its processes call with the same arguments and options; NULL: a process alone */
    double checkpoint_s;     /* between checkpoints, which take a tenth of the time at most; below 0: none */
    bool evidence;           /* of a scan: fill hp_list.evidence, for reports and maps */
    hp_isolation *isolation; /* NULL: photos are decoded by the threads of this process */
    double false_rate;       /* false detections to be expected on the whole sensor; 0: HP_FALSE_RATE */
} hp_run_options;

#define HP_CHECKPOINT_S 60 /* as the defaults have it */
#define HP_FALSE_RATE 0.1

/* ---- a scan ---- */

/* What becomes of photos that are nearly the same as one already taken. */
typedef enum hp_similar {
    HP_SIMILAR_AUTO, /* left out, but for darks, bias and flats, which show no scene */
    HP_SIMILAR_SKIP, /* left out, whatever they show */
    HP_SIMILAR_KEEP  /* counted */
} hp_similar;

typedef struct hp_scan_options {
    hp_run_options run;
    hp_similar similar;
} hp_scan_options;

/* All CPUs, no limit of memory, no state, near-duplicates left out. */
hp_scan_options hp_scan_defaults(void);

/*
 * Finds the bad pixels of every camera among the photos.
 * arguments: `count` files, folders (walked) and glob patterns (expanded when no such file exists).
 * On success *result is the caller's, to be freed with hp_result_free.
 * Fails with HP_E_NO_PHOTO when no photo could be used; *result is then set too and says why. With any other code it is
 * NULL: HP_E_ARGUMENT (threads, cpu, similar or false_rate that cannot be had), with a state also HP_E_IO, HP_E_INPUT
 * (it is damaged, or of another camera), HP_E_UNSUPPORTED (of another version). In a team only the leader's result says
 * more than how many photos were used.
 */
int hp_scan(const char *const *arguments, size_t count, const hp_scan_options *options, hp_result **result,
            hp_error *err);

/* ---- pixels from memory instead of files ---- */

/* A photo as the caller has it. All is read during hp_feed_add only. */
typedef struct hp_frame {
    const void *samples;   /* of the top left pixel; uint8_t where the camera has up to 8 bits, uint16_t above */
    size_t stride_bytes;   /* from one row to the next */
    const char *name;      /* what results call it, in place of a path, 4096 bytes at most; NULL, "": its number */
    double exposure_s;     /* 0: not known */
    double iso;            /* 0: not known */
    int64_t taken_s;       /* seconds since 1970; 0: not known */
    const uint16_t *black; /* DN without light at each site of the camera's cfa, row by row, as many as it has
                              letters (without a cfa one); NULL: not known */
    uint64_t id[2];        /* high, low: frames of one id are one photo; both 0: a hash of the samples */
} hp_frame;

typedef struct hp_feed hp_feed;

/*
 * Begins a scan of frames of one camera: its width, height, bits (1 to 16) and cfa are those of every frame; source
 * HP_SOURCE_JPEG says that pixels were made from several photosites. options may be NULL: the defaults; what run.stop
 * and run.state point to must stay until the end; run.progress is not called, run.team must be NULL, run.state is one
 * file. Fails with HP_E_ARGUMENT, HP_E_UNSUPPORTED (a
 * size), HP_E_MEMORY, and as hp_scan does for the state. *feed is the caller's, to be freed with hp_feed_free; one
 * thread at a time may use it.
 */
int hp_feed_open(const hp_camera *camera, const hp_scan_options *options, hp_feed **feed, hp_error *err);

/*
 * Adds a frame, in the order in which near-duplicates are to be decided. One that is nearly the same as another is left
 * out for good: hp_scan comes back to it where there is little else, a feed cannot (HP_SIMILAR_KEEP counts all). With
 * file names in order as names and XXH3-128 of the files as ids it gives the same bytes as a scan of files that hold
 * these samples. Fails with HP_E_ARGUMENT, after which the feed goes on without that frame, HP_E_MEMORY, HP_E_STOPPED,
 * HP_E_IO (a checkpoint: it goes on with that frame, and the state stays as it was last saved).
 */
int hp_feed_add(hp_feed *feed, const hp_frame *frame, hp_error *err);

/* Ends it, once: as hp_scan ends, with one list. *result is the caller's. */
int hp_feed_finish(hp_feed *feed, hp_result **result, hp_error *err);

/* Finished or not; what was not finished is given up, and a state stays as it was last saved. */
void hp_feed_free(hp_feed **feed);

/* ---- writing results ---- */

/*
 * Writes a result. target: a file name whose ending tells the kind, or KIND:FILE, the kind being json, csv, dcraw,
 * rawtherapee, jpegpixi, siril, iraf, ds9, fits, png, lsst, phd2 (docs/lists.md), html, map or svg (docs/report.md).
 * A list for one camera only, asked for several, goes to one file each: NAME-Model-Serial.ending.
 * Written beside the target, synced and renamed: the target is never half there. Replaces only with force. Fails with
 * HP_E_ARGUMENT where the name tells no kind, HP_E_IO (the target exists, or cannot be written), HP_E_NO_PHOTO where
 * there is no list (json, csv and html are written all the same), HP_E_UNSUPPORTED where the kind cannot hold it,
 * HP_E_MEMORY.
 */
int hp_result_write(const hp_result *result, const char *target, bool force, hp_error *err);

/* The file, or folder, that a target names: what stands behind its KIND:, or all of it; points into target. */
const char *hp_target_file(const char *target);

/* Whether hp_result_write would accept the target, before the work is done. */
int hp_result_check_target(const char *target, bool force, hp_error *err);

/*
 * The files that hp_result_write makes: the name of one, from 0 on; false beyond the last, and where size is too small.
 */
bool hp_result_file(const hp_result *result, const char *target, size_t index, char *name, size_t size);

/* Whether a target of this kind shows evidence, for hp_run_options.evidence. */
bool hp_target_shows_evidence(const char *target);

/*
 * Whether a target is a list for raws (of dcraw, RawTherapee, darktable) and what goes there was found in JPEGs or
 * HEICs, whose frame may be another, or in FITS, whose rows may begin at the bottom: worth a warning.
 */
bool hp_target_misses_frame(const hp_result *result, const char *target);

/*
 * As hp_result_write; photo names the one that a kind inside photos (opcode) is put into a copy of. NULL where target
 * is of no such kind. Fails with HP_E_INPUT where the photo is of another camera or size than the list.
 */
int hp_result_write_into(const hp_result *result, const char *photo, const char *target, bool force, hp_error *err);

/* ---- one photo ---- */

/* What is known of a photo without decoding it. */
typedef struct hp_photo_facts {
    hp_camera camera; /* that took it, with the photo's frame */
    unsigned channels;
    double exposure_s;  /* 0: not known */
    double iso;         /* 0: not known */
    int64_t taken_s;    /* seconds since 1970 of the camera's clock read as UTC; 0: not known */
    uint64_t file_size; /* bytes */
} hp_photo_facts;

/*
 * isolation: as in hp_run_options, may be NULL. Fails with HP_E_INPUT where it cannot be read, is of no kind that is,
 * or is several.
 */
int hp_photo_read_facts(const char *path, hp_isolation *isolation, hp_photo_facts *facts, hp_error *err);

/* ---- lists from files ---- */

/* What a list that is read must be for. All zero: whatever its file says. */
typedef struct hp_list_options {
    uint32_t width, height; /* of the frame, px; for files that do not tell it, others must agree; 0: not known */
    hp_source source;       /* likewise: the photos the list is for */
    const char *camera;     /* model, serial or printed name of the lists that are wanted; NULL: all */
    const hp_camera *like;  /* the camera they must be for, its frame included; NULL: any */
} hp_list_options;

/*
 * Reads the lists of a file of any kind that hp_result_write writes: `name` is a file, whose content or ending tells
 * the kind, or KIND:FILE. Every defect lies inside its frame, in order, each once. options may be NULL. On success
 * *result is the caller's. Fails with HP_E_INPUT where the file is damaged, holds a place outside the frame, or is for
 * another size or camera than the options say, and with HP_E_ARGUMENT where it does not say what is needed.
 */
int hp_list_read(const char *name, const hp_list_options *options, hp_result **result, hp_error *err);

/* Whether the file begins as a report page of hp_result_write does. */
bool hp_report_is_one(const char *path);

/*
 * The lists that a report page was made of. hp_list_read does not take pages: what was decided in one by hand is not
 * in its file. On success *result is the caller's. Fails with HP_E_IO, HP_E_INPUT, HP_E_MEMORY.
 */
int hp_report_read(const char *path, hp_result **result, hp_error *err);

typedef enum hp_list_operation { HP_LIST_UNION, HP_LIST_INTERSECT, HP_LIST_SUBTRACT } hp_list_operation;

/*
 * Unites the lists of `other` into those of `result`, keeps what both have, or takes away what other has. A pixel that
 * both have stays as result has it. Fails with HP_E_INPUT where other has a list for a camera or size that result has
 * not, with HP_E_ARGUMENT where it could belong to several, result has none or there is no such operation, with
 * HP_E_MEMORY; result may then be combined in part.
 */
int hp_list_combine(hp_result *result, const hp_result *other, hp_list_operation operation, hp_error *err);

/*
 * Gives every list of the result its history from the photos of its camera; arguments as hp_scan has them. The dates go
 * into its defects too (since_s, until_s). A list whose camera has no photo among them keeps none; of photos that no
 * list is for a warning tells. result->skipped becomes what among the arguments is no photo. JPEGs are decoded only
 * around the defects. Of the run options state, batch, cpu and team do not matter. After a failure the result is as
 * good as before, and some of its lists may have their history. Fails with HP_E_INPUT, naming both
 * cameras, where no photo is of a camera that there is a list for, with HP_E_NO_PHOTO where none can be used, with
 * HP_E_STOPPED, HP_E_MEMORY.
 */
int hp_history_read(hp_result *result, const char *const *arguments, size_t count, const hp_run_options *options,
                    hp_error *err);

/* ---- selftest: what a scan of these photos would find ---- */

/* Defects of one kind and strength that were planted into the photos, in memory. */
typedef struct hp_selftest_step {
    hp_kind kind;
    double strength; /* hot: DN that it adds, the mean over the photos, for it grows with their gain; weak: its
                        response, 0..1; stuck: its level, share of white; dead: 0 */
    size_t planted;
    size_t found;
} hp_selftest_step;

typedef struct hp_selftest {
    hp_camera camera;
    size_t photos_used;
    size_t own_defects;      /* of the photos as they are */
    hp_selftest_step *steps; /* hot from the weakest on, weak likewise, dead, stuck */
    size_t step_count;
    double hot_from_dn; /* from here on 90 % are found; 0: not even of the strongest */
    double weak_from;   /* response below which 90 % are found; 0: likewise */
    hp_skipped *skipped;
    size_t skipped_count;
} hp_selftest;

typedef struct hp_selftest_result {
    hp_selftest *cameras;
    size_t camera_count;
    hp_skipped *skipped;
    size_t skipped_count;
    double seconds;
} hp_selftest_result;

/*
 * Plants bad pixels of every kind into the photos as they are decoded (docs/method.md, 5) and tells which a scan of
 * them finds; the photos are read twice. The same photos give the same answer. Arguments and failures as of hp_scan;
 * of the run options state and team do not matter. *result is to be freed with hp_selftest_result_free.
 */
int hp_selftest_run(const char *const *arguments, size_t count, const hp_scan_options *options,
                    hp_selftest_result **result, hp_error *err);
/* As hp_result_write and hp_result_check_target; the kind is json alone. */
int hp_selftest_write(const hp_selftest_result *result, const char *target, bool force, hp_error *err);
int hp_selftest_check_target(const char *target, bool force, hp_error *err);
void hp_selftest_result_free(hp_selftest_result **result);

/* ---- repaired photos (docs/repair.md) ---- */

typedef struct hp_fix_options {
    hp_run_options run; /* threads, progress, stop and isolation alone matter */
    const char *folder; /* where copies go, as the photos stand below what was named; made if missing; NULL: in place */
    bool drop_originals; /* in place: photos that change are not kept as NAME.orig */
    bool keep_time;      /* copies get the photos' time of modification */
    bool force;          /* copies that exist are replaced; in place photos that are not what their NAME.orig gives */
    bool mask;           /* copies of FITS photos get an extension MASK */
} hp_fix_options;

/* A photo that was seen to. */
typedef struct hp_fixed {
    char *photo;
    char *target;
    size_t repaired;    /* bad pixels; 0: the copy is the same file, byte for byte, but for a mask */
    size_t left;        /* bad pixels that are right in this photo */
    bool masked;        /* the copy has an extension MASK of the list */
    bool by_opcode;     /* the copy's raw samples are as they were: it has the list, for programs that repair by it */
    bool from_original; /* in place: not the photo was repaired, but its NAME.orig of an earlier repair */
    bool unchanged;     /* the photo, or in place what stood there, has all the bytes of the repaired one */
} hp_fixed;

typedef struct hp_fix_result {
    hp_fixed *photos; /* by camera, then path */
    size_t photo_count;
    hp_skipped *skipped; /* photos that nothing was written for; harmless: no list is for them */
    size_t skipped_count;
    double seconds;
} hp_fix_result;

hp_fix_options hp_fix_defaults(void);

/*
 * Writes repaired copies of photos; arguments as hp_scan has them. Each photo is repaired by the list for its camera
 * and size. JPEG keeps everything but the blocks that hold a bad pixel. Whole files appear, or none. In place a photo
 * with a NAME.orig of an earlier repair is made of that again, which is never replaced by a repaired one. *result is to
 * be freed with hp_fix_result_free. Fails with HP_E_NO_PHOTO when none could be repaired (without a list that is all);
 * *result is then set too and says why. With any other code it is NULL: HP_E_IO (the folder), HP_E_ARGUMENT (threads).
 */
int hp_fix(const hp_result *lists, const char *const *arguments, size_t count, const hp_fix_options *options,
           hp_fix_result **result, hp_error *err);
void hp_fix_result_free(hp_fix_result **result);

/* ---- the variance of every subpixel: the article's statistic ---- */

typedef struct hp_variance_options {
    hp_run_options run;
    size_t rank; /* how many of the lowest M2 to report; default 10 */
} hp_variance_options;

/* All CPUs, no limit of memory, no state, the ten lowest. */
hp_variance_options hp_variance_defaults(void);

typedef struct hp_variance_result {
    uint32_t width, height; /* px */
    uint32_t channels;      /* 1, or 3: R, G, B */
    size_t photos_used;
    hp_skipped *skipped;
    size_t skipped_count;
    hp_subpixel min, max; /* of all, by M2; of equals the first */
    double mean_m2;       /* of all subpixels, DN^2 */
    hp_subpixel *lowest;  /* by M2, then y, x, channel */
    size_t lowest_count;
    double seconds_accumulating; /* wall clock until all photos were in the sums */
    double seconds;              /* of the whole run */
    const uint32_t *sum;         /* height x width x channels: sum of the values, DN */
    const void *sum_of_squares;  /* likewise, DN^2; uint32_t for 8 bit photos, uint64_t above */
    unsigned bits;
    void *owner;         /* the library's: keeps the two arrays until hp_variance_result_free */
    size_t photos_new;   /* as in hp_list */
    size_t photos_known; /* likewise */
} hp_variance_result;

/*
 * Mean and M2 of every subpixel over the set. The first readable photo in path order sets the size;
 * others of another size are skipped. Fails as hp_scan does; *result is to be freed with hp_variance_result_free.
 */
int hp_variance(const char *const *arguments, size_t count, const hp_variance_options *options,
                hp_variance_result **result, hp_error *err);
/* As hp_result_write and hp_result_check_target; the kind is json alone. */
int hp_variance_write(const hp_variance_result *result, const char *target, bool force, hp_error *err);
int hp_variance_check_target(const char *target, bool force, hp_error *err);
void hp_variance_result_free(hp_variance_result **result);

/*
 * Mean and M2 from a saved state instead of photos; of the run options only threads and cpu matter. Fails as
 * hp_state_read_info does, with HP_E_INPUT for the state of a scan too, with HP_E_NO_PHOTO, HP_E_MEMORY; then *result
 * is NULL.
 */
int hp_variance_of_state(const char *state, const hp_variance_options *options, hp_variance_result **result,
                         hp_error *err);

/* ---- states: the sums of a camera, saved (docs/state.md) ---- */

typedef struct hp_state_info {
    const char *kind; /* "residual" of a scan, "variance" */
    hp_camera camera; /* of the variance: the size and bits alone */
    unsigned channels;
    size_t photos;           /* in the sums */
    size_t similar, damaged; /* left out */
    int64_t first_s, last_s; /* when photos were taken, camera's clock as UTC; 0: not known */
    bool bounds_only;        /* photos were taken out: minima and maxima are bounds */
    bool unfinished;         /* near-duplicates were being counted after all when the run ended */
    uint64_t file_size;      /* bytes */
} hp_state_info;

/* Whether the file begins as a state does. */
bool hp_state_is_one(const char *path);

/* What a state holds; all of the file but its sums is checked. Fails with HP_E_IO, HP_E_INPUT, HP_E_UNSUPPORTED. */
int hp_state_read_info(const char *path, hp_state_info *info, hp_error *err);

/*
 * As hp_scan, from states instead of photos; of the run options threads, cpu, evidence and false_rate matter. Fails as
 * hp_state_read_info does, with HP_E_INPUT where two are of one camera or one is of the variance, with HP_E_NO_PHOTO,
 * HP_E_ARGUMENT (none is given, or as hp_scan), HP_E_STOPPED, HP_E_MEMORY; *result is NULL then.
 */
int hp_detect_states(const char *const *states, size_t count, const hp_run_options *options, hp_result **result,
                     hp_error *err);

/*
 * Makes one state of many, in memory that does not grow with their size or number: the same bytes as one run over all
 * the photos would give. target: replaced only with force, whole or not at all. Of the run options threads and stop
 * matter. Fails as hp_state_read_info does, with HP_E_INPUT where they are of different cameras or
 * sizes, or a photo counts in two of them, with HP_E_ARGUMENT where none is given, with HP_E_IO where the target
 * exists or cannot be written.
 */
int hp_merge(const char *const *states, size_t count, const char *target, bool force, const hp_run_options *options,
             hp_error *err);

/* skipped: photos that the state does not have; harmless where it cannot: of another camera, size or kind. */
typedef struct hp_forget_result {
    size_t subtracted; /* photos that counted */
    hp_skipped *skipped;
    size_t skipped_count;
} hp_forget_result;

/*
 * Takes photos out of a state again; arguments as hp_scan has them. Those that count must be there as they were, since
 * their numbers are subtracted; of those left out the name is enough. Minima and maxima become bounds. *result is to be
 * freed with hp_forget_result_free. Fails with HP_E_INPUT, naming the photo, with HP_E_NO_PHOTO where the state has
 * none of them, and leaves the state as it was.
 */
int hp_forget(const char *state, const char *const *photos, size_t count, const hp_run_options *options,
              hp_forget_result **result, hp_error *err);
void hp_forget_result_free(hp_forget_result **result);

/*
 * Copies text into out (size bytes, always terminated) so that it is safe to show in a terminal:
 * control characters and bytes that are not UTF-8 become \xNN. Returns out.
 */
char *hp_printable(const char *text, char *out, size_t size);

#ifdef __GNUC__
#pragma GCC visibility pop
#endif
#ifdef __cplusplus
}
#endif
#endif
