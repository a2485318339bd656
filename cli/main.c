#include "command.h"
#include "interrupt.h"
#include "isolation.h"
#include "options.h"
#include "say.h"
#include "standard_streams.h"
#include "together.h"
#include "values.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

static const cli_command commands[] = {
    {"scan", FOR_SCAN, "PHOTO|FOLDER|'PATTERN'...", "find the bad pixels of every camera among the photos",
     "Finds bad pixels (hot, stuck, dead, weak) from ordinary photos: those that differ from\n"
     "their neighbours in the same way from photo to photo. Some twenty different photos are\n"
     "a good start, more find fainter ones. Folders are walked, but for hidden ones and links to\n"
     "folders; cameras are told apart.",
     cmd_scan},
    {"variance", FOR_VARIANCE, "PHOTO|FOLDER|'PATTERN'...", "the variance of every subpixel over the photos",
     "Sums up, for every red, green and blue value of the frame, the squared differences from\n"
     "its mean over the photos (M2). A pixel that never changes has the lowest. All photos\n"
     "must be of one size, the first one's.",
     cmd_variance},
    {"convert", FOR_CONVERT, "-o FILE LIST...", "lists of bad pixels from one form into others",
     "Reads lists of bad pixels, of any kind that hotpix writes, and writes them in other kinds,\n"
     "each in the coordinates of its program. The content or the name tells a list's kind, or\n"
     "KIND:FILE does. Several lists become one by --union, --intersect or --subtract.\n\n"
     "Kinds: json csv dcraw (also LibRaw) rawtherapee jpegpixi siril iraf ds9 fits png lsst phd2\n"
     "opcode (written into a copy of a DNG: --like PHOTO.dng -o opcode:COPY.dng);\n"
     "html, svg and map (map.png): the report and the sensor map.",
     cmd_convert},
    {"fix", FOR_FIX, "-d LIST (-o FOLDER | --in-place) PHOTO|FOLDER|'PATTERN'...", "repaired copies of photos",
     "Repairs the bad pixels of a list in copies of photos. In a JPEG only the blocks that hold a bad\n"
     "pixel change; all else, metadata too, stays as it is, bit for bit. TIFF, PNG, FITS and DNG are\n"
     "written with other samples. A pixel that is right in a photo is left. The list must be for the\n"
     "photo's camera and size: hotpix scan -o bad.json makes it.",
     cmd_fix},
    {"detect", FOR_DETECT, "STATE...", "bad pixels from saved states, without photos",
     "Prints and writes what scan does, from the sums that scan --state saved; from a state of the\n"
     "variance, what variance does.",
     cmd_detect},
    {"merge", FOR_MERGE, "-o STATE STATE...", "one state out of many",
     "Adds up states of one camera: the same bytes as one scan of all the photos. Each photo may\n"
     "count in one of them only: sums cannot leave out what they hold.",
     cmd_merge},
    {"forget", FOR_FORGET, "STATE PHOTO|FOLDER|'PATTERN'...", "take photos out of a state again",
     "Subtracts photos from the sums of a state, exactly. The photos must be there as they were\n"
     "when they were taken; of those left out (similar, damaged) the name is enough. Of a folder or\n"
     "pattern those are taken out that the state has, and others are told of.",
     cmd_forget},
    {"history", FOR_HISTORY, "-d LIST PHOTO|FOLDER|'PATTERN'...",
     "since when each bad pixel is bad, and whether it still is",
     "Looks at the pixels of a list in every photo, in order of date, and finds when each went\n"
     "bad, and good again, as likely as that is. Photos without a date are set aside. JPEGs are\n"
     "decoded only around the pixels of the list.",
     cmd_history},
    {"selftest", FOR_SELFTEST, "PHOTO|FOLDER|'PATTERN'...", "which bad pixels a scan of these photos would find",
     "Plants bad pixels of every kind and strength into the photos, in memory, and tells how many of\n"
     "them a scan finds, and from which strength on it finds 90 %. The photos are read twice and\n"
     "stay as they are; the same photos give the same answer.",
     cmd_selftest},
    {"info", FOR_INFO, "FILE...", "what a photo, a state, a list of bad pixels or a report is",
     "Prints what is known of a file without working on it.", cmd_info},
};
static const size_t command_count = sizeof commands / sizeof *commands;

