// libavcodec, decoding.
#ifndef SLUICE_CFFMPEG_DECODING_H
#define SLUICE_CFFMPEG_DECODING_H

#include <libavcodec/avcodec.h>

#endif
