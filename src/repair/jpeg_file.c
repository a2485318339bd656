/* libjpeg reports errors by longjmp: everything that calls it stands between setjmp and done. */
#include "repair/jpeg_file.h"

#include "base/error.h"
#include "base/memory.h"
#include "photo/jpeg_errors.h"
#include "repair/jpeg_store.h"

#include <stdlib.h>
#include <string.h>

#include <jerror.h>

enum { DC_BITS_MOST = 11, AC_BITS_MOST = 10 }; /* of a coefficient of a picture of 8 bits, T.81 F.1.2 */

struct hp_jpeg_codec {
    hp_jpeg_stores stores; /* first: hp_jpeg_stores_use */
    struct jpeg_decompress_struct in;
    struct jpeg_compress_struct out;
    hp_jpeg_errors errors;
    jvirt_barray_ptr *arrays;
    hp_jpeg_marks marks;
    jpeg_scan_info script[HP_JPEG_SCANS_MOST];
    unsigned restart_interval, restart_in_rows; /* MCUs, rows of them */
    size_t file_size;
    uint8_t *room;  /* for what is coded */
    uint8_t *coded; /* where it is: the room, or longer memory of libjpeg's */
    unsigned long coded_size;
};

static int fault_of(const hp_jpeg_codec *c, hp_error *err)
{
    switch (c->errors.manager.msg_code) {
    case JERR_BAD_PRECISION:
        return hp_fail(err, HP_E_UNSUPPORTED, "is a JPEG of %d bits a sample, which is not repaired",
                       c->in.data_precision);
    case JERR_MISMATCHED_QUANT_TABLE:
        return hp_fail(err, HP_E_UNSUPPORTED, "is a JPEG whose quantisation changes between scans");
    case JERR_OUT_OF_MEMORY:
        return hp_fail(err, HP_E_MEMORY, "no memory for its coefficients");
    default:
        return hp_fail(err, HP_E_INPUT, "is a damaged JPEG: %s", c->errors.message);
    }
}

/* ---- reading ---- */

static int check_kind(const struct jpeg_decompress_struct *in, hp_error *err)
{
    if (in->num_components != 1 && in->num_components != 3)
        return hp_fail(err, HP_E_UNSUPPORTED, "is a JPEG with %d components (CMYK?), not grey or colour",
                       in->num_components);
    for (int i = 0; i < in->num_components; i++)
        if (in->max_h_samp_factor % in->comp_info[i].h_samp_factor ||
            in->max_v_samp_factor % in->comp_info[i].v_samp_factor)
            return hp_fail(err, HP_E_UNSUPPORTED, "is a JPEG with a subsampling that is not repaired");
    for (int i = 0; i < in->num_components; i++)
        for (int k = 0; k < i; k++)
            if (in->comp_info[i].component_id == in->comp_info[k].component_id)
                return hp_fail(err, HP_E_INPUT, "is a damaged JPEG: two of its components have one name");
    return HP_OK;
}

static int describe_plane(hp_jpeg_codec *c, int i, hp_jpeg_plane *plane, hp_error *err)
{
    const jpeg_component_info *info = &c->in.comp_info[i];
    if (!info->quant_table)
        return hp_fail(err, HP_E_INPUT, "is a damaged JPEG: component %d is in no scan", i);
    plane->across = info->width_in_blocks;
    plane->down = info->height_in_blocks;
    plane->step_x = (unsigned)(c->in.max_h_samp_factor / info->h_samp_factor);
    plane->step_y = (unsigned)(c->in.max_v_samp_factor / info->v_samp_factor);
    memcpy(plane->quant, info->quant_table->quantval, sizeof plane->quant);
    for (int k = 0; k < HP_JPEG_CELLS; k++)
        if (plane->quant[k] == 0)
            return hp_fail(err, HP_E_INPUT, "is a damaged JPEG: it quantises by 0");
    plane->rows = c->in.mem->access_virt_barray((j_common_ptr)&c->in, c->arrays[i], 0, plane->down, TRUE);
    return HP_OK;
}

/* A JPEG of one component has single blocks for MCUs, whatever sampling it claims. */
static int describe(hp_jpeg *jpeg, hp_error *err)
{
    hp_jpeg_codec *c = jpeg->codec;
    int code = check_kind(&c->in, err);
    jpeg->width = c->in.image_width;
    jpeg->height = c->in.image_height;
    jpeg->mcu_width = HP_JPEG_SIDE * (c->in.num_components > 1 ? (unsigned)c->in.max_h_samp_factor : 1);
    jpeg->mcu_height = HP_JPEG_SIDE * (c->in.num_components > 1 ? (unsigned)c->in.max_v_samp_factor : 1);
    for (int i = 0; !code && i < c->in.num_components; i++, jpeg->plane_count++)
        code = describe_plane(c, i, &jpeg->planes[i], err);
    return code;
}

