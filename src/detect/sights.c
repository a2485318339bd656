#include "detect/sights.h"

#include "base/error.h"
#include "base/memory.h"
#include "base/text.h"
#include "detect/look.h"
#include "detect/span.h"
#include "photo/decoder.h"

#include <stdlib.h>
#include <string.h>

/* And what the timeline keeps of it. */
enum { BYTES_A_SIGHT = sizeof(hp_sight) + 4 * (int)sizeof(float) };

/* What became of one photo. */
typedef struct outcome {
    hp_hash hash;
    char *fault; /* why it cannot be used */
} outcome;

typedef struct looking {
    hp_run *run;
    const hp_dated *dated;
    const hp_list *list;
    hp_sight *sights; /* as hp_sights has them */
    hp_rows *rows;    /* wanted of every photo */
    size_t row_count;
    hp_ring *rings; /* of each photo: those of a camera may differ in what their samples are */
    outcome *outcomes;
    hp_span *spans;   /* one a worker, where a photo does not tell how much of its bits it uses; else NULL */
    hp_plane *planes; /* one a worker, made for the first photo that it decodes */
    hp_decoder *decoders;
} looking;

/* ---- which rows ---- */

/* The farthest that any photo's ring needs. */
static hp_ring widest(const looking *work)
{
    hp_ring ring = {0};
    for (size_t i = 0; i < work->dated->count; i++) {
        const hp_ring *own = &work->rings[i];
        ring.reach = own->reach > ring.reach ? own->reach : ring.reach;
        ring.step = own->step > ring.step ? own->step : ring.step;
    }
    return ring;
}

static int compare_rows(const void *a, const void *b)
{
    const hp_rows *first = a, *second = b;
    return (first->first > second->first) - (first->first < second->first);
}

/* Those around each defect, joined where they meet. */
static int choose_rows(looking *work, hp_error *err)
{
    const hp_list *list = work->list;
    const hp_ring ring = widest(work);
    size_t all = 0, count = 0;
    hp_rows *rows = work->rows =
        hp_calloc(list->defect_count ? list->defect_count : 1, HP_PLACES_MOST * sizeof *rows, err);
    if (!rows)
        return HP_E_MEMORY;
    for (size_t i = 0; i < list->defect_count; i++)
        all += hp_defect_rows(&list->defects[i], &ring, list->camera.height, rows + all);
    if (all)
        qsort(rows, all, sizeof *rows, compare_rows);
    for (size_t i = 0; i < all; i++)
        if (count > 0 && rows[i].first <= rows[count - 1].end)
            rows[count - 1].end = rows[i].end > rows[count - 1].end ? rows[i].end : rows[count - 1].end;
        else
            rows[count++] = rows[i];
    work->row_count = count;
    return HP_OK;
}

/* ---- one photo ---- */

static bool fits(const hp_plane *plane, const hp_photo_info *info)
{
    return plane->memory && plane->sample_bytes == (info->camera.bits > 8 ? 2 : 1);
}

static int decode(looking *work, size_t index, unsigned worker, hp_error *err)
{
    const hp_photo *photo = work->dated->photos[index];
    hp_decoder *decoder = &work->decoders[worker];
    hp_plane *plane = &work->planes[worker];
    int code = hp_decoder_read(decoder, photo->path, SIZE_MAX, err);
    if (code)
        return code;
    work->outcomes[index].hash = hp_hash_of(decoder->file.data, decoder->file.size);
    if (!fits(plane, &photo->info)) {
        hp_plane_free(plane);
        code = hp_decoder_plane(work->run->pool, &photo->info, HP_VIEW_PLANE, 0, plane, err);
        if (code)
            return code;
    }
    memset(plane->black, 0, sizeof plane->black);
    return hp_decoder_decode_rows(decoder, photo->format, &photo->info, work->rows, work->row_count, plane, err);
}

static void look_at(looking *work, size_t index, unsigned worker)
{
    const hp_photo *photo = work->dated->photos[index];
    if (!hp_photo_tells_depth(&photo->info))
        hp_span_take(&work->spans[worker], work->rows, work->row_count, &work->planes[worker]);
    for (size_t i = 0; i < work->list->defect_count; i++)
        work->sights[i * work->dated->count + index] =
            hp_defect_look(&work->list->defects[i], &work->planes[worker], &photo->info, &work->rings[index]);
}

