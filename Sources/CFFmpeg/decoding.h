// libavcodec, decoding.
#ifndef SLUICE_CFFMPEG_DECODING_H
#define SLUICE_CFFMPEG_DECODING_H

#include <libavcodec/avcodec.h>
#include <libavutil/imgutils.h>
#include <libavutil/intreadwrite.h>
#include <libavutil/pixdesc.h>
#include <string.h>

/// How long a picture is shown, in the time base of its packet; 0 if that is not known.
static inline int64_t cffmpeg_decoded_duration(const AVFrame *frame) {
#if LIBAVUTIL_VERSION_INT >= AV_VERSION_INT(57, 30, 100)
    return frame->duration;
#else
    return frame->pkt_duration;
#endif
}

/// A format that holds pictures of another one without loss: 4:4:4 for 4:4:0, 4:2:0 for gray of more than 8 bits. The format
/// itself if no other is needed.
static inline enum AVPixelFormat cffmpeg_expanded_format(enum AVPixelFormat format) {
    switch (format) {
    case AV_PIX_FMT_YUV440P: return AV_PIX_FMT_YUV444P;
    case AV_PIX_FMT_YUVJ440P: return AV_PIX_FMT_YUVJ444P;
    case AV_PIX_FMT_YUV440P10LE: return AV_PIX_FMT_YUV444P10LE;
    case AV_PIX_FMT_YUV440P12LE: return AV_PIX_FMT_YUV444P12LE;
    case AV_PIX_FMT_GRAY10LE: return AV_PIX_FMT_YUV420P10LE;
    case AV_PIX_FMT_GRAY12LE: return AV_PIX_FMT_YUV420P12LE;
    default: return format;
    }
}

/// Makes a picture of the size and with the properties of another one. Returns an AVERROR.
static inline int cffmpeg_make_like(const AVFrame *frame, enum AVPixelFormat format, AVFrame **made) {
    *made = av_frame_alloc();
    if (!*made) return AVERROR(ENOMEM);
    (*made)->format = format;
    (*made)->width = frame->width;
    (*made)->height = frame->height;
    int status = av_frame_get_buffer(*made, 0);
    if (status >= 0) status = av_frame_copy_props(*made, frame);
    if (status < 0) av_frame_free(made);
    return status;
}

/// Puts a picture in the place of another one, which is freed.
static inline void cffmpeg_replace_picture(AVFrame *frame, AVFrame *made) {
    av_frame_unref(frame);
    av_frame_move_ref(frame, made);
    av_frame_free(&made);
}

/// Copies planes of YUV to others with as many samples of chroma or more, each of which is one of the source's.
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
            if (across == 0) {
                memcpy(target, source, (size_t)width * bytes);
            } else {
                for (int x = 0; x < width; x++) memcpy(target + x * bytes, source + (x >> across) * bytes, (size_t)bytes);
            }
        }
    }
}

/// Whether every component of a format is a part of a word of 16 bits that is its own, of more than 8 bits.
static inline int cffmpeg_has_words(const AVPixFmtDescriptor *format) {
    const uint64_t other = AV_PIX_FMT_FLAG_PAL | AV_PIX_FMT_FLAG_BITSTREAM | AV_PIX_FMT_FLAG_HWACCEL | AV_PIX_FMT_FLAG_FLOAT;
    if (!format || format->flags & other) return 0;
    for (int index = 0; index < format->nb_components; index++) {
        const AVComponentDescriptor *part = &format->comp[index];
        if (part->depth <= 8 || part->depth + part->shift > 16 || part->offset % 2 || part->step % 2) return 0;
    }
    return 1;
}

/// A component of more bits: shifted for YUV, and with its highest bits repeated for RGB, whose whites have all bits.
static inline uint16_t cffmpeg_widened(unsigned value, int bits, int more, int repeats) {
    return (uint16_t)(value << more | (repeats ? value >> (bits - more) : 0));
}

