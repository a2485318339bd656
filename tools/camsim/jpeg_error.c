#include "jpeg_error.h"

static void escape(j_common_ptr jpeg)
{
    cs_jpeg_errors *errors = (cs_jpeg_errors *)jpeg->err;
    jpeg->err->format_message(jpeg, errors->text);
    longjmp(errors->escape, 1);
}

static void keep_quiet(j_common_ptr jpeg)
{
    (void)jpeg;
}

struct jpeg_error_mgr *cs_jpeg_errors_start(cs_jpeg_errors *errors)
{
    struct jpeg_error_mgr *manager = jpeg_std_error(&errors->manager);
    manager->error_exit = escape;
    manager->output_message = keep_quiet;
    return manager;
}