static void look_task(void *context, size_t index, unsigned worker)
{
    looking *work = context;
    hp_error err = {0};
    if (hp_run_must_stop(work->run))
        return;
    if (decode(work, index, worker, &err) == HP_OK)
        look_at(work, index, worker);
    else
        work->outcomes[index].fault = hp_strdup(err.message, NULL);
    hp_run_report(work->run, work->dated->photos[index]);
}

/* ---- levels, where the photos do not tell them ---- */

static const hp_photo_info *without_depth(const hp_dated *dated)
{
    for (size_t i = 0; i < dated->count; i++)
        if (!hp_photo_tells_depth(&dated->photos[i]->info))
            return &dated->photos[i]->info;
    return NULL;
}

static int create_spans(looking *work, hp_error *err)
{
    unsigned threads = hp_pool_threads(work->run->pool);
    if (!without_depth(work->dated))
        return HP_OK;
    work->spans = hp_calloc(threads, sizeof *work->spans, err);
    int code = work->spans ? HP_OK : HP_E_MEMORY;
    for (unsigned i = 0; i < threads && !code; i++)
        code = hp_span_create(work->rows, work->row_count, work->list->camera.width, &work->spans[i], err);
    return code;
}

static void set_range(hp_sight *sight, const hp_levels *levels)
{
    float dark = sight->black > 0 ? sight->black : (float)levels->dark;
    float range = (float)levels->white - dark, by = sight->range / range;
    if (range < 1)
        return;
    sight->level = (sight->level * sight->range + sight->black - dark) / range;
    sight->residual *= by;
    sight->noise *= by;
    sight->range = range;
}

/* As in a scan, of the rows that are read (docs/method.md, 3.8). */
static void set_ranges(const looking *work)
{
    const hp_photo_info *shape = without_depth(work->dated);
    if (!shape)
        return;
    for (unsigned i = 1; i < hp_pool_threads(work->run->pool); i++)
        hp_span_join(&work->spans[0], &work->spans[i]);
    const hp_span *span = &work->spans[0];
    hp_levels levels = hp_levels_within(shape, span->least, span->count, span->highest);
    for (size_t i = 0; i < work->dated->count * work->list->defect_count; i++)
        if (!hp_photo_tells_depth(&work->dated->photos[i % work->dated->count]->info))
            set_range(&work->sights[i], &levels);
}

/* ---- all photos ---- */

static int check_memory(const looking *work, hp_error *err)
{
    uint64_t largest = 0, planes = 0, limit = work->run->options->memory_bytes;
    for (size_t i = 0; i < work->dated->count; i++) {
        const hp_photo *photo = work->dated->photos[i];
        largest = photo->file_size > largest ? photo->file_size : largest;
        uint64_t plane = hp_plane_bytes(&photo->info, HP_VIEW_PLANE, 0);
        planes = plane > planes ? plane : planes;
    }
    uint64_t needed = (largest + planes) * hp_pool_threads(work->run->pool);
    needed += (uint64_t)work->dated->count * work->list->defect_count * BYTES_A_SIGHT;
    if (!limit || needed <= limit)
        return HP_OK;
    char need[HP_SIZE_TEXT], given[HP_SIZE_TEXT];
    return hp_fail(err, HP_E_MEMORY, "the photos need %s of memory with %u threads, the limit is %s",
                   hp_size_text(needed, true, need), hp_pool_threads(work->run->pool),
                   hp_size_text(limit, false, given));
}

static int allocate(looking *work, hp_sights *sights, hp_error *err)
{
    size_t photos = work->dated->count, defects = work->list->defect_count, count;
    unsigned threads = hp_pool_threads(work->run->pool);
    if (!hp_multiply(photos, defects, 1, &count))
        return hp_fail(err, HP_E_MEMORY, "%zu photos by %zu defects do not fit in memory", photos, defects);
    work->sights = sights->items = hp_calloc(count ? count : 1, sizeof *sights->items, err);
    work->rings = hp_calloc(photos, sizeof *work->rings, err);
    work->outcomes = hp_calloc(photos, sizeof *work->outcomes, err);
    work->planes = hp_calloc(threads, sizeof *work->planes, err);
    work->decoders = hp_decoders_open(work->run->pool, err);
    bool done = sights->items && work->rings && work->outcomes && work->planes && work->decoders;
    return done ? HP_OK : HP_E_MEMORY;
}

