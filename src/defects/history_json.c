#include "defects/history_json.h"

/* Exposure to nine decimals: 1/8000 s is 0.000125. */
static json_t *photo_of(const hp_dated_photo *photo)
{
    json_t *json = json_object();
    int failed = json_object_set_new(json, "path", hp_json_text(photo->path));
    failed |= json_object_set_new(json, "taken", json_integer(photo->taken_s));
    failed |= json_object_set_new(json, "exposure",
                                  photo->exposure_s > 0 ? hp_json_number(photo->exposure_s, 9) : json_null());
    failed |= json_object_set_new(json, "iso", photo->iso > 0 ? hp_json_number(photo->iso, 1) : json_null());
    return hp_json_or_release(json, failed);
}

json_t *hp_json_history(const hp_history *history)
{
    json_t *json = json_object();
    json_t *photos = json_array();
    int failed = 0;
    for (size_t i = 0; i < history->photo_count && !failed; i++)
        failed = json_array_append_new(photos, photo_of(&history->photos[i]));
    failed |= json_object_set_new(json, "photos", photos);
    failed |= json_object_set_new(json, "set_aside", hp_json_skipped(history->set_aside, history->set_aside_count));
    return hp_json_or_release(json, failed);
}

static json_t *series_of(const float *values, size_t count, int decimals)
{
    json_t *array = json_array();
    int failed = 0;
    for (size_t i = 0; i < count && !failed; i++)
        failed = json_array_append_new(array, hp_json_number((double)values[i], decimals));
    return hp_json_or_release(array, failed);
}

static json_t *range_of(size_t least, size_t most)
{
    json_t *array = json_array();
    int failed = json_array_append_new(array, json_integer((json_int_t)least));
    failed |= json_array_append_new(array, json_integer((json_int_t)most));
    return hp_json_or_release(array, failed);
}

static int set_places(json_t *json, const hp_timeline *t)
{
    int failed = json_object_set_new(json, "first", json_integer((json_int_t)t->first_bad));
    failed |= json_object_set_new(json, "first_range", range_of(t->first_least, t->first_most));
    failed |= json_object_set_new(json, "last", json_integer((json_int_t)t->last_bad));
    failed |= json_object_set_new(json, "last_range", range_of(t->last_least, t->last_most));
    return failed;
}

json_t *hp_json_timeline(const hp_history *history, size_t defect)
{
    const hp_timeline *t = &history->timelines[defect];
    size_t count = history->photo_count;
    json_t *json = json_object();
    int failed = json_object_set_new(json, "verdict", json_string(hp_history_verdict_name(t->verdict)));
    failed |= json_object_set_new(json, "confidence", hp_json_number(t->confidence, 3));
    if (t->verdict != HP_NOT_SEEN)
        failed |= set_places(json, t);
    failed |= json_object_set_new(json, "residual", series_of(t->residual, count, 2));
    failed |= json_object_set_new(json, "noise", series_of(t->noise, count, 2));
    failed |= json_object_set_new(json, "expected", series_of(t->expected, count, 2));
    failed |= json_object_set_new(json, "badness", series_of(t->badness, count, 3));
    return hp_json_or_release(json, failed);
}
