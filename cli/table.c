#include "table.h"
#include "say.h"

#include <ctype.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

/* Most models begin with the maker's name ("NIKON D80" of "NIKON CORPORATION"); it is then not said twice. */
static bool model_names_make(const hp_camera *camera)
{
    size_t length = strcspn(camera->make, " ,");
    return length == 0 || !strncasecmp(camera->make, camera->model, length);
}

char *camera_name(const hp_camera *camera, char *out)
{
    char make[SHOWN_BYTES];
    char model[SHOWN_BYTES];
    char serial[SHOWN_BYTES];
    hp_printable(camera->make, make, sizeof make);
    hp_printable(camera->model, model, sizeof model);
    hp_printable(camera->serial, serial, sizeof serial);
    if (!make[0] && !model[0])
        snprintf(out, CAMERA_NAME_BYTES, "unknown camera");
    else
        snprintf(out, CAMERA_NAME_BYTES, "%s%s%s%s%s", model_names_make(camera) ? "" : make,
                 model_names_make(camera) || !model[0] ? "" : " ", model, serial[0] ? ", serial " : "", serial);
    return out;
}

static void print_upper(const char *text)
{
    for (; *text; text++)
        putchar(toupper((unsigned char)*text));
}

static void print_heading(const hp_list *list)
{
    char name[CAMERA_NAME_BYTES];
    printf("%s\n%" PRIu32 "x%" PRIu32 " ", camera_name(&list->camera, name), list->camera.width, list->camera.height);
    print_upper(hp_source_name(list->camera.source));
    printf(", %zu photo%s used", list->photos_used, plural(list->photos_used));
    if (list->skipped_count)
        printf(", %zu skipped", list->skipped_count);
    puts("");
}

static bool has_dark_current(const hp_list *list)
{
    for (size_t i = 0; i < list->defect_count; i++)
        if (list->defects[i].dark_current != 0)
            return true;
    return false;
}

static void print_defect(const hp_defect *d, bool with_current)
{
    char box[64], current[32] = "";
    if (with_current && d->dark_current != 0)
        snprintf(current, sizeof current, "%11.3f  ", d->dark_current);
    else if (with_current)
        snprintf(current, sizeof current, "%11s  ", "-");
    snprintf(box, sizeof box, "%" PRIu32 "x%" PRIu32 " at %" PRIu32 ",%" PRIu32 "%s%s", d->box.width, d->box.height,
             d->box.x, d->box.y, d->shape == HP_SHAPE_PIXEL ? "" : ", ",
             d->shape == HP_SHAPE_PIXEL ? "" : hp_shape_name(d->shape));
    printf("%6" PRIu32 " %6" PRIu32 "  %-5s  %-8s  %6.2f  %+8.1f +- %-6.1f  %s%s\n", d->x, d->y, hp_kind_name(d->kind),
           hp_grade_name(d->grade), d->score, d->mean, d->deviation, current, box);
}

static size_t count_shape(const hp_list *list, hp_shape shape)
{
    size_t count = 0;
    for (size_t i = 0; i < list->defect_count; i++)
        count += list->defects[i].shape == shape;
    return count;
}

void table_print_shapes(const hp_list *list)
{
    size_t columns = count_shape(list, HP_SHAPE_COLUMN), rows = count_shape(list, HP_SHAPE_ROW);
    size_t clusters = count_shape(list, HP_SHAPE_CLUSTER), pixels = list->defect_count - columns - rows;
    printf("%zu bad pixel%s", pixels, plural(pixels));
    if (clusters)
        printf(" (%zu cluster%s)", clusters, plural(clusters));
    if (columns)
        printf(", %zu bad column%s", columns, plural(columns));
    if (rows)
        printf(", %zu bad row%s", rows, plural(rows));
}

