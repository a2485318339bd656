#include "photo/jpeg_errors.h"

static _Noreturn void give_up(j_common_ptr codec)
{
    hp_jpeg_errors *errors = (hp_jpeg_errors *)codec->err; /* its first member */
    codec->err->format_message(codec, errors->message);
    longjmp(errors->back, 1);
}

static void on_message(j_common_ptr codec, int level)
{
    if (level < 0)
        give_up(codec);
}

static void print_nothing(j_common_ptr codec)
{
    (void)codec;
}

struct jpeg_error_mgr *hp_jpeg_errors_begin(hp_jpeg_errors *errors)
{
    struct jpeg_error_mgr *manager = jpeg_std_error(&errors->manager);
    manager->error_exit = give_up;
    manager->emit_message = on_message;
    manager->output_message = print_nothing;
    return manager;
}
