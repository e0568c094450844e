// libavformat, reading.
#ifndef SLUICE_CFFMPEG_DEMUXING_H
#define SLUICE_CFFMPEG_DEMUXING_H

#include <errno.h>
#include <libavcodec/avcodec.h>
#include <libavformat/avformat.h>
#include <libavutil/display.h>
#include <libavutil/encryption_info.h>
#include <libavutil/mastering_display_metadata.h>

/// A time that is not known.
static const int64_t cffmpeg_no_time = AV_NOPTS_VALUE;

/// Bytes that are asked for at once.
static const int cffmpeg_input_buffer_size = 64 * 1024;

/// An input that calls back. `seek` is NULL where bytes only ever follow each other. Free it with cffmpeg_input_free.
static inline AVIOContext *cffmpeg_input_alloc(void *opaque, int (*read)(void *, uint8_t *, int),
                                               int64_t (*seek)(void *, int64_t, int)) {
    unsigned char *buffer = (unsigned char *)av_malloc((size_t)cffmpeg_input_buffer_size);
    if (!buffer) return NULL;
    AVIOContext *input = avio_alloc_context(buffer, cffmpeg_input_buffer_size, 0, opaque, read, NULL, seek);
    if (!input) {
        av_free(buffer);
        return NULL;
    }
    input->seekable = seek ? AVIO_SEEKABLE_NORMAL : 0;
    return input;
}

/// Frees an input and its buffer.
static inline void cffmpeg_input_free(AVIOContext **input) {
    if (*input) av_freep(&(*input)->buffer);
    avio_context_free(input);
}

/// Files may name others (references, sidecars): none of them is opened.
static inline int cffmpeg_open_nothing(struct AVFormatContext *context, AVIOContext **opened, const char *url, int flags,
                                       AVDictionary **options) {
    (void)context, (void)opened, (void)url, (void)flags, (void)options;
    return AVERROR(EPERM);
}

/// A demuxer of an input, not open yet, for the formats of a list and without any protocol. The input stays the caller's.
///
/// Demuxers that open others make contexts of their own and hand them the two lists, but not `io_open`.
static inline AVFormatContext *cffmpeg_demuxer_alloc(AVIOContext *input, const char *formats) {
    AVFormatContext *context = avformat_alloc_context();
    if (!context) return NULL;
    context->pb = input;
    context->flags |= AVFMT_FLAG_CUSTOM_IO;
    context->io_open = cffmpeg_open_nothing;
    context->format_whitelist = av_strdup(formats);
    context->protocol_whitelist = av_strdup("");
    if (context->format_whitelist && context->protocol_whitelist) return context;
    avformat_free_context(context);
    return NULL;
}

/// Side data of a stream, or NULL.
static inline const uint8_t *cffmpeg_stream_data(const AVStream *stream, enum AVPacketSideDataType type, size_t *size) {
    *size = 0;
#if LIBAVFORMAT_VERSION_MAJOR >= 61
    const AVPacketSideData *data = av_packet_side_data_get(stream->codecpar->coded_side_data,
                                                           stream->codecpar->nb_coded_side_data, type);
    if (!data) return NULL;
    *size = data->size;
    return data->data;
#else
    return av_stream_get_side_data(stream, type, size);
#endif
}

/// The scheme (`cenc` and others) by which a packet is encrypted, as the number of its four characters; 0 if it is not.
static inline uint32_t cffmpeg_encryption_scheme(const AVPacket *packet) {
    size_t size = 0;
    const uint8_t *data = av_packet_get_side_data(packet, AV_PKT_DATA_ENCRYPTION_INFO, &size);
    if (!data) return 0;
    AVEncryptionInfo *info = av_encryption_info_get_side_data(data, size);
    uint32_t scheme = info && info->scheme ? info->scheme : MKBETAG('u', 'n', 'k', 'n');
    av_encryption_info_free(info);
    return scheme;
}

/// Packets of a file whose index is complete from the beginning on: those of an MP4 without fragments. 0 elsewhere.
static inline int cffmpeg_index_entries(const AVStream *stream) {
    return stream->nb_frames > 0 ? avformat_index_get_entries_count(stream) : 0;
}

#endif