static unsigned mcus_in_row(const hp_jpeg_codec *c, const hp_jpeg_scan *scan)
{
    unsigned width = HP_JPEG_SIDE * (unsigned)c->in.max_h_samp_factor;
    for (int i = 0; i < c->in.num_components && scan->count == 1; i++)
        if (c->in.comp_info[i].component_id == scan->ids[0])
            return c->in.comp_info[i].width_in_blocks;
    return (c->in.image_width + width - 1) / width;
}

/*
 * One interval for all scans, or the same number of rows in each: libjpeg can write no others. The file keeps its
 * segment before the first scan, those between scans are made anew.
 */
static int find_restarts(hp_jpeg_codec *c, hp_error *err)
{
    const hp_jpeg_scan *scans = c->marks.scans;
    unsigned rows = scans[0].restart / mcus_in_row(c, &scans[0]);
    bool same = true, in_rows = rows > 0;
    for (unsigned s = 0; s < c->marks.scan_count; s++) {
        uint64_t interval = (uint64_t)rows * mcus_in_row(c, &scans[s]);
        same = same && scans[s].restart == scans[0].restart;
        in_rows = in_rows && scans[s].restart == (interval < UINT16_MAX ? interval : UINT16_MAX);
    }
    c->restart_interval = same ? scans[0].restart : 0;
    c->restart_in_rows = same ? 0 : rows;
    if (!same && !in_rows)
        return hp_fail(err, HP_E_UNSUPPORTED, "is a JPEG whose restart interval changes between scans");
    return HP_OK;
}

int hp_jpeg_open(hp_bytes file, hp_jpeg *jpeg, hp_error *err)
{
    *jpeg = (hp_jpeg){0};
    hp_jpeg_codec *c = jpeg->codec = hp_calloc(1, sizeof *c, err);
    if (!c)
        return HP_E_MEMORY;
    c->in.err = c->out.err = hp_jpeg_errors_begin(&c->errors);
    c->in.client_data = c->out.client_data = c;
    c->file_size = file.size;
    if (setjmp(c->errors.back))
        return fault_of(c, err);
    jpeg_create_decompress(&c->in);
    hp_jpeg_stores_use(&c->stores, (j_common_ptr)&c->in);
    jpeg_mem_src(&c->in, file.data, (unsigned long)file.size);
    jpeg_read_header(&c->in, TRUE);
    jpeg->marks = &c->marks;
    int code = hp_jpeg_marks_read(file, &c->marks, err);
    if (code)
        return code;
    c->arrays = jpeg_read_coefficients(&c->in);
    code = describe(jpeg, err);
    return code ? code : find_restarts(c, err);
}

static void drop_coded(hp_jpeg_codec *c)
{
    if (c->coded != c->room)
        free(c->coded);
    hp_pages_free(c->room);
    c->coded = c->room = NULL;
}

void hp_jpeg_close(hp_jpeg *jpeg)
{
    hp_jpeg_codec *c = jpeg->codec;
    if (c) {
        jpeg_destroy_decompress(&c->in);
        hp_jpeg_stores_free(&c->stores);
        drop_coded(c);
        free(c);
    }
    *jpeg = (hp_jpeg){0};
}

/* ---- writing ---- */

static bool has_symbol(const JHUFF_TBL *table, unsigned symbol)
{
    unsigned count = 0;
    for (int i = 1; i <= 16; i++)
        count += table->bits[i];
    return memchr(table->huffval, (int)symbol, count < sizeof table->huffval ? count : sizeof table->huffval) != NULL;
}

static bool codes_every_dc(const JHUFF_TBL *table)
{
    unsigned bits = 0;
    while (table && bits <= DC_BITS_MOST && has_symbol(table, bits))
        bits++;
    return bits > DC_BITS_MOST;
}

/* Runs of up to 15 zeros before a coefficient, 16 zeros, the end of the block. libjpeg leaves out what lacks. */
static bool codes_every_ac(const JHUFF_TBL *table)
{
    bool all = table && has_symbol(table, 0) && has_symbol(table, 0xf0);
    for (unsigned run = 0; all && run < 16; run++)
        for (unsigned bits = 1; all && bits <= AC_BITS_MOST; bits++)
            all = has_symbol(table, run << 4 | bits);
    return all;
}

/*
 * The standard's tables, which most cameras use, can code anything: so the file keeps them. Tables made for one picture
 * may lack what a repaired block needs; several scans may each have had tables of their own.
 */
