// libavcodec, decoding.
#ifndef SLUICE_CFFMPEG_DECODING_H
#define SLUICE_CFFMPEG_DECODING_H

#include <libavcodec/avcodec.h>
#include <libavutil/pixdesc.h>

/// How long a picture is shown, in the time base of its packet; 0 if that is not known.
static inline int64_t cffmpeg_decoded_duration(const AVFrame *frame) {
#if LIBAVUTIL_VERSION_INT >= AV_VERSION_INT(57, 30, 100)
    return frame->duration;
#else
    return frame->pkt_duration;
#endif
}

/// The picture's rows are of two fields, of two times.
static inline int cffmpeg_is_interlaced(const AVFrame *frame) {
#ifdef AV_FRAME_FLAG_INTERLACED
    return (frame->flags & AV_FRAME_FLAG_INTERLACED) != 0;
#else
    return frame->interlaced_frame;
#endif
}

#endif