/// Copies words of 16 bits of one format to those of another with as many components and no fewer bits, of at least half as
/// many as it has; each sample of chroma is one of the source's.
static inline void cffmpeg_copy_words(const AVFrame *from, AVFrame *to) {
    const AVPixFmtDescriptor *a = av_pix_fmt_desc_get((enum AVPixelFormat)from->format);
    const AVPixFmtDescriptor *b = av_pix_fmt_desc_get((enum AVPixelFormat)to->format);
    const int isRGB = (a->flags & AV_PIX_FMT_FLAG_RGB) != 0, isBig = (a->flags & AV_PIX_FMT_FLAG_BE) != 0;
    for (int index = 0; index < b->nb_components; index++) {
        const AVComponentDescriptor *read = &a->comp[index], *write = &b->comp[index];
        const int isChroma = !isRGB && (index == 1 || index == 2);
        const int across = isChroma ? a->log2_chroma_w - b->log2_chroma_w : 0;
        const int down = isChroma ? a->log2_chroma_h - b->log2_chroma_h : 0;
        const int width = isChroma ? AV_CEIL_RSHIFT(to->width, b->log2_chroma_w) : to->width;
        const int height = isChroma ? AV_CEIL_RSHIFT(to->height, b->log2_chroma_h) : to->height;
        const int more = write->depth - read->depth;
        for (int y = 0; y < height; y++) {
            const uint8_t *source = from->data[read->plane] + (ptrdiff_t)(y >> down) * from->linesize[read->plane];
            uint8_t *target = to->data[write->plane] + (ptrdiff_t)y * to->linesize[write->plane];
            for (int x = 0; x < width; x++) {
                const uint8_t *word = source + read->offset + (x >> across) * read->step;
                const unsigned value = (isBig ? AV_RB16(word) : AV_RL16(word)) >> read->shift & ((1u << read->depth) - 1);
                const unsigned wide = cffmpeg_widened(value, read->depth, more, isRGB);
                AV_WL16(target + write->offset + x * write->step, wide << write->shift);
            }
        }
    }
}

/// Copies gray of more than 8 bits to luma, and gives chroma the middle of its range.
static inline void cffmpeg_add_neutral_chroma(const AVFrame *from, AVFrame *to) {
    const AVPixFmtDescriptor *format = av_pix_fmt_desc_get((enum AVPixelFormat)to->format);
    for (int plane = 0; plane < 3; plane++) {
        const int width = plane ? AV_CEIL_RSHIFT(to->width, format->log2_chroma_w) : to->width;
        const int height = plane ? AV_CEIL_RSHIFT(to->height, format->log2_chroma_h) : to->height;
        for (int row = 0; row < height; row++) {
            uint8_t *target = to->data[plane] + (ptrdiff_t)row * to->linesize[plane];
            if (plane == 0) {
                memcpy(target, from->data[0] + (ptrdiff_t)row * from->linesize[0], (size_t)width * 2);
                continue;
            }
            for (int sample = 0; sample < width; sample++) {
                target[2 * sample] = 0;
                target[2 * sample + 1] = (uint8_t)(1 << (format->comp[0].depth - 9));
            }
        }
    }
}

/// Gives a picture its expanded format: each row of 4:4:0's chroma twice, neutral chroma for gray. Returns an AVERROR.
static inline int cffmpeg_expand_picture(AVFrame *frame) {
    const enum AVPixelFormat format = cffmpeg_expanded_format((enum AVPixelFormat)frame->format);
    if (format == (enum AVPixelFormat)frame->format) return 0;
    AVFrame *made = NULL;
    const int status = cffmpeg_make_like(frame, format, &made);
    if (status < 0) return status;
    if (av_pix_fmt_desc_get((enum AVPixelFormat)frame->format)->nb_components == 1) {
        cffmpeg_add_neutral_chroma(frame, made);
    } else {
        cffmpeg_repeat_chroma(frame, made);
    }
    cffmpeg_replace_picture(frame, made);
    return 0;
}

/// Gives a picture the luma of another one, of the same size, as its alpha; both are of 8 bits. Returns an AVERROR, which is
/// AVERROR_PATCHWELCOME for a format that has no name with alpha.
static inline int cffmpeg_add_alpha(AVFrame *frame, const AVFrame *alpha) {
    enum AVPixelFormat format;
    switch ((enum AVPixelFormat)frame->format) {
    case AV_PIX_FMT_YUV420P:
    case AV_PIX_FMT_YUVJ420P: format = AV_PIX_FMT_YUVA420P; break;
    case AV_PIX_FMT_YUV444P:
    case AV_PIX_FMT_YUVJ444P: format = AV_PIX_FMT_YUVA444P; break;
    default: return AVERROR_PATCHWELCOME;
    }
    const AVPixFmtDescriptor *own = av_pix_fmt_desc_get((enum AVPixelFormat)alpha->format);
    if (!own || own->comp[0].depth != 8 || own->comp[0].step != 1) return AVERROR_PATCHWELCOME;
    int room = 0;
    while (room < AV_NUM_DATA_POINTERS && frame->buf[room]) room++;
    AVBufferRef *luma = av_frame_get_plane_buffer((AVFrame *)alpha, 0);
    if (!luma || room == AV_NUM_DATA_POINTERS) return AVERROR_PATCHWELCOME;
    frame->buf[room] = av_buffer_ref(luma);
    if (!frame->buf[room]) return AVERROR(ENOMEM);
    frame->data[3] = alpha->data[0];
    frame->linesize[3] = alpha->linesize[0];
    if (frame->color_range == AVCOL_RANGE_UNSPECIFIED && frame->format != AV_PIX_FMT_YUV420P &&
        frame->format != AV_PIX_FMT_YUV444P)
        frame->color_range = AVCOL_RANGE_JPEG;
    frame->format = format;
    return 0;
}