static void print_counts(const hp_list *list)
{
    size_t kinds[HP_WEAK + 1] = {0};
    size_t certain = 0;
    const char *comma = "";
    for (size_t i = 0; i < list->defect_count; i++) {
        kinds[list->defects[i].kind]++;
        certain += list->defects[i].grade == HP_CERTAIN;
    }
    table_print_shapes(list);
    fputs(": ", stdout);
    for (int kind = HP_HOT; kind <= HP_WEAK; kind++) {
        if (kinds[kind] == 0)
            continue;
        printf("%s%zu %s", comma, kinds[kind], hp_kind_name((hp_kind)kind));
        comma = ", ";
    }
    printf("; %zu certain, %zu probable", certain, list->defect_count - certain);
    if (list->negative_count)
        printf("; %zu darker than the surroundings", list->negative_count);
    puts(".");
}

/* What is worth saying of the checks. */
static void print_checks(const hp_checks *checks)
{
    enum { MANY = 20 };
    if (checks->pixels >= MANY && checks->phase_share >= 0.5)
        printf("%.0f %% of them are on one of the four CFA positions (x %s, y %s; by chance 25 %%): one colour's "
               "pixels.\n",
               100 * checks->phase_share, checks->phase_x ? "odd" : "even", checks->phase_y ? "odd" : "even");
    if (checks->kept_share >= 0)
        printf("What stands out in one half of the photos keeps %.0f %% of its strength in the other.\n",
               100 * checks->kept_share);
}

static void print_dust(const hp_list *list)
{
    for (size_t i = 0; i < list->dust_count; i++) {
        const hp_dust *d = &list->dust[i];
        printf("%6" PRIu32 " %6" PRIu32 "  dust, a soft dark spot %" PRIu32 " px wide, no bad pixel; %+.1f\n", d->x,
               d->y, d->diameter, d->mean);
    }
}

static void print_list(const hp_list *list)
{
    print_heading(list);
    if (list->photos_used == 0) {
        puts("\nNone of its photos could be used.");
        return;
    }
    if (list->defect_count == 0) {
        puts("\nNo bad pixels found.");
        print_dust(list);
        return;
    }
    bool current = has_dark_current(list);
    printf("\n     x      y  kind   grade      score  mean +- deviation   %sbox\n", current ? "  dark DN/s  " : "");
    for (size_t i = 0; i < list->defect_count; i++)
        print_defect(&list->defects[i], current);
    puts("");
    print_counts(list);
    print_checks(&list->checks);
    print_dust(list);
}

void table_print(const hp_result *result)
{
    for (size_t i = 0; i < result->list_count; i++) {
        if (i > 0)
            puts("");
        print_list(&result->lists[i]);
    }
}

static const char *channel_name(const hp_variance_result *result, uint32_t channel)
{
    static const char *const names[] = {"R", "G", "B"};
    return result->channels == 3 && channel < 3 ? names[channel] : "-";
}

static void print_subpixel(const hp_variance_result *result, const char *label, const hp_subpixel *s)
{
    printf("%-8s %16.3f %10.3f %7" PRIu32 " %6" PRIu32 "  %s\n", label, s->value, s->mean, s->x, s->y,
           channel_name(result, s->channel));
}

void table_print_variance(const hp_variance_result *result)
{
    printf("%" PRIu32 "x%" PRIu32 ", %" PRIu32 " channel%s of %u bit, %zu photo%s used", result->width, result->height,
           result->channels, plural(result->channels), result->bits, result->photos_used, plural(result->photos_used));
    if (result->skipped_count)
        printf(", %zu skipped", result->skipped_count);
    printf("\n\n%-8s %16s %10s %7s %6s  %s\n", "", "M2", "mean", "x", "y", "channel");
    print_subpixel(result, "min", &result->min);
    print_subpixel(result, "max", &result->max);
    printf("%-8s %16.3f\n\nlowest\n", "mean", result->mean_m2);
    for (size_t i = 0; i < result->lowest_count; i++) {
        char rank[24];
        snprintf(rank, sizeof rank, "%6zu", i + 1);
        print_subpixel(result, rank, &result->lowest[i]);
    }
    printf("\n%.2f s accumulating, %.2f s in all\n", result->seconds_accumulating, result->seconds);
}
