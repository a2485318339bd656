/*
 * dump_variance OUT PHOTO...: the sums of `hotpix variance`, raw, for compare.py.
 *
 * OUT holds the line "width height channels photos", then the sums and the sums of squares of 8 bit
 * photos, each height x width x channels uint32 in the byte order of the machine.
 */
#include <hotpix.h>
#include <stdio.h>

static int write_sums(const hp_variance_result *result, FILE *out)
{
    size_t count = (size_t)result->height * result->width * result->channels;
    fprintf(out, "%u %u %u %zu\n", result->width, result->height, result->channels, result->photos_used);
    return fwrite(result->sum, sizeof *result->sum, count, out) != count ||
           fwrite(result->sum_of_squares, sizeof(uint32_t), count, out) != count;
}

int main(int argc, char **argv)
{
    if (argc < 3) {
        fprintf(stderr, "usage: dump_variance OUT PHOTO...\n");
        return 2;
    }

    hp_error err = {0};
    hp_variance_options options = hp_variance_defaults();
    hp_variance_result *result = NULL;
    FILE *out = NULL;
    int failed = 1;

    if (hp_variance((const char *const *)argv + 2, (size_t)argc - 2, &options, &result, &err)) {
        fprintf(stderr, "dump_variance: %s\n", err.message);
        goto done;
    }
    if (result->bits != 8) {
        fprintf(stderr, "dump_variance: %u bits a sample; only 8 are handled\n", result->bits);
        goto done;
    }
    out = fopen(argv[1], "wb");
    if (!out || write_sums(result, out)) {
        perror(argv[1]);
        goto done;
    }
    failed = 0;
done:
    if (out && fclose(out)) {
        perror(argv[1]);
        failed = 1;
    }
    hp_variance_result_free(&result);
    return failed;
}
