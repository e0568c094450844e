// libavcodec, encoding.
#ifndef SLUICE_CFFMPEG_ENCODING_H
#define SLUICE_CFFMPEG_ENCODING_H

#include <libavcodec/avcodec.h>

#endif
