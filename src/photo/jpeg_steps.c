#include "photo/jpeg_steps.h"

#include <string.h>

enum {
    MARK = 0xff,
    START_OF_IMAGE = 0xd8,
    START_OF_SCAN = 0xda,
    TABLES = 0xdb,
    FIRST_FRAME = 0xc0, /* to LAST_FRAME, but for the other three */
    LAST_FRAME = 0xcf,
    HUFFMAN = 0xc4,
    EXTENSIONS = 0xc8,
    ARITHMETIC = 0xcc,
    MOST_TABLES = 4,
    FRAME_TABLE = 8, /* where the first component's table is named behind a frame's length */
};

/* From the order in a file to rows (ITU T.81, figure A.6): diagonal by diagonal, every other one upwards. */
static void zigzag(uint8_t place[HP_JPEG_COEFFICIENTS])
{
    size_t count = 0;
    for (int sum = 0; sum < 15; sum++)
        for (int i = 0; i <= sum; i++) {
            int row = sum % 2 ? i : sum - i, column = sum - row;
            if (row < 8 && column < 8)
                place[count++] = (uint8_t)(row * 8 + column);
        }
}

typedef struct tables {
    uint16_t steps[MOST_TABLES][HP_JPEG_COEFFICIENTS];
    bool known[MOST_TABLES];
} tables;

/* A segment may hold several tables, of one byte or two a step. */
static bool read_tables(const uint8_t *data, size_t size, tables *all)
{
    uint8_t place[HP_JPEG_COEFFICIENTS];
    zigzag(place);
    while (size > 0) {
        size_t bytes = data[0] >> 4 ? 2 : 1, which = data[0] & 15;
        if (which >= MOST_TABLES || size < 1 + bytes * HP_JPEG_COEFFICIENTS)
            return false;
        for (size_t i = 0; i < HP_JPEG_COEFFICIENTS; i++) {
            const uint8_t *at = data + 1 + bytes * i;
            uint16_t step = (uint16_t)(bytes == 2 ? at[0] << 8 | at[1] : at[0]);
            all->steps[which][place[i]] = step ? step : 1;
        }
        all->known[which] = true;
        data += 1 + bytes * HP_JPEG_COEFFICIENTS;
        size -= 1 + bytes * HP_JPEG_COEFFICIENTS;
    }
    return true;
}

static bool is_frame(uint8_t marker)
{
    return marker >= FIRST_FRAME && marker <= LAST_FRAME && marker != HUFFMAN && marker != EXTENSIONS &&
           marker != ARITHMETIC;
}

bool hp_jpeg_luma_steps(hp_bytes file, uint16_t steps[HP_JPEG_COEFFICIENTS])
{
    tables all = {0};
    size_t at = 2, luma = MOST_TABLES;
    if (file.size < 4 || file.data[0] != MARK || file.data[1] != START_OF_IMAGE)
        return false;
    while (file.size - at >= 4 && file.data[at] == MARK) {
        uint8_t marker = file.data[at + 1];
        if (marker == MARK) { /* a filling byte */
            at++;
            continue;
        }
        size_t length = (size_t)file.data[at + 2] << 8 | file.data[at + 3];
        if (length < 2 || length > file.size - at - 2)
            return false;
        const uint8_t *data = file.data + at + 4;
        if (marker == TABLES && !read_tables(data, length - 2, &all))
            return false;
        if (is_frame(marker) && length - 2 > FRAME_TABLE)
            luma = data[FRAME_TABLE];
        if (marker == START_OF_SCAN)
            break;
        at += 2 + length;
    }
    if (luma >= MOST_TABLES || !all.known[luma])
        return false;
    memcpy(steps, all.steps[luma], sizeof all.steps[luma]);
    return true;
}
