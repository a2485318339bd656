#include "stats/feeding.h"

#include "base/error.h"
#include "base/memory.h"
#include "stats/adding.h"
#include "stats/duplicates.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MOST_A_ROUND = 12 }; /* as many as are of use: batch.c */

static int make_batch(hp_feeding *f, hp_error *err)
{
    size_t threads = hp_pool_threads(f->run->pool), most = threads > MOST_A_ROUND ? threads : MOST_A_ROUND;
    const hp_photo **like = hp_calloc(most, sizeof *like, err);
    if (!like)
        return HP_E_MEMORY;
    for (size_t i = 0; i < most; i++)
        like[i] = &f->shape;
    int code = hp_batch_create(f->run, like, most, &f->options, &f->batch, err);
    free(like);
    return code;
}

int hp_feeding_start(hp_feeding *f, hp_error *err)
{
    int code = make_batch(f, err);
    if (code)
        return code;
    size_t most = f->batch.photos;
    f->decider = (hp_decider){
        .album = &f->out.state.album,
        .skips = &f->out.skips,
        .most_photos = f->options.kind->most_photos,
        .keep_similar = f->options.keep_similar,
        .aside = hp_calloc(most, sizeof *f->decider.aside, err),
    };
    f->photos = hp_calloc(most, sizeof *f->photos, err);
    f->shots = hp_calloc(most, sizeof *f->shots, err);
    f->adding = hp_calloc(most, sizeof *f->adding, err);
    if (!f->decider.aside || !f->photos || !f->shots || !f->adding)
        return HP_E_MEMORY;
    code = hp_resume_start(&f->resume, f->options.keeper, f->options.kind, &f->shape, 1, f->run, &f->out.state, err);
    if (!code)
        f->out.state.accumulator->compare_calibration = f->options.compare_calibration;
    f->taken_before = f->out.state.album.taken;
    f->out.distinct_scenes = !f->options.keep_similar && f->out.state.album.count == 0;
    return code;
}