static void release(looking *work)
{
    for (unsigned i = 0; work->planes && i < hp_pool_threads(work->run->pool); i++)
        hp_plane_free(&work->planes[i]);
    for (unsigned i = 0; work->spans && i < hp_pool_threads(work->run->pool); i++)
        hp_span_free(&work->spans[i]);
    free(work->spans);
    hp_decoders_close(work->decoders, work->run->pool);
    for (size_t i = 0; work->outcomes && i < work->dated->count; i++)
        free(work->outcomes[i].fault);
    free(work->outcomes);
    free(work->rings);
    free(work->rows);
    free(work->planes);
}

/* The same bytes have the same date: only photos of one moment are held against each other. */
static size_t find_twin(const looking *work, size_t index)
{
    const hp_dated *dated = work->dated;
    for (size_t i = index; i-- > 0 && dated->photos[i]->info.taken_s == dated->photos[index]->info.taken_s;)
        if (!work->outcomes[i].fault && hp_hash_equal(work->outcomes[i].hash, work->outcomes[index].hash))
            return i;
    return index;
}

static char *fault_of(const looking *work, size_t index, bool *harmless)
{
    char text[300], name[256];
    size_t twin = find_twin(work, index);
    *harmless = !work->outcomes[index].fault;
    if (work->outcomes[index].fault)
        return hp_strdup(work->outcomes[index].fault, NULL);
    if (twin == index)
        return NULL;
    snprintf(text, sizeof text, "is the same as %s", hp_printable(work->dated->photos[twin]->path, name, sizeof name));
    return hp_strdup(text, NULL);
}

/* From the last photo on, so that the indices of those before stay; the sights close up. */
static int set_aside(const looking *work, hp_dated *dated, hp_error *err)
{
    size_t before = dated->count, kept = 0;
    bool *out = hp_calloc(before, sizeof *out, err);
    int code = out ? HP_OK : HP_E_MEMORY;
    for (size_t i = before; i-- > 0 && !code;) {
        bool harmless;
        char *fault = fault_of(work, i, &harmless);
        out[i] = fault != NULL;
        if (fault)
            code = hp_dated_set_aside(dated, i, fault, harmless, err);
        free(fault);
    }
    for (size_t i = 0; i < before * work->list->defect_count && !code; i++)
        if (!out[i % before])
            work->sights[kept++] = work->sights[i];
    free(out);
    return code;
}

int hp_sights_take(hp_run *run, hp_dated *dated, const hp_list *list, hp_sights *sights, hp_error *err)
{
    *sights = (hp_sights){0};
    if (!dated->count)
        return HP_OK;
    const size_t count = dated->count;
    const hp_dated all = *dated; /* as it is until the damaged ones are known */
    looking work = {.run = run, .dated = &all, .list = list};
    int code = check_memory(&work, err);
    if (!code)
        code = allocate(&work, sights, err);
    for (size_t i = 0; i < count && !code; i++)
        code = hp_ring_of(&dated->photos[i]->info, &work.rings[i], err);
    if (!code)
        code = choose_rows(&work, err);
    if (!code)
        code = create_spans(&work, err);
    if (!code) {
        for (size_t i = 0; i < count; i++)
            hp_run_expect(run, dated->photos[i]);
        sights->developed = hp_photo_is_developed(&dated->photos[0]->info);
        hp_pool_run(run->pool, count, look_task, &work);
        set_ranges(&work);
        code = hp_run_must_stop(run) ? hp_fail(err, HP_E_STOPPED, "stopped") : set_aside(&work, dated, err);
    }
    release(&work);
    return code;
}

void hp_sights_free(hp_sights *sights)
{
    free(sights->items);
    *sights = (hp_sights){0};
}
