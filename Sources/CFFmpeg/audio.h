// Audio: what an encoder takes, and samples in frames.
#ifndef SLUICE_CFFMPEG_AUDIO_H
#define SLUICE_CFFMPEG_AUDIO_H

#include <errno.h>
#include <libavcodec/avcodec.h>
#include <libavutil/channel_layout.h>
#include <libavutil/error.h>
#include <libavutil/samplefmt.h>
#include <stdio.h>
#include <string.h>

/// What an encoder takes: lists that end with 0, -1 or an empty layout; NULL is everything.
static inline const int *cffmpeg_sample_rates(const AVCodec *codec) {
#if LIBAVCODEC_VERSION_INT >= AV_VERSION_INT(61, 13, 100)
    const void *list = NULL;
    avcodec_get_supported_config(NULL, codec, AV_CODEC_CONFIG_SAMPLE_RATE, 0, &list, NULL);
    return (const int *)list;
#else
    return codec->supported_samplerates;
#endif
}

static inline const enum AVSampleFormat *cffmpeg_sample_formats(const AVCodec *codec) {
#if LIBAVCODEC_VERSION_INT >= AV_VERSION_INT(61, 13, 100)
    const void *list = NULL;
    avcodec_get_supported_config(NULL, codec, AV_CODEC_CONFIG_SAMPLE_FORMAT, 0, &list, NULL);
    return (const enum AVSampleFormat *)list;
#else
    return codec->sample_fmts;
#endif
}

static inline const AVChannelLayout *cffmpeg_channel_layouts(const AVCodec *codec) {
#if LIBAVCODEC_VERSION_INT >= AV_VERSION_INT(61, 13, 100)
    const void *list = NULL;
    avcodec_get_supported_config(NULL, codec, AV_CODEC_CONFIG_CHANNEL_LAYOUT, 0, &list, NULL);
    return (const AVChannelLayout *)list;
#else
    return codec->ch_layouts;
#endif
}

/// The rate that an encoder takes for one of the source: the same, else the next higher, else its highest.
static inline int cffmpeg_choose_rate(const AVCodec *codec, int rate) {
    const int *list = cffmpeg_sample_rates(codec);
    if (!list) return rate;
    int higher = 0, highest = 0;
    for (; *list; list++) {
        if (*list >= rate && (!higher || *list < higher)) higher = *list;
        if (*list > highest) highest = *list;
    }
    return higher ? higher : highest;
}

/// The layout of a stream's channels: libavutil's usual one where the stream has only their number. Returns an AVERROR.
static inline int cffmpeg_named_layout(const AVChannelLayout *source, AVChannelLayout *named) {
    if (source->order == AV_CHANNEL_ORDER_NATIVE) return av_channel_layout_copy(named, source);
    av_channel_layout_default(named, source->nb_channels);
    return named->order == AV_CHANNEL_ORDER_NATIVE ? 0 : AVERROR(EINVAL);
}

/// The layout that an encoder takes for one of the source: the same, else one of as many channels. Returns an AVERROR.
static inline int cffmpeg_choose_layout(const AVCodec *codec, const AVChannelLayout *source, AVChannelLayout *chosen) {
    AVChannelLayout named = {0};
    int status = cffmpeg_named_layout(source, &named);
    const AVChannelLayout *same = NULL, *like = NULL, *list = cffmpeg_channel_layouts(codec);
    for (const AVChannelLayout *own = list; status >= 0 && own && own->nb_channels; own++) {
        if (!av_channel_layout_compare(own, &named)) same = own;
        if (!like && own->nb_channels == named.nb_channels) like = own;
    }
    if (status >= 0) {
        const AVChannelLayout *best = !list ? &named : same ? same : like;
        status = best ? av_channel_layout_copy(chosen, best) : AVERROR(EINVAL);
    }
    av_channel_layout_uninit(&named);
    return status;
}

/// The sample format that an encoder takes for one of the source: the same, planar or not, else its most exact.
static inline enum AVSampleFormat cffmpeg_choose_format(const AVCodec *codec, enum AVSampleFormat source) {
    const enum AVSampleFormat *list = cffmpeg_sample_formats(codec);
    if (!list) return source;
    enum AVSampleFormat largest = *list;
    for (; *list != AV_SAMPLE_FMT_NONE; list++) {
        if (av_get_packed_sample_fmt(*list) == av_get_packed_sample_fmt(source)) return *list;
        if (av_get_bytes_per_sample(*list) > av_get_bytes_per_sample(largest)) largest = *list;
    }
    return largest;
}

