// libavcodec, encoding.
#ifndef SLUICE_CFFMPEG_ENCODING_H
#define SLUICE_CFFMPEG_ENCODING_H

#include <errno.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <libavcodec/avcodec.h>
#include <libavutil/dict.h>
#include <libavutil/error.h>
#include <libavutil/frame.h>
#include <libavutil/hwcontext.h>
#include <libavutil/log.h>
#include <libavutil/opt.h>

/// Headers go into the extradata, and key frames need no earlier frames.
static inline void cffmpeg_encoding_flags(AVCodecContext *context) {
    context->flags |= AV_CODEC_FLAG_GLOBAL_HEADER | (int)AV_CODEC_FLAG_CLOSED_GOP;
}

/// The thread that calls.
static inline uintptr_t cffmpeg_thread(void) {
    return (uintptr_t)pthread_self();
}

/// Whether a message of libavutil's log comes from a demuxer or muxer itself, rather than from a codec, a parser or a device.
static inline int cffmpeg_logs_format(void *object) {
    const AVClass *class = object ? *(const AVClass **)object : NULL;
    return class && class->class_name && !strcmp(class->class_name, "AVFormatContext");
}

/// The `opaque` of the codec that a message of libavutil's log comes from, on whichever thread; 0 for anything else.
static inline uintptr_t cffmpeg_logging_codec(void *object) {
    if (!object || *(const AVClass **)object != avcodec_get_class()) return 0;
    return (uintptr_t)((const AVCodecContext *)object)->opaque;
}

/// One message of libavutil's log as text; returns its length, which may exceed `size`.
static inline int cffmpeg_format_message(char *text, int size, const char *format, va_list arguments) {
    return vsnprintf(text, (size_t)size, format, arguments);
}

/// SVT-AV1 writes to stderr, controlled only by its environment variable. With `errors` it writes the reason for a refusal.
static inline void cffmpeg_quiet_svt(bool errors) {
    setenv("SVT_LOG", errors ? "1" : "0", 0);
}

/// Sets up a pool of a device's frames for an encoder. Returns an AVERROR.
static inline int cffmpeg_make_hardware_frames(AVCodecContext *context, AVBufferRef *device,
                                               enum AVPixelFormat hardware, enum AVPixelFormat software) {
    AVBufferRef *reference = av_hwframe_ctx_alloc(device);
    if (!reference) return AVERROR(ENOMEM);
    AVHWFramesContext *frames = (AVHWFramesContext *)reference->data;
    frames->format = hardware;
    frames->sw_format = software;
    frames->width = context->width;
    frames->height = context->height;
    // More than the references, reordered pictures and pictures in flight of any encoder (FFmpeg's vaapi_encode example).
    frames->initial_pool_size = 20;
    int status = av_hwframe_ctx_init(reference);
    if (status >= 0) {
        context->pix_fmt = hardware;
        context->hw_frames_ctx = av_buffer_ref(reference);
        if (!context->hw_frames_ctx) status = AVERROR(ENOMEM);
    }
    av_buffer_unref(&reference);
    return status;
}

/// Gives an encoder a picture that is not output. Returns a status as avcodec_send_frame does.
static inline int cffmpeg_encoding_send_blank(AVCodecContext *context) {
    AVFrame *frame = av_frame_alloc();
    if (!frame) return AVERROR(ENOMEM);
    frame->format = context->pix_fmt;
    frame->width = context->width;
    frame->height = context->height;
    int status = av_frame_get_buffer(frame, 0);
    for (int plane = 0; status >= 0 && plane < AV_NUM_DATA_POINTERS && frame->buf[plane]; plane++)
        memset(frame->buf[plane]->data, 0, frame->buf[plane]->size);
    if (status >= 0) status = avcodec_send_frame(context, frame);
    av_frame_free(&frame);
    return status;
}

/// Opens an encoder, and leaves the calling thread as it was: SVT-AV1, where it runs as root, makes its caller a real-time
/// thread (SCHED_FIFO), and every thread that one starts later; an encoder that spins would then never let others run.
static inline int cffmpeg_encoding_open(AVCodecContext *context, const AVCodec *codec) {
    struct sched_param before;
    int policy = 0;
    const int known = pthread_getschedparam(pthread_self(), &policy, &before) == 0;
    const int status = avcodec_open2(context, codec, NULL);
    if (known) pthread_setschedparam(pthread_self(), policy, &before);
    return status;
}

#endif
