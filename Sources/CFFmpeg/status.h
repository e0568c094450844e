// Statuses of FFmpeg's functions: AVERROR and its like are macros.
#ifndef SLUICE_CFFMPEG_STATUS_H
#define SLUICE_CFFMPEG_STATUS_H

#include <errno.h>
#include <libavutil/error.h>

static const int cffmpeg_error_again = AVERROR(EAGAIN);
static const int cffmpeg_error_end = AVERROR_EOF;
static const int cffmpeg_error_invalid = AVERROR(EINVAL);
static const int cffmpeg_error_invalid_data = AVERROR_INVALIDDATA;
static const int cffmpeg_error_io = AVERROR(EIO);
static const int cffmpeg_error_not_implemented = AVERROR_PATCHWELCOME;
static const int cffmpeg_error_out_of_memory = AVERROR(ENOMEM);
static const int cffmpeg_error_unknown_option = AVERROR_OPTION_NOT_FOUND;

#endif