/// What an abuffer filter is told of frames like one. Returns an AVERROR.
static inline int cffmpeg_describe_samples(const AVFrame *frame, char *text, size_t size) {
    char layout[128] = "";
    int status = av_channel_layout_describe(&frame->ch_layout, layout, sizeof layout);
    if (status < 0) return status;
    int length = snprintf(text, size, "time_base=1/%d:sample_rate=%d:sample_fmt=%s:channel_layout=%s",
                          frame->sample_rate, frame->sample_rate,
                          av_get_sample_fmt_name((enum AVSampleFormat)frame->format), layout);
    return length > 0 && (size_t)length < size ? 0 : AVERROR(EINVAL);
}

/// What an aformat filter is told of what an encoder takes. Returns an AVERROR.
static inline int cffmpeg_describe_input(const AVCodecContext *encoder, char *text, size_t size) {
    char layout[128] = "";
    int status = av_channel_layout_describe(&encoder->ch_layout, layout, sizeof layout);
    if (status < 0) return status;
    int length = snprintf(text, size, "sample_fmts=%s:sample_rates=%d:channel_layouts=%s",
                          av_get_sample_fmt_name(encoder->sample_fmt), encoder->sample_rate, layout);
    return length > 0 && (size_t)length < size ? 0 : AVERROR(EINVAL);
}

/// Whether two frames hold samples of one kind.
static inline int cffmpeg_same_samples(const AVFrame *one, const AVFrame *other) {
    return one->format == other->format && one->sample_rate == other->sample_rate &&
           !av_channel_layout_compare(&one->ch_layout, &other->ch_layout);
}

/// Gives a frame the usual layout of its number of channels, where it has no layout. Returns an AVERROR.
static inline int cffmpeg_name_layout(AVFrame *frame) {
    AVChannelLayout named = {0};
    int status = cffmpeg_named_layout(&frame->ch_layout, &named);
    if (status >= 0) status = av_channel_layout_copy(&frame->ch_layout, &named);
    av_channel_layout_uninit(&named);
    return status;
}

/// Makes a frame with some of the samples of another, which it copies; silence if `first` is below 0. Returns an AVERROR.
static inline int cffmpeg_copy_samples(AVFrame *target, const AVFrame *source, int first, int count) {
    av_frame_unref(target);
    target->format = source->format;
    target->sample_rate = source->sample_rate;
    target->nb_samples = count;
    int status = av_channel_layout_copy(&target->ch_layout, &source->ch_layout);
    if (status >= 0) status = av_frame_get_buffer(target, 0);
    if (status < 0) return status;
    enum AVSampleFormat format = (enum AVSampleFormat)source->format;
    int channels = source->ch_layout.nb_channels;
    return first < 0 ? av_samples_set_silence(target->extended_data, 0, count, channels, format)
                     : av_samples_copy(target->extended_data, source->extended_data, 0, first, count, channels, format);
}

/// Gives a stream's parameters to an encoder that is not open: layout and format for samples of `source` channels.
static inline int cffmpeg_set_audio_encoder(AVCodecContext *encoder, const AVCodec *codec, const AVChannelLayout *source,
                                            int rate, enum AVSampleFormat format) {
    encoder->sample_rate = cffmpeg_choose_rate(codec, rate);
    encoder->time_base = (AVRational){1, encoder->sample_rate};
    encoder->sample_fmt = cffmpeg_choose_format(codec, format);
    encoder->flags |= AV_CODEC_FLAG_BITEXACT | AV_CODEC_FLAG_GLOBAL_HEADER;
    return cffmpeg_choose_layout(codec, source, &encoder->ch_layout);
}

/// Copies bytes into an empty packet. Returns an AVERROR.
static inline int cffmpeg_fill_packet(AVPacket *packet, const uint8_t *bytes, size_t count) {
    int status = av_new_packet(packet, (int)count);
    if (status >= 0) memcpy(packet->data, bytes, count);
    return status;
}

/// Whether a codec drops what is not heard.
static inline int cffmpeg_is_lossy(enum AVCodecID codec) {
    const AVCodecDescriptor *descriptor = avcodec_descriptor_get(codec);
    return descriptor && !(descriptor->props & AV_CODEC_PROP_LOSSLESS);
}

#endif
