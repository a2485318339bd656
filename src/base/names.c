#include "hotpix.h"

const char *hp_kind_name(hp_kind kind)
{
    static const char *const names[] = {[HP_HOT] = "hot", [HP_STUCK] = "stuck", [HP_DEAD] = "dead", [HP_WEAK] = "weak"};
    return names[kind];
}

const char *hp_grade_name(hp_grade grade)
{
    return grade == HP_CERTAIN ? "certain" : "probable";
}

const char *hp_history_verdict_name(hp_history_verdict verdict)
{
    static const char *const names[] = {
        [HP_NOT_SEEN] = "not seen",
        [HP_ALWAYS_BAD] = "always",
        [HP_BEGAN] = "began",
        [HP_ENDED] = "ended",
        [HP_BEGAN_AND_ENDED] = "began and ended",
        [HP_INTERMITTENT] = "intermittent",
    };
    return names[verdict];
}

const char *hp_shape_name(hp_shape shape)
{
    static const char *const names[] = {[HP_SHAPE_PIXEL] = "pixel",
                                        [HP_SHAPE_CLUSTER] = "cluster",
                                        [HP_SHAPE_COLUMN] = "column",
                                        [HP_SHAPE_ROW] = "row"};
    return names[shape];
}

const char *hp_source_name(hp_source source)
{
    static const char *const names[] = {
        [HP_SOURCE_UNKNOWN] = "unknown", [HP_SOURCE_JPEG] = "jpeg", [HP_SOURCE_RAW] = "raw",
        [HP_SOURCE_TIFF] = "tiff",       [HP_SOURCE_PNG] = "png",   [HP_SOURCE_FITS] = "fits",
        [HP_SOURCE_HEIC] = "heic",
    };
    return names[source];
}
