// libswscale.
#ifndef SLUICE_CFFMPEG_SCALING_H
#define SLUICE_CFFMPEG_SCALING_H

#include <errno.h>
#include <libavutil/error.h>
#include <libavutil/frame.h>
#include <libavutil/opt.h>
#include <libavutil/pixdesc.h>
#include <libavutil/pixfmt.h>
#include <string.h>
#include <libswscale/swscale.h>

/// `SWS_CS_ITU709` and others are macros; since FFmpeg 0.11, their tables are indexed by H.273's code points.
static inline const int *cffmpeg_coefficients(int matrix) {
    return sws_getCoefficients(matrix);
}

/// Allocates a context and sets what `sws_getContext` has no arguments for. Free it with sws_freeContext.
static inline struct SwsContext *cffmpeg_scaler(int source_width, int source_height, enum AVPixelFormat source,
                                                int target_width, int target_height, enum AVPixelFormat target,
                                                const int source_chroma[2], const int target_chroma[2]) {
    struct SwsContext *context = sws_alloc_context();
    if (!context) return NULL;
    av_opt_set_int(context, "srcw", source_width, 0);
    av_opt_set_int(context, "srch", source_height, 0);
    av_opt_set_int(context, "src_format", source, 0);
    av_opt_set_int(context, "dstw", target_width, 0);
    av_opt_set_int(context, "dsth", target_height, 0);
    av_opt_set_int(context, "dst_format", target, 0);
    av_opt_set_int(context, "src_h_chr_pos", source_chroma[0], 0);
    av_opt_set_int(context, "src_v_chr_pos", source_chroma[1], 0);
    av_opt_set_int(context, "dst_h_chr_pos", target_chroma[0], 0);
    av_opt_set_int(context, "dst_v_chr_pos", target_chroma[1], 0);
    av_opt_set_int(context, "sws_flags", SWS_BICUBIC | SWS_ACCURATE_RND | SWS_FULL_CHR_H_INT | SWS_FULL_CHR_H_INP, 0);
    return context;
}

/// Whether two formats are planes of YUV that differ in nothing but how many pixels share a sample of chroma.
static inline int cffmpeg_differs_in_chroma(enum AVPixelFormat from, enum AVPixelFormat to) {
    const AVPixFmtDescriptor *a = av_pix_fmt_desc_get(from), *b = av_pix_fmt_desc_get(to);
    const uint64_t kind = AV_PIX_FMT_FLAG_PLANAR | AV_PIX_FMT_FLAG_RGB | AV_PIX_FMT_FLAG_BE;
    if (!a || !b || (a->flags & kind) != AV_PIX_FMT_FLAG_PLANAR || (b->flags & kind) != AV_PIX_FMT_FLAG_PLANAR) return 0;
    return a->nb_components == 3 && b->nb_components == 3 && a->comp[0].depth == b->comp[0].depth &&
           a->comp[1].plane == 1 && a->comp[2].plane == 2 && b->comp[1].plane == 1 && b->comp[2].plane == 2 &&
           a->comp[1].step == b->comp[1].step;
}

/// Copies planes of YUV to others with more samples of chroma, each of which is one of the source's.
static inline void cffmpeg_repeat_chroma(const AVFrame *from, AVFrame *to) {
    const AVPixFmtDescriptor *a = av_pix_fmt_desc_get((enum AVPixelFormat)from->format);
    const AVPixFmtDescriptor *b = av_pix_fmt_desc_get((enum AVPixelFormat)to->format);
    const int bytes = a->comp[0].step;
    for (int plane = 0; plane < 3; plane++) {
        const int across = plane ? a->log2_chroma_w - b->log2_chroma_w : 0;
        const int down = plane ? a->log2_chroma_h - b->log2_chroma_h : 0;
        const int width = plane ? AV_CEIL_RSHIFT(to->width, b->log2_chroma_w) : to->width;
        const int height = plane ? AV_CEIL_RSHIFT(to->height, b->log2_chroma_h) : to->height;
        for (int row = 0; row < height; row++) {
            uint8_t *target = to->data[plane] + (ptrdiff_t)row * to->linesize[plane];
            const uint8_t *source = from->data[plane] + (ptrdiff_t)(row >> down) * from->linesize[plane];
            for (int x = 0; x < width; x++) memcpy(target + x * bytes, source + (x >> across) * bytes, (size_t)bytes);
        }
    }
}

/// Gives a picture another format that loses nothing: chroma is repeated, and the range stays. `context` is kept between
/// pictures of one kind; free it with sws_freeContext. Returns an AVERROR.
static inline int cffmpeg_reformat_picture(AVFrame *frame, enum AVPixelFormat format, struct SwsContext **context) {
    const int repeats = cffmpeg_differs_in_chroma((enum AVPixelFormat)frame->format, format);
    if (!repeats) {
        *context = sws_getCachedContext(*context, frame->width, frame->height, (enum AVPixelFormat)frame->format, frame->width,
                                        frame->height, format, SWS_POINT | SWS_ACCURATE_RND, NULL, NULL, NULL);
        if (!*context) return AVERROR(ENOSYS);
        const int *table = sws_getCoefficients(SWS_CS_DEFAULT);
        sws_setColorspaceDetails(*context, table, 1, table, 1, 0, 1 << 16, 1 << 16);
    }
    AVFrame *made = av_frame_alloc();
    if (!made) return AVERROR(ENOMEM);
    made->format = format;
    made->width = frame->width;
    made->height = frame->height;
    int status = av_frame_get_buffer(made, 0);
    if (status >= 0) status = av_frame_copy_props(made, frame);
    if (status >= 0 && repeats) cffmpeg_repeat_chroma(frame, made);
    if (status >= 0 && !repeats) {
        const int rows = sws_scale(*context, (const uint8_t *const *)frame->data, frame->linesize, 0, frame->height,
                                   made->data, made->linesize);
        if (rows != frame->height) status = rows < 0 ? rows : AVERROR_EXTERNAL;
    }
    if (status >= 0) {
        av_frame_unref(frame);
        av_frame_move_ref(frame, made);
    }
    av_frame_free(&made);
    return status;
}

#endif
