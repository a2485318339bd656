#include "camera.h"

#include <string.h>

/* A made-up but usual camera matrix: rows sum to 1, so white stays white. */
static const float TO_SRGB[3][3] = {
    {1.62f, -0.46f, -0.16f},
    {-0.18f, 1.46f, -0.28f},
    {0.02f, -0.44f, 1.42f},
};

/* By cofactors. */
static void invert(float m[3][3], float inverse[3][3])
{
    float det = 0.0f;
    for (int i = 0; i < 3; i++)
        for (int j = 0; j < 3; j++) {
            int a = (i + 1) % 3, b = (i + 2) % 3, c = (j + 1) % 3, d = (j + 2) % 3;
            inverse[j][i] = m[a][c] * m[b][d] - m[a][d] * m[b][c];
        }
    for (int j = 0; j < 3; j++)
        det += m[0][j] * inverse[j][0];
    for (int i = 0; i < 3; i++)
        for (int j = 0; j < 3; j++)
            inverse[i][j] /= det;
}

static void fill_colours(cs_camera *camera)
{
    static const float gain[3] = {CS_RED_GAIN, 1.0f, CS_BLUE_GAIN};
    float inverse[3][3];
    memcpy(camera->to_srgb, TO_SRGB, sizeof TO_SRGB);
    invert(camera->to_srgb, inverse);
    for (int j = 0; j < 3; j++) {
        for (int i = 0; i < 3; i++)
            camera->to_camera[i][j] = inverse[i][j] / gain[i];
        camera->to_camera[CS_GREY][j] = 1.0f / 3.0f;
    }
}

void cs_camera_finish(cs_camera *camera, float sharpening)
{
    static const float sharpenings[3] = {0.0f, 0.4f, 0.8f};
    cs_random random = cs_random_start(camera->seed, 0, CS_FOR_CAMERA);
    float chosen = sharpenings[cs_random_below(&random, 3)];
    camera->sharpening = sharpening < 0.0f ? chosen : sharpening;
    for (int i = 0; i < CS_DUST_SPOTS; i++) {
        camera->dust[i].x = (float)cs_random_between(&random, 0.0, camera->width);
        camera->dust[i].y = (float)cs_random_between(&random, 0.0, camera->height);
        camera->dust[i].radius = (float)cs_random_between(&random, 3.0, 8.0);
        camera->dust[i].depth = (float)cs_random_between(&random, 0.04, 0.12);
    }
    fill_colours(camera);
    cs_normal_table_fill(&camera->normals);
}
