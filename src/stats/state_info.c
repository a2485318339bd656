/* hp_state_read_info: what a state holds, without its sums. */
#include "stats/state_file.h"

static void note_time(int64_t time_s, hp_state_info *info)
{
    if (time_s == 0)
        return;
    if (info->first_s == 0 || time_s < info->first_s)
        info->first_s = time_s;
    if (info->last_s == 0 || time_s > info->last_s)
        info->last_s = time_s;
}

int hp_state_read_info(const char *path, hp_state_info *info, hp_error *err)
{
    hp_state_file file;
    *info = (hp_state_info){0};
    int code = hp_state_open(path, &file, err);
    if (!code) {
        info->kind = file.kind->name;
        info->camera = file.shape.camera;
        info->channels = file.shape.channels;
        info->bounds_only = file.bounds_only;
        info->unfinished = file.settling;
        info->file_size = (uint64_t)file.status.st_size;
        for (size_t i = 0; i < file.album.count; i++) {
            const hp_record *record = &file.album.items[i];
            info->similar += record->verdict == HP_PHOTO_SIMILAR;
            info->damaged += record->verdict == HP_PHOTO_DAMAGED;
            if (record->verdict != HP_PHOTO_TAKEN)
                continue;
            info->photos++;
            note_time(record->taken_s, info);
        }
    }
    hp_state_close(&file);
    return code;
}
