// libavformat, writing.
#ifndef SLUICE_CFFMPEG_MUXING_H
#define SLUICE_CFFMPEG_MUXING_H

#include <libavcodec/avcodec.h>
#include <libavformat/avformat.h>

#endif
