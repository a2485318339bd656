#include "detect/energy.h"

enum { ONE_SIGMA2 = 256 }; /* z counts sixteenths of a sigma */

/* A coordinate beyond the edge is taken one step further inside, as in the planes. */
static uint32_t inside(int64_t at, uint32_t length, uint32_t step)
{
    return (uint32_t)(at < 0 ? at + step : at >= length ? at - step : at);
}

/* Near the left and right edge, one pixel at a time. */
static float energy_at(const hp_residual *r, uint32_t x, uint32_t y, float scale)
{
    const hp_camera *camera = &r->base.shape.camera;
    const hp_ring *ring = &r->ring;
    unsigned phase = y % ring->height * ring->width + x % ring->width;
    uint32_t value[HP_RING];
    const uint32_t *rows[HP_RING];
    for (unsigned k = 0; k < HP_RING; k++) {
        uint32_t nx = inside((int64_t)x + ring->dx[phase][k], camera->width, ring->step);
        uint32_t ny = inside((int64_t)y + ring->dy[phase][k], camera->height, ring->step);
        value[k] = r->sums.s2[(size_t)ny * camera->width + nx];
        rows[k] = &value[k];
    }
    uint32_t fourth, fifth;
    float out;
    r->base.kernels->middle(rows, 1, &fourth, &fifth);
    r->base.kernels->energy(&r->sums.s2[(size_t)y * camera->width + x], &fourth, &fifth, scale, 1, &out);
    return out;
}

/*
 * The logarithm rises with S2, so the ring is sorted as integers and only its two middle ones need one.
 * Columns x, x + ring width, ... of one phase, at least `reach` from the left and right edge.
 */
static void energy_of_phase(const hp_residual *r, uint32_t y, uint32_t first, uint32_t end, float scale, float *out)
{
    const hp_camera *camera = &r->base.shape.camera;
    const hp_ring *ring = &r->ring;
    unsigned phase = y % ring->height * ring->width + first % ring->width;
    for (uint32_t x = first; x < end; x += HP_CHUNK / ring->width * ring->width) {
        uint32_t count = end - x < HP_CHUNK ? end - x : HP_CHUNK;
        const uint32_t *rows[HP_RING];
        for (unsigned k = 0; k < HP_RING; k++) {
            uint32_t ny = inside((int64_t)y + ring->dy[phase][k], camera->height, ring->step);
            rows[k] = r->sums.s2 + (size_t)ny * camera->width + x + ring->dx[phase][k];
        }
        uint32_t fourth[HP_CHUNK], fifth[HP_CHUNK];
        r->base.kernels->middle(rows, count, fourth, fifth);
        bool is_of_all = ring->width == 1; /* no column is of another phase */
        float energies[HP_CHUNK], *made = is_of_all ? out + x : energies;
        r->base.kernels->energy(r->sums.s2 + (size_t)y * camera->width + x, fourth, fifth, scale, count, made);
        for (uint32_t i = 0; !is_of_all && i < count; i += ring->width)
            out[x + i] = energies[i];
    }
}

void hp_energy_row(const hp_residual *r, uint32_t y, float *out)
{
    uint32_t width = r->base.shape.camera.width, reach = r->ring.reach;
    float scale = 1.0f / ((float)ONE_SIGMA2 * (float)r->base.photos);
    for (uint32_t x = 0; x < reach; x++) {
        out[x] = energy_at(r, x, y, scale);
        out[width - 1 - x] = energy_at(r, width - 1 - x, y, scale);
    }
    for (uint32_t first = reach; first < reach + r->ring.width; first++)
        energy_of_phase(r, y, first, width - reach, scale, out);
}