/// When a picture is shown, by its packet or else by those before it; INT64_MIN if that is not known.
static inline int64_t cffmpeg_best_time(const AVFrame *frame) {
    return frame->best_effort_timestamp;
}

/// Gives a picture whose rows are from the bottom up rows from the top down. Returns an AVERROR.
static inline int cffmpeg_upright_picture(AVFrame *frame) {
    if (frame->linesize[0] >= 0) return 0;
    AVFrame *made = NULL;
    int status = cffmpeg_make_like(frame, (enum AVPixelFormat)frame->format, &made);
    if (status < 0) return status;
    status = av_frame_copy(made, frame);
    if (status < 0) {
        av_frame_free(&made);
        return status;
    }
    cffmpeg_replace_picture(frame, made);
    return 0;
}

/// What is lost when pictures of one format become another: flags of libavutil's, 0 for nothing.
static inline int cffmpeg_format_loss(enum AVPixelFormat target, enum AVPixelFormat source) {
    return av_get_pix_fmt_loss(target, source, 1);
}

/// Gives a decoder memory for a picture in one piece, its rows and planes without gaps, so that the picture can be taken as it
/// is. For decoders that write nothing outside of their pictures. Where rows would not be aligned, libavcodec gives the memory.
static inline int cffmpeg_get_packed_buffer(AVCodecContext *context, AVFrame *frame, int flags) {
    const enum AVPixelFormat format = (enum AVPixelFormat)frame->format;
    const AVPixFmtDescriptor *descriptor = av_pix_fmt_desc_get(format);
    int sizes[4] = {0};
    if (!descriptor || descriptor->flags & (AV_PIX_FMT_FLAG_PAL | AV_PIX_FMT_FLAG_HWACCEL) ||
        av_image_fill_linesizes(sizes, format, frame->width) < 0)
        return avcodec_default_get_buffer2(context, frame, flags);
    for (int plane = 0; plane < 4; plane++)
        if (sizes[plane] % 64) return avcodec_default_get_buffer2(context, frame, flags);
    const int bytes = av_image_get_buffer_size(format, frame->width, frame->height, 1);
    if (bytes < 0 || bytes > INT_MAX - AV_INPUT_BUFFER_PADDING_SIZE)
        return avcodec_default_get_buffer2(context, frame, flags);
    frame->buf[0] = av_buffer_alloc(bytes + AV_INPUT_BUFFER_PADDING_SIZE);
    if (!frame->buf[0]) return AVERROR(ENOMEM);
    const int status = av_image_fill_arrays(frame->data, frame->linesize, frame->buf[0]->data, format, frame->width,
                                            frame->height, 1);
    if (status < 0) {
        av_buffer_unref(&frame->buf[0]);
        return status;
    }
    frame->extended_data = frame->data;
    return 0;
}

/// Bytes of the buffers of a picture.
static inline int64_t cffmpeg_buffer_bytes(const AVFrame *frame) {
    int64_t bytes = 0;
    for (int number = 0; number < AV_NUM_DATA_POINTERS; number++)
        if (frame->buf[number]) bytes += (int64_t)frame->buf[number]->size;
    return bytes;
}

/// Every picture of the codec can be decoded by itself.
static inline int cffmpeg_is_intra_only(enum AVCodecID codec) {
    const AVCodecDescriptor *descriptor = avcodec_descriptor_get(codec);
    return descriptor && (descriptor->props & AV_CODEC_PROP_INTRA_ONLY) != 0;
}

