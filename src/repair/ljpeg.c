#include "repair/ljpeg.h"

#include <string.h>

enum { CATEGORIES = 17, LENGTH_MAX = 16 };

typedef struct code_table {
    uint8_t by_length[LENGTH_MAX + 1]; /* how many codes of each length */
    uint8_t category[CATEGORIES];      /* by rising code */
    uint32_t code[CATEGORIES];
    int length[CATEGORIES];
} code_table;

typedef struct bit_writer {
    uint8_t *out;
    uint64_t bits;
    int count;
} bit_writer;

size_t hp_ljpeg_bound(size_t count)
{
    return 512 + 8 * count; /* 32 bits a sample, doubled where every byte is stuffed */
}

/* Modulo 2^16, as annex H.1.2.1 has it: -32768 .. 32767, where -32768 stands for 32768. */
static inline int difference(const uint16_t *sample, size_t i, int x, int y, int width, int components, int bits)
{
    int prediction = x >= components ? sample[i - (size_t)components]
                     : y > 0         ? sample[i - (size_t)width * (size_t)components]
                                     : 1 << (bits - 1);
    int d = sample[i] - prediction;
    return d > 32767 ? d - 65536 : d < -32768 ? d + 65536 : d;
}

static inline int category_of(int d)
{
    unsigned magnitude = (unsigned)(d < 0 ? -d : d);
    int category = 0;
    for (; magnitude; magnitude >>= 1)
        category++;
    return category;
}

/* Code lengths by Huffman's method. One symbol more than needed takes the code of all ones, which JPEG forbids; the
 * counts are raised to a thousandth of all, which keeps the codes within 16 bits. */
static void find_lengths(const size_t count[CATEGORIES], int length[CATEGORIES])
{
    size_t weight[2 * CATEGORIES + 2], total = 0;
    int parent[2 * CATEGORIES + 2] = {0}, nodes = CATEGORIES + 1;
    for (int i = 0; i < CATEGORIES; i++)
        total += count[i];
    for (int i = 0; i < CATEGORIES; i++)
        weight[i] = 2 * (count[i] + total / 1024 + 1);
    weight[CATEGORIES] = 1; /* the lightest: gets the longest code */
    for (; nodes < 2 * CATEGORIES + 1; nodes++) {
        int least[2] = {-1, -1};
        for (int i = 0; i < nodes; i++) {
            if (parent[i])
                continue;
            if (least[0] < 0 || weight[i] < weight[least[0]]) {
                least[1] = least[0];
                least[0] = i;
            } else if (least[1] < 0 || weight[i] < weight[least[1]])
                least[1] = i;
        }
        weight[nodes] = weight[least[0]] + weight[least[1]];
        parent[least[0]] = parent[least[1]] = nodes;
    }
    for (int i = 0; i < CATEGORIES; i++) {
        length[i] = 0;
        for (int node = i; parent[node]; node = parent[node])
            length[i]++;
    }
}

/* Codes by rising length (annex C). */
static void build_table(code_table *table, const size_t count[CATEGORIES])
{
    uint32_t code = 0;
    int used = 0;
    memset(table, 0, sizeof *table);
    find_lengths(count, table->length);
    for (int length = 1; length <= LENGTH_MAX; length++, code <<= 1)
        for (int i = 0; i < CATEGORIES; i++)
            if (table->length[i] == length) {
                table->code[i] = code++;
                table->category[used++] = (uint8_t)i;
                table->by_length[length]++;
            }
}

static void put_byte(bit_writer *writer, int byte)
{
    *writer->out++ = (uint8_t)byte;
}

static void put_word(bit_writer *writer, int word)
{
    put_byte(writer, word >> 8);
    put_byte(writer, word & 0xff);
}

static inline void put_bits(bit_writer *writer, uint32_t bits, int count)
{
    writer->bits = writer->bits << count | bits;
    writer->count += count;
    while (writer->count >= 8) {
        int byte = (int)(writer->bits >> (writer->count - 8)) & 0xff;
        put_byte(writer, byte);
        if (byte == 0xff)
            put_byte(writer, 0);
        writer->count -= 8;
    }
}

static void put_headers(bit_writer *writer, const code_table *table, int width, int height, int components, int bits)
{
    put_word(writer, 0xffd8); /* SOI */
    put_word(writer, 0xffc3); /* SOF3 */
    put_word(writer, 8 + 3 * components);
    put_byte(writer, bits);
    put_word(writer, height);
    put_word(writer, width);
    put_byte(writer, components);
    for (int i = 0; i < components; i++) {
        put_byte(writer, i);
        put_word(writer, 0x1100);
    }
    put_word(writer, 0xffc4); /* DHT */
    put_word(writer, 19 + CATEGORIES);
    put_byte(writer, 0);
    for (int i = 1; i <= LENGTH_MAX; i++)
        put_byte(writer, table->by_length[i]);
    for (int i = 0; i < CATEGORIES; i++)
        put_byte(writer, table->category[i]);
    put_word(writer, 0xffda); /* SOS */
    put_word(writer, 6 + 2 * components);
    put_byte(writer, components);
    for (int i = 0; i < components; i++)
        put_word(writer, i << 8);
    put_byte(writer, 1); /* predictor: left */
    put_word(writer, 0);
}

size_t hp_ljpeg_encode(const uint16_t *sample, const hp_ljpeg_kind *kind, uint8_t *out)
{
    const int width = kind->width, height = kind->height, components = kind->components, bits = kind->bits;
    size_t count[CATEGORIES] = {0}, i = 0;
    code_table table;
    bit_writer writer = {.out = out};
    for (int y = 0; y < height; y++)
        for (int x = 0; x < width * components; x++, i++)
            count[category_of(difference(sample, i, x, y, width, components, bits))]++;
    build_table(&table, count);
    put_headers(&writer, &table, width, height, components, bits);
    i = 0;
    for (int y = 0; y < height; y++)
        for (int x = 0; x < width * components; x++, i++) {
            int d = difference(sample, i, x, y, width, components, bits);
            int category = category_of(d);
            put_bits(&writer, table.code[category], table.length[category]);
            if (category > 0 && category < 16)
                put_bits(&writer, (uint32_t)(d < 0 ? d - 1 : d) & ((1u << category) - 1), category);
        }
    if (writer.count)
        put_bits(&writer, (1u << (8 - writer.count)) - 1, 8 - writer.count);
    put_word(&writer, 0xffd9); /* EOI */
    return (size_t)(writer.out - out);
}