static void print_usage(FILE *stream)
{
    fputs("Usage: hotpix COMMAND [OPTION]... ARGUMENT...\n\n"
          "Finds the bad pixels of a camera's sensor from ordinary photos, and repairs them:\n\n"
          "  hotpix scan Pictures -o report.html -o bad.json\n"
          "  hotpix fix -d bad.json -o repaired Pictures\n\nCommands:\n",
          stream);
    for (size_t i = 0; i < command_count; i++)
        fprintf(stream, "  %-10s %s\n", commands[i].name, commands[i].summary);
    fprintf(stream, "  %-10s %s\n\n", "help", "what a command does and takes");
    fputs("hotpix help COMMAND, or hotpix COMMAND --help, tells more; hotpix --version tells the version.\n\n"
          "Exit status: 0 done, 1 failed, 2 wrong usage, 3 done, but photos were skipped for a fault.\n",
          stream);
}

static const cli_command *find_command(const char *name)
{
    for (size_t i = 0; i < command_count; i++)
        if (!strcmp(commands[i].name, name))
            return &commands[i];
    return NULL;
}

static int fail_unknown(const char *name)
{
    const cli_command *best = NULL;
    unsigned least = 4;
    char shown[SHOWN_BYTES];
    hp_printable(name, shown, sizeof shown);
    if (!strcmp(name, "version") || !strcmp(name, "-v"))
        return say_usage(NULL, "unknown command '%s'; did you mean 'hotpix --version'?", shown);
    if (name[0] == '-')
        return say_usage(NULL, "unknown option '%s'; options stand behind the command", shown);
    for (size_t i = 0; i < command_count; i++) {
        unsigned distance = edit_distance(name, strlen(name), commands[i].name);
        if (distance < least && 2 * distance <= strlen(commands[i].name)) {
            least = distance;
            best = &commands[i];
        }
    }
    if (best)
        return say_usage(NULL, "unknown command '%s'; did you mean '%s'?", shown, best->name);
    if (access(name, F_OK) == 0)
        return say_usage(NULL, "unknown command '%s'; did you mean 'hotpix scan %s'?", shown, shown);
    return say_usage(NULL, "unknown command '%s'", shown);
}

static int help(int argc, char **argv)
{
    if (argc == 0 || !strcmp(argv[0], "--help") || !strcmp(argv[0], "-h")) {
        print_usage(stdout);
        return EXIT_DONE;
    }
    if (!strcmp(argv[0], "--dump")) {
        for (size_t i = 0; i < command_count; i++)
            options_dump(&commands[i]);
        return EXIT_DONE;
    }
    const cli_command *command = find_command(argv[0]);
    if (!command)
        return fail_unknown(argv[0]);
    options_print_help(command);
    return EXIT_DONE;
}

/* The other commands are the leader's alone. */
static bool works_together(const cli_command *command)
{
    return command->bit == FOR_SCAN || command->bit == FOR_VARIANCE;
}

static const char *what_is_left(const cli_command *command, const cli_settings *settings)
{
    if (command->bit == FOR_FIX)
        return settings->in_place ? "the photos that were repaired until then stay so"
                                  : "the copies that were made until then stay";
    return settings->state ? "what was done is in the state" : "nothing was written";
}

static int run_command(const cli_command *command, int argc, char **argv)
{
    cli_settings settings;
    int code = options_parse(command, argc, argv, &settings);
    if (!code && settings.help)
        options_print_help(command);
    else if (!code && settings.arguments.count == 0)
        code = say_usage(command->name, "nothing to work on; it takes %s", command->arguments);
    else if (!code && (works_together(command) || hp_team_leads(together_team())))
        code = command->run(&settings);
    isolation_report();
    if (code == EXIT_INTERRUPTED) {
        interrupt_end_line();
        say(0, "interrupted; %s", what_is_left(command, &settings));
    }
    settings_free(&settings);
    return code;
}

static int run(int argc, char **argv)
{
    if (argc < 2) {
        print_usage(stderr);
        return EXIT_USAGE;
    }
    const char *word = argv[1];
    if (!strcmp(word, "--help") || !strcmp(word, "-h") || !strcmp(word, "help"))
        return help(argc - 2, argv + 2);
    if (!strcmp(word, "--version") || !strcmp(word, "-V")) {
        puts("hotpix " HP_VERSION);
        return EXIT_DONE;
    }
    const cli_command *command = find_command(word);
    return command ? run_command(command, argc - 2, argv + 2) : fail_unknown(word);
}

int main(int argc, char **argv)
{
    streams_start();
    int code = together_start(&argc, &argv);
    if (!code) {
        code = run(argc, argv);
        together_end();
    }
    isolation_end();
    if (code == EXIT_INTERRUPTED)
        interrupt_finish();
    return streams_finish(code);
}