static bool may_keep_tables(const hp_jpeg_codec *c)
{
    if (c->in.progressive_mode || c->in.arith_code || c->marks.scan_count > 1)
        return false;
    for (int i = 0; i < c->in.num_components; i++) {
        const jpeg_component_info *info = &c->in.comp_info[i];
        if (!codes_every_dc(c->in.dc_huff_tbl_ptrs[info->dc_tbl_no]) ||
            !codes_every_ac(c->in.ac_huff_tbl_ptrs[info->ac_tbl_no]))
            return false;
    }
    return true;
}

static void copy_tables(hp_jpeg_codec *c)
{
    JHUFF_TBL **from[2] = {c->in.dc_huff_tbl_ptrs, c->in.ac_huff_tbl_ptrs};
    JHUFF_TBL **to[2] = {c->out.dc_huff_tbl_ptrs, c->out.ac_huff_tbl_ptrs};
    for (int kind = 0; kind < 2; kind++)
        for (int i = 0; i < NUM_HUFF_TBLS; i++) {
            if (!from[kind][i])
                continue;
            if (!to[kind][i])
                to[kind][i] = jpeg_alloc_huff_table((j_common_ptr)&c->out);
            *to[kind][i] = *from[kind][i];
            to[kind][i]->sent_table = FALSE;
        }
    for (int i = 0; i < c->in.num_components; i++) {
        c->out.comp_info[i].dc_tbl_no = c->in.comp_info[i].dc_tbl_no;
        c->out.comp_info[i].ac_tbl_no = c->in.comp_info[i].ac_tbl_no;
    }
}

/*
 * The scans as the file has them. A scan of a plane that is not there cannot be: libjpeg has read it; nor one of more
 * planes than it names: check_kind has seen to it that names are different.
 */
static void copy_script(hp_jpeg_codec *c)
{
    for (unsigned s = 0; s < c->marks.scan_count; s++) {
        const hp_jpeg_scan *scan = &c->marks.scans[s];
        jpeg_scan_info *to = &c->script[s];
        *to = (jpeg_scan_info){.Ss = scan->first, .Se = scan->last, .Ah = scan->high, .Al = scan->low};
        for (unsigned k = 0; k < scan->count; k++)
            for (int i = 0; i < c->in.num_components; i++)
                if (c->in.comp_info[i].component_id == scan->ids[k])
                    to->component_index[to->comps_in_scan++] = i;
    }
    c->out.scan_info = c->script;
    c->out.num_scans = (int)c->marks.scan_count;
}

static void copy_parameters(hp_jpeg_codec *c, bool own_tables)
{
    jpeg_copy_critical_parameters(&c->in, &c->out);
    c->out.write_JFIF_header = FALSE;
    c->out.write_Adobe_marker = FALSE;
    c->out.restart_interval = c->restart_interval;
    c->out.restart_in_rows = (int)c->restart_in_rows;
    c->out.arith_code = c->in.arith_code;
    if (c->in.arith_code) {
        memcpy(c->out.arith_dc_L, c->in.arith_dc_L, sizeof c->out.arith_dc_L);
        memcpy(c->out.arith_dc_U, c->in.arith_dc_U, sizeof c->out.arith_dc_U);
        memcpy(c->out.arith_ac_K, c->in.arith_ac_K, sizeof c->out.arith_ac_K);
    }
    c->out.optimize_coding = own_tables && !c->in.arith_code;
    if (!own_tables)
        copy_tables(c);
    if (c->in.progressive_mode || c->marks.scan_count > 1)
        copy_script(c);
}

/* The file's own length and some: libjpeg makes it longer where that is not enough, and copies what it had. */
static bool make_room(hp_jpeg_codec *c, hp_error *err)
{
    enum { MORE = 1 << 16 };
    drop_coded(c);
    c->coded_size = (unsigned long)(c->file_size + c->file_size / 8 + MORE);
    c->coded = c->room = hp_pages(c->coded_size, 1, err);
    return c->room != NULL;
}

int hp_jpeg_encode(hp_jpeg *jpeg, bool *own_tables, hp_bytes *coded, hp_error *err)
{
    hp_jpeg_codec *c = jpeg->codec;
    int code;
    *own_tables = *own_tables || !may_keep_tables(c);
    if (!make_room(c, err))
        return HP_E_MEMORY;
    if (setjmp(c->errors.back)) {
        code = fault_of(c, err);
        goto done;
    }
    jpeg_create_compress(&c->out);
    hp_jpeg_stores_use(&c->stores, (j_common_ptr)&c->out);
    jpeg_mem_dest(&c->out, &c->coded, &c->coded_size);
    copy_parameters(c, *own_tables);
    jpeg_write_coefficients(&c->out, c->arrays);
    jpeg_finish_compress(&c->out);
    code = HP_OK;
done:
    jpeg_destroy_compress(&c->out);
    *coded = (hp_bytes){c->coded, c->coded_size};
    return code;
}
