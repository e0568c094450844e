// libswscale.
#ifndef SLUICE_CFFMPEG_SCALING_H
#define SLUICE_CFFMPEG_SCALING_H

#include <libavutil/opt.h>
#include <libavutil/pixfmt.h>
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

#endif
