/* JPEG: only the blocks that hold a bad pixel get other coefficients. */
#include "base/error.h"
#include "base/memory.h"
#include "repair/blocks.h"
#include "repair/footprint.h"
#include "repair/jpeg_file.h"
#include "repair/jpeg_marks.h"
#include "repair/patch.h"
#include "repair/repair.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum {
    SIDE = HP_JPEG_SIDE,
    MARGIN = SIDE,      /* of a patch around its blocks: whole blocks, as these are decoded whole */
    BLOCKS_AT_ONCE = 4, /* along a side: what a patch has room for */
};

#define BLIND 0.2f        /* a sample of a foreign block that may be off by more than this share says nothing */
#define LEAST_FAULT 1.f   /* levels that a pixel is off in its middle */
#define LEAST_SHARE 0.05f /* of the worst one in the same blocks: less may be what that one leaves there */

typedef struct plane_work {
    const hp_list *list;
    hp_jpeg_plane *plane;
    hp_sampling sampling;
    hp_transform transform;
    uint8_t *done; /* blocks that are as they should be, row by row */
    bool *changed; /* defects that were repaired; NULL in planes of colours, where smears reach further */
    hp_patch patch;
    hp_patch_solver *solver;
} plane_work;

/* Blocks x0 to x1, y0 to y1, the last excluded. */
typedef struct block_range {
    int x0, y0, x1, y1;
} block_range;

static uint8_t *done_at(const plane_work *w, int x, int y)
{
    return w->done + (size_t)y * w->plane->across + (size_t)x;
}

/* One block of the patch, from cell x, y on. */
static void load_block(plane_work *w, const block_range *own, int bx, int by, int x, int y)
{
    hp_patch *p = &w->patch;
    int first = hp_patch_at(x, y);
    bool exists = bx >= 0 && by >= 0 && (uint32_t)bx < w->plane->across && (uint32_t)by < w->plane->down;
    bool open = exists && bx >= own->x0 && bx < own->x1 && by >= own->y0 && by < own->y1 && !*done_at(w, bx, by);
    if (exists)
        hp_transform_decode(&w->transform, w->plane->rows[by][bx], p->seen + first);
    if (open)
        p->blocks[p->block_count++] = first;
    for (int i = 0; i < HP_JPEG_CELLS; i++) {
        int at = first + hp_patch_at(i % SIDE, i / SIDE);
        p->cell[at] = (uint8_t)(open ? HP_CELL_OPEN : exists ? HP_CELL_GOOD : HP_CELL_NONE);
        p->spread[at] = 0;
    }
}

/* Marks what one defect reaches of the patch, whose first cell is sample left, top. */
static void mark_defect(plane_work *w, const hp_defect *d, int left, int top)
{
    hp_patch *p = &w->patch;
    hp_box box = hp_footprint_in_samples(hp_footprint(w->list, d), w->sampling);
    int x0 = (int)box.x - HP_FOOTPRINT_HALO - left, x1 = (int)(box.x + box.width) + HP_FOOTPRINT_HALO - left;
    int y0 = (int)box.y - HP_FOOTPRINT_HALO - top, y1 = (int)(box.y + box.height) + HP_FOOTPRINT_HALO - top;
    for (int y = y0 < 0 ? 0 : y0; y < y1 && y < p->height; y++)
        for (int x = x0 < 0 ? 0 : x0; x < x1 && x < p->width; x++) {
            int at = hp_patch_at(x, y);
            if (p->cell[at] == HP_CELL_NONE || *done_at(w, (left + x) / SIDE, (top + y) / SIDE))
                continue;
            float spread = hp_footprint_spread(w->list, d, w->sampling, (uint32_t)(left + x), (uint32_t)(top + y));
            if (p->cell[at] == HP_CELL_GOOD && spread > BLIND)
                p->cell[at] = HP_CELL_NONE;
            else if (p->cell[at] == HP_CELL_OPEN && spread > p->spread[at])
                p->spread[at] = spread;
        }
}

/* The patch of some blocks, and the defects that may reach it: *first to *end. */
static void load(plane_work *w, const block_range *own, size_t *first, size_t *end)
{
    hp_patch *p = &w->patch;
    int left = own->x0 * SIDE - MARGIN, top = own->y0 * SIDE - MARGIN;
    p->width = (own->x1 - own->x0) * SIDE + 2 * MARGIN;
    p->height = (own->y1 - own->y0) * SIDE + 2 * MARGIN;
    p->block_count = 0;
    for (int y = 0; y < p->height; y += SIDE)
        for (int x = 0; x < p->width; x += SIDE)
            load_block(w, own, own->x0 + (x - MARGIN) / SIDE, own->y0 + (y - MARGIN) / SIDE, x, y);
    int above = top < 0 ? 0 : top;
    hp_footprint_near(w->list, (uint32_t)above * w->sampling.step_y, (uint32_t)(top + p->height) * w->sampling.step_y,
                      first, end);
    for (size_t i = *first; i < *end; i++)
        mark_defect(w, &w->list->defects[i], left, top);
}

/* The cell of the patch that a defect's middle is in; -1 where that is not open. */
static int middle_of(const plane_work *w, const block_range *own, const hp_defect *d)
{
    const hp_patch *p = &w->patch;
    int x = (int)(d->x / w->sampling.step_x) - (own->x0 * SIDE - MARGIN);
    int y = (int)(d->y / w->sampling.step_y) - (own->y0 * SIDE - MARGIN);
    bool within = x >= 0 && y >= 0 && x < p->width && y < p->height;
    return within && p->cell[hp_patch_at(x, y)] == HP_CELL_OPEN ? hp_patch_at(x, y) : -1;
}

