/*
 * Replaces three methods of libjpeg's memory manager (jpeglib.h, struct jpeg_memory_mgr). Its own arrays are of small
 * pages, each of which the kernel must find and clear when it is first touched, and which libjpeg clears once more: a
 * quarter of the time of reading and writing all coefficients.
 */
#include "repair/jpeg_store.h"

#include "base/memory.h"

#include <assert.h>
#include <stdlib.h>

#include <jerror.h>

/* libjpeg leaves open what a jvirt_barray_ptr points to. */
static hp_jpeg_store *store_of(jvirt_barray_ptr array)
{
    return (hp_jpeg_store *)(void *)array;
}

/* error_exit does not return. */
static _Noreturn void fail(j_common_ptr codec, int code)
{
    codec->err->msg_code = code;
    for (;;)
        codec->err->error_exit(codec);
}

/* All are made zero, which pre_zero need not ask for. */
static jvirt_barray_ptr request(j_common_ptr codec, int pool, boolean pre_zero, JDIMENSION across, JDIMENSION down,
                                JDIMENSION at_once)
{
    hp_jpeg_stores *stores = codec->client_data;
    (void)pool;
    (void)pre_zero;
    (void)at_once;
    if (stores->count == HP_JPEG_STORES_MOST)
        fail(codec, JERR_OUT_OF_MEMORY);
    hp_jpeg_store *s = &stores->of[stores->count++];
    *s = (hp_jpeg_store){.across = across, .down = down};
    return (jvirt_barray_ptr)(void *)s;
}

static void give_rows(j_common_ptr codec, hp_jpeg_store *s, JBLOCKROW blocks)
{
    s->rows = hp_calloc(s->down, sizeof *s->rows, NULL);
    if (!s->rows)
        fail(codec, JERR_OUT_OF_MEMORY);
    for (JDIMENSION y = 0; y < s->down; y++)
        s->rows[y] = blocks + (size_t)y * s->across;
}

/* One piece of memory for all that were asked for since the last time: the last huge page is seldom full. */
static void realize(j_common_ptr codec)
{
    hp_jpeg_stores *stores = codec->client_data;
    size_t blocks = 0, own;
    for (unsigned i = stores->realized; i < stores->count; i++) {
        if (!hp_multiply(stores->of[i].across, stores->of[i].down, 1, &own) || own > SIZE_MAX - blocks)
            fail(codec, JERR_OUT_OF_MEMORY);
        blocks += own;
    }
    if (blocks == 0)
        return;
    JBLOCKROW next = hp_pages(blocks, sizeof(JBLOCK), NULL);
    stores->of[stores->realized].memory = next;
    if (!next)
        fail(codec, JERR_OUT_OF_MEMORY);
    for (; stores->realized < stores->count; stores->realized++) {
        hp_jpeg_store *s = &stores->of[stores->realized];
        give_rows(codec, s, next);
        next += (size_t)s->across * s->down;
    }
}

static JBLOCKARRAY access_rows(j_common_ptr codec, jvirt_barray_ptr array, JDIMENSION first, JDIMENSION count,
                               boolean writable)
{
    const hp_jpeg_store *s = store_of(array);
    JDIMENSION down = s->rows ? s->down : 0;
    (void)writable;
    if (first > down || count > down - first)
        fail(codec, JERR_BAD_VIRTUAL_ACCESS);
    return s->rows + first;
}

void hp_jpeg_stores_use(hp_jpeg_stores *stores, j_common_ptr codec)
{
    assert(codec->client_data == stores);
    codec->mem->request_virt_barray = request;
    codec->mem->realize_virt_arrays = realize;
    codec->mem->access_virt_barray = access_rows;
}

void hp_jpeg_stores_free(hp_jpeg_stores *stores)
{
    for (unsigned i = 0; i < stores->count; i++) {
        hp_pages_free(stores->of[i].memory);
        free(stores->of[i].rows);
    }
    *stores = (hp_jpeg_stores){0};
}