/// The picture's rows are of two fields, of two times.
static inline int cffmpeg_is_interlaced(const AVFrame *frame) {
#ifdef AV_FRAME_FLAG_INTERLACED
    return (frame->flags & AV_FRAME_FLAG_INTERLACED) != 0;
#else
    return frame->interlaced_frame;
#endif
}

/// The field with the first row is the earlier one.
static inline int cffmpeg_is_top_field_first(const AVFrame *frame) {
#ifdef AV_FRAME_FLAG_TOP_FIELD_FIRST
    return (frame->flags & AV_FRAME_FLAG_TOP_FIELD_FIRST) != 0;
#else
    return frame->top_field_first;
#endif
}

/// What is written into the middle of every block of a picture before it is decoded. A block that still has it afterwards was
/// not in the stream: no coded picture has such bytes there but by a chance of one in 2^64.
static const uint64_t cffmpeg_mark = 0x9E3779B97F4A7C15u;

enum {
    /// Samples on a side of a block: the least that H.264 and HEVC code at a time.
    cffmpeg_block = 16,
    /// Where the marks are: farther from the edges than a neighbor's deblocking filter reaches, a row in each field.
    cffmpeg_mark_column = 4,
    cffmpeg_mark_row = 7
};

/// Whether a picture has rows in memory, of one byte a sample or two.
static inline int cffmpeg_sample_bytes(const AVFrame *frame) {
    const AVPixFmtDescriptor *format = av_pix_fmt_desc_get((enum AVPixelFormat)frame->format);
    if (!format || format->flags & AV_PIX_FMT_FLAG_HWACCEL || !frame->data[0]) return 0;
    return format->comp[0].step == 1 || format->comp[0].step == 2 ? format->comp[0].step : 0;
}

/// Gives a decoder memory for a picture, as libavcodec itself does, with a mark in every block.
static int cffmpeg_get_marked_buffer(AVCodecContext *context, AVFrame *frame, int flags) {
    const int status = avcodec_default_get_buffer2(context, frame, flags);
    if (status < 0) return status;
    const int bytes = cffmpeg_sample_bytes(frame);
    if (!bytes) return status;
    for (int y = cffmpeg_mark_row; y + 1 < frame->height; y += cffmpeg_block) {
        for (int x = cffmpeg_mark_column; x + 8 <= frame->width; x += cffmpeg_block) {
            uint8_t *place = frame->data[0] + (ptrdiff_t)y * frame->linesize[0] + x * bytes;
            memcpy(place, &cffmpeg_mark, sizeof cffmpeg_mark);
            memcpy(place + frame->linesize[0], &cffmpeg_mark, sizeof cffmpeg_mark);
        }
    }
    return status;
}

/// Has a decoder mark its pictures.
static inline void cffmpeg_mark_pictures(AVCodecContext *context) {
    context->get_buffer2 = cffmpeg_get_marked_buffer;
}

/// Blocks of a picture that was decoded into marked memory that were not in the stream. Those that are not shown do not
/// count; `first` becomes the place of the first of them, in samples of what is shown.
static inline int cffmpeg_unpainted_blocks(const AVFrame *frame, int first[2]) {
    const int bytes = cffmpeg_sample_bytes(frame);
    if (!bytes || !frame->buf[0] || frame->linesize[0] <= 0) return 0;
    // Cropping has moved the beginning.
    const ptrdiff_t moved = frame->data[0] - frame->buf[0]->data;
    const int top = (int)(moved / frame->linesize[0]), left = (int)(moved % frame->linesize[0]) / bytes;
    int count = 0;
    for (int y = cffmpeg_mark_row; y + 1 < top + frame->height; y += cffmpeg_block) {
        if (y < top) continue;
        for (int x = cffmpeg_mark_column; x + 8 <= left + frame->width; x += cffmpeg_block) {
            if (x < left) continue;
            const uint8_t *place = frame->buf[0]->data + (ptrdiff_t)y * frame->linesize[0] + x * bytes;
            if (memcmp(place, &cffmpeg_mark, sizeof cffmpeg_mark) &&
                memcmp(place + frame->linesize[0], &cffmpeg_mark, sizeof cffmpeg_mark))
                continue;
            if (count++ == 0) {
                first[0] = x - cffmpeg_mark_column > left ? x - cffmpeg_mark_column - left : 0;
                first[1] = y - cffmpeg_mark_row > top ? y - cffmpeg_mark_row - top : 0;
            }
        }
    }
    return count;
}

#endif