/* Of the defects that share these blocks each counts by what it is off in its middle. */
static void count_repaired(plane_work *w, const block_range *own, size_t first, size_t end)
{
    float worst = 0;
    for (size_t i = first; i < end; i++) {
        int at = middle_of(w, own, &w->list->defects[i]);
        worst = at < 0 ? worst : fmaxf(worst, fabsf(w->patch.fault[at]));
    }
    for (size_t i = first; i < end; i++) {
        int at = middle_of(w, own, &w->list->defects[i]);
        if (at >= 0 && fabsf(w->patch.fault[at]) >= fmaxf(LEAST_FAULT, LEAST_SHARE * worst))
            w->changed[i] = true;
    }
}

/* Returns whether a coefficient changed. */
static bool store(plane_work *w, const block_range *own)
{
    const hp_patch *p = &w->patch;
    bool changed = false;
    for (int i = 0; i < p->block_count; i++) {
        int first = p->blocks[i];
        int bx = own->x0 + (first % HP_PATCH_SIDE - MARGIN) / SIDE,
            by = own->y0 + (first / HP_PATCH_SIDE - MARGIN) / SIDE;
        int16_t *block = w->plane->rows[by][bx];
        hp_jpeg_block repaired;
        hp_transform_encode(&w->transform, p->found + first, p->fault + first, block, repaired);
        changed |= memcmp(block, repaired, sizeof repaired) != 0;
        memcpy(block, repaired, sizeof repaired);
    }
    return changed;
}

/* A block is seen to once: all bad samples in it are found out together. */
static bool repair_blocks(plane_work *w, const block_range *own)
{
    size_t first, end;
    load(w, own, &first, &end);
    bool off = w->patch.block_count > 0 && hp_patch_solve(w->solver, &w->patch) && store(w, own);
    if (off && w->changed)
        count_repaired(w, own, first, end);
    for (int y = own->y0; y < own->y1; y++)
        for (int x = own->x0; x < own->x1; x++)
            *done_at(w, x, y) = true;
    return off;
}

static bool repair_defect(plane_work *w, const hp_defect *d)
{
    hp_box box = hp_footprint_in_samples(hp_footprint(w->list, d), w->sampling);
    int x0 = (int)(box.x / SIDE), x1 = (int)((box.x + box.width - 1) / SIDE) + 1;
    int y0 = (int)(box.y / SIDE), y1 = (int)((box.y + box.height - 1) / SIDE) + 1;
    bool changed = false;
    for (int y = y0; y < y1; y += BLOCKS_AT_ONCE)
        for (int x = x0; x < x1; x += BLOCKS_AT_ONCE) {
            block_range own = {x, y, x + BLOCKS_AT_ONCE < x1 ? x + BLOCKS_AT_ONCE : x1,
                               y + BLOCKS_AT_ONCE < y1 ? y + BLOCKS_AT_ONCE : y1};
            changed |= repair_blocks(w, &own);
        }
    return changed;
}

/* changed[i] is set for each defect i that changed a coefficient, or shares blocks with one that did and is off. */
static int repair_plane(hp_jpeg_plane *plane, bool is_luma, const hp_list *list, bool *changed, hp_error *err)
{
    int code = HP_E_MEMORY;
    plane_work *w = hp_calloc(1, sizeof *w, err);
    if (!w)
        return HP_E_MEMORY;
    w->list = list;
    w->plane = plane;
    w->changed = is_luma ? changed : NULL;
    w->sampling = (hp_sampling){plane->step_x, plane->step_y};
    w->done = hp_calloc(plane->across, plane->down, err);
    w->solver = w->done ? hp_patch_solver_create(err) : NULL;
    if (!w->solver)
        goto done;
    hp_transform_init(&w->transform, plane->quant);
    w->patch.precision = &w->transform.precision;
    for (size_t i = 0; i < list->defect_count; i++)
        changed[i] |= repair_defect(w, &list->defects[i]);
    code = HP_OK;
done:
    hp_patch_solver_free(&w->solver);
    free(w->done);
    free(w);
    return code;
}

static int write_repaired(hp_bytes file, hp_jpeg *jpeg, FILE *stream, hp_error *err)
{
    hp_bytes coded = {0};
    bool own_tables = false;
    int code = hp_jpeg_encode(jpeg, &own_tables, &coded, err);
    if (!code && !own_tables && !hp_jpeg_keeps_places(file, jpeg->marks, coded)) {
        own_tables = true;
        code = hp_jpeg_encode(jpeg, &own_tables, &coded, err);
    }
    return code ? code : hp_jpeg_splice(file, jpeg->marks, coded, own_tables, stream, err);
}

int hp_repair_jpeg(hp_repair *repair, FILE *stream, hp_error *err)
{
    const hp_list *list = repair->list;
    hp_jpeg jpeg;
    bool *changed = hp_calloc(list->defect_count + 1, sizeof *changed, err);
    if (!changed)
        return HP_E_MEMORY;
    const hp_camera *frame = &repair->info->camera;
    int code = hp_jpeg_open(repair->file, &jpeg, err);
    if (!code && (jpeg.width != frame->width || jpeg.height != frame->height))
        code = hp_fail(err, HP_E_INPUT, "changed while it was read");
    for (unsigned i = 0; !code && i < jpeg.plane_count; i++)
        code = repair_plane(&jpeg.planes[i], i == 0, list, changed, err);
    for (size_t i = 0; i < list->defect_count; i++)
        repair->repaired += changed[i];
    repair->left = list->defect_count - repair->repaired;
    if (!code && repair->repaired)
        code = write_repaired(repair->file, &jpeg, stream, err);
    hp_jpeg_close(&jpeg);
    free(changed);
    return code;
}
