#include "random.h"

#include <math.h>
#include <stddef.h>

static const double PI = 3.14159265358979323846;
static const uint64_t GOLDEN = 0x9E3779B97F4A7C15u;

/* The finaliser of SplitMix64 (Steele, Lea, Flood 2014: Fast splittable pseudorandom number generators). */
static inline uint64_t mix(uint64_t v)
{
    v = (v ^ (v >> 30)) * 0xBF58476D1CE4E5B9u;
    v = (v ^ (v >> 27)) * 0x94D049BB133111EBu;
    return v ^ (v >> 31);
}

static inline uint64_t bits_at(uint64_t key, uint64_t count)
{
    return mix(key + count * GOLDEN);
}

uint64_t cs_random_key(uint64_t seed, uint64_t photo, cs_purpose purpose)
{
    return mix(mix(mix(seed + GOLDEN) + photo) + (uint64_t)purpose);
}

cs_random cs_random_start(uint64_t seed, uint64_t photo, cs_purpose purpose)
{
    return (cs_random){.key = cs_random_key(seed, photo, purpose), .count = 0};
}

double cs_random_unit(cs_random *random)
{
    return (double)(bits_at(random->key, random->count++) >> 11) * 0x1p-53;
}

double cs_random_between(cs_random *random, double low, double high)
{
    return low + (high - low) * cs_random_unit(random);
}

double cs_random_log_between(cs_random *random, double low, double high)
{
    return low * exp(log(high / low) * cs_random_unit(random));
}

int cs_random_below(cs_random *random, int limit)
{
    return (int)(cs_random_unit(random) * limit);
}

/* Box, Muller 1958. */
double cs_random_normal(cs_random *random)
{
    double u = 1.0 - cs_random_unit(random);
    double v = cs_random_unit(random);
    return sqrt(-2.0 * log(u)) * cos(2.0 * PI * v);
}

static double quantile(double share)
{
    double low = -10.0, high = 10.0;
    for (int step = 0; step < 60; step++) {
        double middle = 0.5 * (low + high);
        if (0.5 * erfc(-middle / sqrt(2.0)) < share)
            low = middle;
        else
            high = middle;
    }
    return 0.5 * (low + high);
}

static double density(double x)
{
    return exp(-0.5 * x * x) / sqrt(2.0 * PI);
}

void cs_normal_table_fill(cs_normal_table *table)
{
    double mean[CS_NORMALS / 2];
    double square = 0.0, low = 0.0;
    for (int i = 0; i < CS_NORMALS / 2; i++) {
        double high = quantile(0.5 + (i + 1.0) / CS_NORMALS);
        double top = i + 1 < CS_NORMALS / 2 ? density(high) : 0.0;
        mean[i] = (density(low) - top) * CS_NORMALS;
        square += mean[i] * mean[i];
        low = high;
    }
    double scale = 1.0 / sqrt(square / (CS_NORMALS / 2));
    for (int i = 0; i < CS_NORMALS / 2; i++) {
        table->value[CS_NORMALS / 2 + i] = (float)(mean[i] * scale);
        table->value[CS_NORMALS / 2 - 1 - i] = (float)(-mean[i] * scale);
    }
}

/* Two table values added: 2^24 different normals out of 24 random bits, up to 5.2 sigma.
 * A lookup costs about a nanosecond; shot noise needs no better tail. */
static inline float normal_of(const cs_normal_table *table, uint64_t bits)
{
    return 0.70710678f * (table->value[bits & (CS_NORMALS - 1)] + table->value[(bits >> 12) & (CS_NORMALS - 1)]);
}

void cs_normal_row(const cs_normal_table *table, uint64_t key, int y, int width, float *normal)
{
    uint64_t half = ((uint64_t)width + 1) / 2;
    uint64_t first = (uint64_t)y * half;
    for (int x = 0; x < width; x += 2) {
        uint64_t bits = bits_at(key, first + (uint64_t)x / 2);
        normal[x] = normal_of(table, bits);
        if (x + 1 < width)
            normal[x + 1] = normal_of(table, bits >> 32);
    }
}

void cs_normal_row_pair(const cs_normal_table *table, uint64_t key, int y, int width, float *first, float *second)
{
    uint64_t start = (uint64_t)y * (uint64_t)width;
    for (int x = 0; x < width; x++) {
        uint64_t bits = bits_at(key, start + (uint64_t)x);
        first[x] = normal_of(table, bits);
        second[x] = normal_of(table, bits >> 32);
    }
}
