// libswscale.
#ifndef SLUICE_CFFMPEG_SCALING_H
#define SLUICE_CFFMPEG_SCALING_H

#include <errno.h>
#include <libavutil/error.h>
#include <libavutil/frame.h>
#include <libavutil/imgutils.h>
#include <libavutil/opt.h>
#include <libavutil/pixdesc.h>
#include <libavutil/pixfmt.h>
#include <libswscale/swscale.h>

#include "decoding.h"

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

/// Whether libswscale would invent something between two formats of words of 16 bits: it stretches chroma of an odd number of
/// rows, and takes planes of RGB of other depths through YUV.
static inline int cffmpeg_needs_copied_words(enum AVPixelFormat from, enum AVPixelFormat to) {
    const AVPixFmtDescriptor *a = av_pix_fmt_desc_get(from), *b = av_pix_fmt_desc_get(to);
    if (!cffmpeg_has_words(a) || !cffmpeg_has_words(b) || b->flags & AV_PIX_FMT_FLAG_BE) return 0;
    if (a->nb_components != b->nb_components || (a->flags ^ b->flags) & AV_PIX_FMT_FLAG_RGB) return 0;
    for (int index = 0; index < a->nb_components; index++) {
        if (b->comp[index].depth < a->comp[index].depth || b->comp[index].depth > 2 * a->comp[index].depth) return 0;
    }
    if (a->flags & AV_PIX_FMT_FLAG_RGB) return a->flags & b->flags & AV_PIX_FMT_FLAG_PLANAR && a->comp[0].depth != b->comp[0].depth;
    return a->log2_chroma_w >= b->log2_chroma_w && a->log2_chroma_h >= b->log2_chroma_h &&
           (a->log2_chroma_w != b->log2_chroma_w || a->log2_chroma_h != b->log2_chroma_h);
}

/// Gray floats as three equal planes, which libswscale takes through YUV.
static inline int cffmpeg_is_gray_as_rgb(enum AVPixelFormat from, enum AVPixelFormat to) {
    return from == AV_PIX_FMT_GRAYF32LE && to == AV_PIX_FMT_GBRPF32LE;
}

static inline void cffmpeg_repeat_gray(const AVFrame *frame, AVFrame *made) {
    for (int plane = 0; plane < 3; plane++)
        av_image_copy_plane(made->data[plane], made->linesize[plane], frame->data[0], frame->linesize[0],
                            frame->width * (int)sizeof(float), frame->height);
}

/// Scales into a picture of the same size and another format. Returns an AVERROR.
static inline int cffmpeg_repack(const AVFrame *frame, AVFrame *made, struct SwsContext **context) {
    *context = sws_getCachedContext(*context, frame->width, frame->height, (enum AVPixelFormat)frame->format, made->width,
                                    made->height, (enum AVPixelFormat)made->format, SWS_POINT | SWS_ACCURATE_RND, NULL,
                                    NULL, NULL);
    if (!*context) return AVERROR(ENOSYS);
    const int *table = sws_getCoefficients(SWS_CS_DEFAULT);
    // Luma of limited range grows by a factor of two a bit; that of full range reaches the highest value.
    const int is_full = frame->color_range != AVCOL_RANGE_MPEG;
    sws_setColorspaceDetails(*context, table, is_full, table, is_full, 0, 1 << 16, 1 << 16);
    const int rows = sws_scale(*context, (const uint8_t *const *)frame->data, frame->linesize, 0, frame->height, made->data,
                               made->linesize);
    return rows == frame->height ? 0 : rows < 0 ? rows : AVERROR_EXTERNAL;
}

/// Gives a picture another format that loses nothing: chroma is repeated, and the range stays. `context` is kept between
/// pictures of one kind; free it with sws_freeContext. Returns an AVERROR.
static inline int cffmpeg_reformat_picture(AVFrame *frame, enum AVPixelFormat format, struct SwsContext **context) {
    AVFrame *made = NULL;
    int status = cffmpeg_make_like(frame, format, &made);
    if (status < 0) return status;
    if (cffmpeg_is_gray_as_rgb((enum AVPixelFormat)frame->format, format)) {
        cffmpeg_repeat_gray(frame, made);
    } else if (cffmpeg_differs_in_chroma((enum AVPixelFormat)frame->format, format)) {
        cffmpeg_repeat_chroma(frame, made);
    } else if (cffmpeg_needs_copied_words((enum AVPixelFormat)frame->format, format)) {
        cffmpeg_copy_words(frame, made);
    } else {
        status = cffmpeg_repack(frame, made, context);
    }
    if (status < 0) {
        av_frame_free(&made);
        return status;
    }
    cffmpeg_replace_picture(frame, made);
    return 0;
}

#endif
