#include "options.h"

enum {
    ALL = FOR_SCAN | FOR_VARIANCE,
    STATES = FOR_DETECT | FOR_MERGE | FOR_FORGET,
    RUNS = ALL | FOR_SELFTEST,
    DECODING = RUNS | FOR_FORGET | FOR_INFO | FOR_CONVERT | FOR_HISTORY | FOR_FIX,
    EVERY = RUNS | STATES | FOR_CONVERT | FOR_INFO | FOR_HISTORY | FOR_FIX,
    MOST_THREADS = 1024,
    MOST_BATCH = 1024,
    MOST_RANK = 1000000,
    MOST_SECONDS = 10000000
};

#define FIELD(name) offsetof(cli_settings, name)

const cli_option options[] = {
    {"output", 'o', OPTION_TEXTS, FOR_SCAN, FIELD(outputs), "FILE", 0, 0,
     "write the result; the ending tells the kind (.json .csv .badpixels\n"
     ".html map.png), or KIND:FILE does (kinds: hotpix help convert);\n"
     "may be repeated"},
    {"output", 'o', OPTION_TEXTS, FOR_VARIANCE | FOR_SELFTEST, FIELD(outputs), "FILE.json", 0, 0,
     "write the result as JSON"},
    {"output", 'o', OPTION_TEXTS, FOR_CONVERT, FIELD(outputs), "FILE", 0, 0,
     "write the list; the ending tells the kind (.json .csv .badpixels\n"
     ".lst .reg .fits .png), or KIND:FILE does; rawtherapee:FOLDER makes\n"
     "the name that RawTherapee wants; may be repeated"},
    {"output", 'o', OPTION_TEXTS, FOR_DETECT, FIELD(outputs), "FILE", 0, 0, "write the result, as scan does"},
    {"output", 'o', OPTION_TEXTS, FOR_HISTORY, FIELD(outputs), "FILE", 0, 0,
     "write the list with dates; the ending tells the kind, as for scan"},
    {"defects", 'd', OPTION_TEXT, FOR_HISTORY | FOR_FIX, FIELD(defects), "LIST", 0, 0,
     "the bad pixels, in any kind of list that hotpix reads"},
    {"history", 0, OPTION_FLAG, FOR_SCAN, FIELD(history), NULL, 0, 0, "find since when each pixel is bad, too"},
    {"output", 'o', OPTION_TEXTS, FOR_MERGE, FIELD(outputs), "STATE", 0, 0, "the state to write"},
    {"output", 'o', OPTION_TEXTS, FOR_FIX, FIELD(outputs), "FOLDER", 0, 0,
     "where the copies go, under the photos' names; those of a folder\n"
     "in folders as they are there"},
    {"in-place", 0, OPTION_FLAG, FOR_FIX, FIELD(in_place), NULL, 0, 0,
     "replace the photos that change; each is kept as NAME.orig"},
    {"no-original", 0, OPTION_FLAG, FOR_FIX, FIELD(no_original), NULL, 0, 0, "with --in-place: do not keep NAME.orig"},
    {"keep-time", 0, OPTION_FLAG, FOR_FIX, FIELD(keep_time), NULL, 0, 0, "copies get the photos' time of modification"},
    {"mask", 0, OPTION_FLAG, FOR_FIX, FIELD(mask), NULL, 0, 0, "copies of FITS photos get an extension MASK"},
    {"union", 0, OPTION_FLAG, FOR_CONVERT, FIELD(unite), NULL, 0, 0, "the pixels of all lists"},
    {"intersect", 0, OPTION_FLAG, FOR_CONVERT, FIELD(intersect), NULL, 0, 0, "the pixels that are in every list"},
    {"subtract", 0, OPTION_FLAG, FOR_CONVERT, FIELD(subtract), NULL, 0, 0,
     "the pixels of the first list that are in none of the others"},
    {"size", 0, OPTION_FRAME, FOR_CONVERT | FOR_FIX | FOR_HISTORY, FIELD(frame), "WxH", 0, 0,
     "size of the photos, where a list does not tell it; of several lists,\nthose for this size"},
    {"source", 0, OPTION_WORD, FOR_CONVERT | FOR_FIX | FOR_HISTORY, FIELD(source),
     "unknown|jpeg|raw|tiff|png|fits|heic", 0, 0,
     "the photos a list is for, where it does not tell; of several lists,\nthose for such photos"},
    {"camera", 0, OPTION_TEXT, FOR_CONVERT | FOR_FIX | FOR_HISTORY, FIELD(camera), "NAME", 0, 0,
     "only the lists of the camera with this model, serial number or name,\nas it is printed"},
    {"like", 0, OPTION_TEXT, FOR_CONVERT, FIELD(like), "PHOTO", 0, 0,
     "a photo of the camera: its name and size, where a list does not tell\n"
     "them; lists of others are refused"},
    {"force", 0, OPTION_FLAG, RUNS | FOR_CONVERT | FOR_DETECT | FOR_MERGE | FOR_HISTORY | FOR_FIX, FIELD(force), NULL,
     0, 0, "replace files that exist already"},
    {"rank", 0, OPTION_NUMBER, FOR_VARIANCE, FIELD(rank), "N", 1, MOST_RANK,
     "how many of the lowest variances to print (10)"},
    {"similar", 0, OPTION_WORD, FOR_SCAN | FOR_SELFTEST, FIELD(similar), "auto|skip|keep", 0, 0,
     "photos nearly the same as one already taken: auto skips them,\n"
     "but for darks, bias and flats (auto)"},
    {"state", 0, OPTION_TEXT, FOR_SCAN, FIELD(state), "FILE", 0, 0,
     "begin with this state if it exists, take only photos not in it, and\n"
     "save it; a folder keeps one file for each camera"},
    {"state", 0, OPTION_TEXT, FOR_VARIANCE, FIELD(state), "FILE", 0, 0,
     "begin with this state if it exists, take only photos not in it, and\n"
     "save it"},
    {"checkpoint", 0, OPTION_NUMBER, FOR_SCAN | FOR_VARIANCE, FIELD(checkpoint_s), "S", 0, MOST_SECONDS,
     "save the state every S seconds, but never for more than a tenth of\n"
     "the time (60)"},
    {"false-rate", 0, OPTION_RATE, FOR_SCAN | FOR_DETECT, FIELD(false_rate), "F", 0, 0,
     "accept so many false detections on the whole sensor, as expected by\n"
     "what good pixels show; more finds fainter ones (0.1)"},
    {"strict", 0, OPTION_FLAG, RUNS | FOR_HISTORY | FOR_FIX | FOR_FORGET, FIELD(strict), NULL, 0, 0,
     "exit with 1, not 3, when a photo had to be skipped for a fault"},
    {"threads", 'j', OPTION_NUMBER, RUNS | STATES | FOR_HISTORY | FOR_FIX, FIELD(threads), "N", 0, MOST_THREADS,
     "threads; 0: one for each CPU (0)"},
    {"memory", 0, OPTION_SIZE, RUNS | FOR_HISTORY, FIELD(memory_bytes), "SIZE", 1, UINT64_MAX,
     "limit for all large arrays together, as 600M or 2G (no limit)"},
    {"batch", 0, OPTION_NUMBER, RUNS, FIELD(batch), "N", 1, MOST_BATCH,
     "photos a round (chosen by memory and threads)"},
    {"cpu", 0, OPTION_WORD, RUNS | FOR_DETECT, FIELD(cpu), "auto|plain|v2|v3|v4", 0, 0,
     "instructions to use; the results are the same (auto)"},
    {"photo-timeout", 0, OPTION_NUMBER, DECODING, FIELD(photo_timeout_s), "S", 1, MOST_SECONDS,
     "give a photo up that takes longer than S seconds to decode (60)"},
    {"photo-memory", 0, OPTION_SIZE, DECODING, FIELD(photo_memory_bytes), "SIZE", 1, UINT64_MAX / 2,
     "give a photo up that takes more memory to decode (by its size)"},
    {"no-sandbox", 0, OPTION_FLAG, DECODING, FIELD(no_sandbox), NULL, 0, 0,
     "leave the processes that decode photos all rights of the program"},
    {"no-isolation", 0, OPTION_FLAG, DECODING, FIELD(no_isolation), NULL, 0, 0,
     "decode photos in the program itself, which a hostile one may take\n"
     "over or bring down"},
    {"progress", 0, OPTION_WORD, RUNS | FOR_HISTORY | FOR_FIX, FIELD(progress), "auto|always|never", 0, 0,
     "auto: only when stderr is a terminal (auto)"},
    {"quiet", 'q', OPTION_FLAG, RUNS | FOR_DETECT | FOR_FORGET | FOR_HISTORY | FOR_FIX, FIELD(quiet), NULL, 0, 0,
     "say nothing of progress and of photos left out on purpose; of faults\nall the same"},
    {"help", 'h', OPTION_FLAG, EVERY, FIELD(help), NULL, 0, 0, "this text"},
};
const size_t option_count = sizeof options / sizeof *options;