/* Index of the first name that is not before this one. */
static size_t place_of(const hp_feeding *f, const char *name)
{
    size_t low = 0, high = f->given_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (strcmp(f->given[middle]->path, name) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* Names are kept in order as they come: decisions ask whether a name was given. */
static int keep_name(hp_feeding *f, const char *name, char **kept, hp_error *err)
{
    int code = hp_grow((void **)&f->given, &f->given_capacity, f->given_count + 1, sizeof *f->given, err);
    hp_photo *photo = code ? NULL : hp_calloc(1, sizeof *photo, err);
    if (photo)
        photo->path = hp_strdup(name, err);
    if (!photo || !photo->path) {
        free(photo);
        return HP_E_MEMORY;
    }
    size_t at = place_of(f, name);
    memmove(f->given + at + 1, f->given + at, (f->given_count - at) * sizeof *f->given);
    f->given[at] = photo;
    f->given_count++;
    *kept = photo->path;
    return HP_OK;
}

/* The first sample that is too large for the bits of the shape, or -1. */
static long too_large(const hp_plane *plane, uint32_t y, unsigned bits)
{
    const uint8_t *small = hp_plane_row(plane, y);
    const uint16_t *wide = hp_plane_row(plane, y);
    unsigned all = 0;
    if (bits == 8 || bits == 16)
        return -1;
    for (uint32_t x = 0; x < plane->width; x++)
        all |= plane->sample_bytes == 1 ? small[x] : wide[x];
    return all >> bits ? (long)all : -1;
}

static int copy_rows(const hp_feeding *f, const void *samples, size_t stride_bytes, const hp_plane *plane,
                     hp_error *err)
{
    unsigned bits = f->shape.info.camera.bits;
    for (uint32_t y = 0; y < plane->height; y++) {
        memcpy(hp_plane_row(plane, y), (const char *)samples + y * stride_bytes,
               (size_t)plane->width * plane->sample_bytes);
        if (too_large(plane, y, bits) >= 0)
            return hp_fail(err, HP_E_ARGUMENT, "row %u has a sample of more than %u bits", y, bits);
    }
    return HP_OK;
}

/* What is between the rows does not count. */
static hp_hash hash_of(const hp_plane *plane)
{
    hp_hash hash = {0, 0};
    for (uint32_t y = 0; y < plane->height; y++) {
        hp_hash row = hp_hash_of(hp_plane_row(plane, y), (size_t)plane->width * plane->sample_bytes);
        const uint64_t pair[] = {hash.high, hash.low, row.high, row.low};
        hash = hp_hash_of(pair, sizeof pair);
    }
    return hash;
}

static void measure_task(void *context, size_t index, unsigned worker)
{
    (void)worker;
    hp_feeding *f = context;
    hp_shot *shot = &f->shots[index];
    if (hp_decider_knows(&f->decider, shot->hash))
        return;
    f->options.kind->measure(f->out.state.accumulator, shot);
    hp_decider_look(&f->decider, shot);
}

static int decide(hp_feeding *f, hp_error *err)
{
    int code = HP_OK;
    size_t earlier = f->out.state.album.count;
    f->decider.photos = (const hp_photo *const *)f->given;
    f->decider.photo_count = f->given_count;
    f->decider.aside_count = 0; /* their samples are not kept: what was left out stays out */
    f->adding_count = 0;
    for (size_t i = 0; !code && i < f->waiting; i++) {
        bool counts;
        code = hp_decide(&f->decider, &f->shots[i], earlier, &counts, err);
        if (!code && counts)
            f->adding[f->adding_count++] = &f->shots[i];
    }
    return code;
}

static int run_round(hp_feeding *f, hp_error *err)
{
    hp_pool_run(f->run->pool, f->waiting, measure_task, f);
    int code = decide(f, err);
    f->waiting = 0;
    if (code)
        return code;
    hp_add_shots(f->out.state.accumulator, f->adding, f->adding_count, f->run->pool);
    bool due = hp_resume_is_due(&f->resume, &f->out.state);
    return hp_resume_round(&f->resume, due, f->run->pool, &f->out.state, err);
}

static void set_black(const hp_feeding *f, const uint16_t *black, hp_plane *plane)
{
    const hp_cfa *cfa = &f->shape.info.cfa;
    memset(plane->black, 0, sizeof plane->black);
    if (black)
        memcpy(plane->black, black, (size_t)cfa->width * cfa->height * sizeof *black);
}

int hp_feeding_add(hp_feeding *f, const hp_frame *frame, const hp_photo_info *info, hp_error *err)
{
    char number[32];
    hp_photo *photo = &f->photos[f->waiting];
    hp_shot *shot = &f->shots[f->waiting];
    if (hp_run_must_stop(f->run))
        return hp_fail(err, HP_E_STOPPED, "stopped");
    snprintf(number, sizeof number, "frame %06zu", f->fed);
    *photo = (hp_photo){.info = *info};
    *shot = (hp_shot){.photo = photo, .plane = f->batch.planes[f->waiting], .hashed = true};
    int code = copy_rows(f, frame->samples, frame->stride_bytes, &shot->plane, err);
    if (!code)
        code = keep_name(f, frame->name && frame->name[0] ? frame->name : number, &photo->path, err);
    if (code)
        return code;
    set_black(f, frame->black, &shot->plane);
    shot->hash = (hp_hash){frame->id[0], frame->id[1]};
    if (!shot->hash.high && !shot->hash.low)
        shot->hash = hash_of(&shot->plane);
    f->fed++;
    return ++f->waiting < f->batch.photos ? HP_OK : run_round(f, err);
}

int hp_feeding_finish(hp_feeding *f, hp_error *err)
{
    int code = f->waiting ? run_round(f, err) : HP_OK;
    if (code)
        return code;
    f->out.photos_new = f->out.state.album.taken - f->taken_before;
    f->out.photos_known = f->decider.known;
    hp_album_sort(&f->out.state.album);
    code = hp_album_list_skipped(&f->out.state.album, &f->out.skips, err);
    hp_skips_sort(&f->out.skips);
    return code ? code : hp_resume_end(&f->resume, f->run->pool, &f->out.state, err);
}

void hp_feeding_end(hp_feeding *f)
{
    hp_batch_free(&f->batch);
    hp_accumulation_free(&f->out);
    for (size_t i = 0; i < f->given_count; i++) {
        free(f->given[i]->path);
        free(f->given[i]);
    }
    free(f->given);
    free(f->decider.aside);
    free(f->photos);
    free(f->shots);
    free(f->adding);
    *f = (hp_feeding){0};
}
