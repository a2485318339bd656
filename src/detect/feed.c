/* hp_feed: a scan of pixels that the caller has in memory. */
#include "base/clock.h"
#include "base/error.h"
#include "base/memory.h"
#include "base/text.h"
#include "detect/detect.h"
#include "detect/findings.h"
#include "photo/metadata.h"
#include "stats/feeding.h"

#include <stdlib.h>
#include <string.h>

enum { NAME_MOST = 4096 }; /* bytes of a frame's name: as of a path */

struct hp_feed {
    hp_scan_options options;
    hp_run run;
    hp_keeper keeper;
    hp_feeding feeding;
    bool finished;
};

/* "RGGB" of 2 x 2, or 6 x 6 letters row by row. */
static int set_cfa(const char *colours, hp_cfa *cfa, hp_error *err)
{
    size_t length = strlen(colours);
    *cfa = (hp_cfa){.width = 1, .height = 1};
    if (length == 0)
        return HP_OK;
    if (length != 4 && length != HP_CFA_SITES)
        return hp_fail(err, HP_E_ARGUMENT, "a CFA has 4 or 36 colours, not %zu", length);
    if (!hp_text_is_word(colours))
        return hp_fail(err, HP_E_ARGUMENT, "a CFA's colours are letters");
    cfa->width = cfa->height = length == 4 ? 2 : HP_CFA_MOST;
    memcpy(cfa->colour, colours, length);
    return HP_OK;
}

static bool ends(const char *text, size_t size)
{
    return memchr(text, 0, size) != NULL;
}

static int set_shape(const hp_camera *camera, hp_photo_info *info, hp_error *err)
{
    *info = (hp_photo_info){.camera = *camera, .channels = 1};
    if (!ends(camera->make, sizeof camera->make) || !ends(camera->model, sizeof camera->model) ||
        !ends(camera->serial, sizeof camera->serial) || !ends(camera->cfa, sizeof camera->cfa))
        return hp_fail(err, HP_E_ARGUMENT, "a name of the camera has no end");
    if (camera->bits < 1 || camera->bits > 16)
        return hp_fail(err, HP_E_ARGUMENT, "samples have 1 to 16 bits, not %u", camera->bits);
    int code = set_cfa(camera->cfa, &info->cfa, err);
    return code ? code : hp_format_check_size(info, err);
}

static int start(hp_feed *feed, const hp_camera *camera, hp_error *err)
{
    hp_feeding *f = &feed->feeding;
    const hp_run_options *options = &feed->options.run;
    if (options->team)
        return hp_fail(err, HP_E_ARGUMENT, "frames from memory cannot be dealt out to a team");
    int code = hp_similar_check(feed->options.similar, err);
    if (!code)
        code = set_shape(camera, &f->shape.info, err);
    if (!code)
        code = hp_run_start(options, &feed->run, err);
    if (!code && options->state)
        code = hp_keeper_open(options->state, options->checkpoint_s, &feed->keeper, err);
    if (code)
        return code;
    f->run = &feed->run;
    f->options = (hp_accumulate_options){
        .kind = &hp_residual_kind,
        .keep_similar = feed->options.similar == HP_SIMILAR_KEEP,
        .compare_calibration = feed->options.similar == HP_SIMILAR_SKIP,
        .keeper = options->state ? &feed->keeper : NULL,
        .finish_bytes = hp_detect_bytes(&f->shape.info, options->evidence, hp_pool_threads(feed->run.pool)),
    };
    return hp_feeding_start(f, err);
}

int hp_feed_open(const hp_camera *camera, const hp_scan_options *options, hp_feed **feed, hp_error *err)
{
    *feed = NULL;
    hp_feed *made = hp_calloc(1, sizeof *made, err);
    if (!made)
        return HP_E_MEMORY;
    made->options = options ? *options : hp_scan_defaults();
    made->keeper = (hp_keeper){.lock = -1, .new_file = -1};
    int code = start(made, camera, err);
    if (code)
        hp_feed_free(&made);
    *feed = made;
    return code;
}

int hp_feed_add(hp_feed *feed, const hp_frame *frame, hp_error *err)
{
    const hp_plane *plane = &feed->feeding.batch.planes[0];
    size_t least = (size_t)plane->width * plane->sample_bytes;
    if (feed->finished)
        return hp_fail(err, HP_E_ARGUMENT, "the feed is finished");
    if (!frame->samples || frame->stride_bytes < least)
        return hp_fail(err, HP_E_ARGUMENT, "rows of a frame are %zu bytes, and at least %zu apart", least, least);
    if (frame->name && strlen(frame->name) > NAME_MOST)
        return hp_fail(err, HP_E_ARGUMENT, "the name of a frame has %d bytes at most, not %zu", NAME_MOST,
                       strlen(frame->name));
    hp_photo_info info = feed->feeding.shape.info;
    hp_metadata_set_exposure(&info, frame->exposure_s);
    hp_metadata_set_iso(&info, frame->iso);
    info.taken_s = frame->taken_s;
    return hp_feeding_add(&feed->feeding, frame, &info, err);
}

/* As a scan ends: what was accumulated is put in place whatever becomes of the detection. */
static int conclude(hp_feed *feed, hp_result *result, hp_error *err)
{
    hp_list *list = result->lists = hp_calloc(1, sizeof *list, err);
    if (!list)
        return HP_E_MEMORY;
    result->list_count = 1;
    list->camera = feed->feeding.shape.info.camera;
    int code = hp_feeding_finish(&feed->feeding, err);
    if (code)
        return code;
    list->photos_new = feed->feeding.out.photos_new;
    list->photos_known = feed->feeding.out.photos_known;
    code = hp_findings(&feed->run, &feed->feeding.out, list, err);
    int kept = feed->options.run.state ? hp_keeper_commit(&feed->keeper, code ? NULL : err) : HP_OK;
    code = code ? code : kept;
    if (!code && list->photos_used == 0)
        code = hp_skips_no_photo(list->skipped, list->skipped_count, err);
    return code;
}

int hp_feed_finish(hp_feed *feed, hp_result **result, hp_error *err)
{
    *result = NULL;
    if (feed->finished)
        return hp_fail(err, HP_E_ARGUMENT, "the feed is finished");
    feed->finished = true;
    hp_result *made = hp_calloc(1, sizeof *made, err);
    if (!made)
        return HP_E_MEMORY;
    int code = conclude(feed, made, err);
    made->seconds = hp_now_s() - feed->run.started_s;
    if (code && code != HP_E_NO_PHOTO)
        hp_result_free(&made);
    *result = made;
    return code;
}

void hp_feed_free(hp_feed **feed)
{
    if (!*feed)
        return;
    hp_feeding_end(&(*feed)->feeding);
    hp_keeper_close(&(*feed)->keeper);
    hp_run_end(&(*feed)->run);
    free(*feed);
    *feed = NULL;
}
