// The parts of FFmpeg that Sluice uses, and what Swift cannot import of them. Version differences live here.
#ifndef SLUICE_CFFMPEG_H
#define SLUICE_CFFMPEG_H

#include <libavutil/avutil.h>
#include <libavutil/mem.h>
#include <libavutil/sha.h>

#include "audio.h"
#include "decoding.h"
#include "demuxing.h"
#include "encoding.h"
#include "filtering.h"
#include "muxing.h"
#include "scaling.h"
#include "status.h"

#endif
