// libavformat, writing.
#ifndef SLUICE_CFFMPEG_MUXING_H
#define SLUICE_CFFMPEG_MUXING_H

#include <errno.h>
#include <libavcodec/avcodec.h>
#include <libavformat/avformat.h>
#include <libavutil/display.h>
#include <libavutil/mastering_display_metadata.h>
#include <libavutil/opt.h>
#include <libavutil/pixdesc.h>
#include <libavutil/spherical.h>
#include <string.h>

/// What `AVSEEK_SIZE` asks a seek callback for.
static const int cffmpeg_seek_size = AVSEEK_SIZE;

/// Sixteen kibibytes more than a pipe holds: larger writes pass the buffer by.
static const int cffmpeg_output_buffer_size = 80 * 1024;

/// An output that calls back. `seek` is NULL where bytes only ever follow each other. Free it with cffmpeg_output_free.
static inline AVIOContext *cffmpeg_output_alloc(void *opaque, int (*write)(void *, const uint8_t *, int),
                                                int64_t (*seek)(void *, int64_t, int)) {
    unsigned char *buffer = (unsigned char *)av_malloc((size_t)cffmpeg_output_buffer_size);
    if (!buffer) return NULL;
#if LIBAVFORMAT_VERSION_MAJOR >= 61
    AVIOContext *output = avio_alloc_context(buffer, cffmpeg_output_buffer_size, 1, opaque, NULL, write, seek);
#else
    // The bytes were never changed; only their type declares it since FFmpeg 7.
    typedef int (*write_function)(void *, uint8_t *, int);
    AVIOContext *output =
        avio_alloc_context(buffer, cffmpeg_output_buffer_size, 1, opaque, NULL, (write_function)write, seek);
#endif
    if (!output) av_free(buffer);
    return output;
}

/// Frees an output and its buffer. What is in the buffer is not written.
static inline void cffmpeg_output_free(AVIOContext **output) {
    if (*output) av_freep(&(*output)->buffer);
    avio_context_free(output);
}

/// Copies side data to a stream that has no header yet. Returns an AVERROR.
static inline int cffmpeg_stream_side_data(AVStream *stream, enum AVPacketSideDataType type, const void *bytes,
                                           size_t count) {
#if LIBAVFORMAT_VERSION_MAJOR >= 61
    AVCodecParameters *parameters = stream->codecpar;
    AVPacketSideData *made = av_packet_side_data_new(&parameters->coded_side_data, &parameters->nb_coded_side_data,
                                                     type, count, 0);
    uint8_t *data = made ? made->data : NULL;
#else
    uint8_t *data = av_stream_new_side_data(stream, type, count);
#endif
    if (!data) return AVERROR(ENOMEM);
    memcpy(data, bytes, count);
    return 0;
}

/// Sets a projection and its pose, in degrees, for a stream whose header is not written yet. Returns an AVERROR.
static inline int cffmpeg_stream_projection(AVStream *stream, int yaw, int roll) {
    size_t size = 0;
    AVSphericalMapping *mapping = av_spherical_alloc(&size);
    if (!mapping) return AVERROR(ENOMEM);
    mapping->projection = AV_SPHERICAL_EQUIRECTANGULAR;
    mapping->yaw = yaw * (1 << 16);
    mapping->roll = roll * (1 << 16);
    int status = cffmpeg_stream_side_data(stream, AV_PKT_DATA_SPHERICAL, mapping, size);
    av_free(mapping);
    return status;
}

/// Adds a chapter, with times in microseconds, to an output. Returns an AVERROR.
static inline int cffmpeg_add_chapter(AVFormatContext *context, int64_t start, int64_t end, const char *title) {
    AVChapter **chapters = (AVChapter **)av_realloc_array(context->chapters, context->nb_chapters + 1, sizeof(*chapters));
    if (!chapters) return AVERROR(ENOMEM);
    context->chapters = chapters;
    AVChapter *chapter = (AVChapter *)av_mallocz(sizeof(*chapter));
    if (!chapter) return AVERROR(ENOMEM);
    chapters[context->nb_chapters] = chapter;
    context->nb_chapters++;
    chapter->id = context->nb_chapters;
    chapter->time_base = (AVRational){1, 1000000};
    chapter->start = start;
    chapter->end = end;
    return av_dict_set(&chapter->metadata, "title", title, 0);
}

/// Copies bytes that a decoder needs before the first packet. Returns an AVERROR.
static inline int cffmpeg_set_extradata(AVCodecParameters *parameters, const uint8_t *bytes, size_t count) {
    uint8_t *data = (uint8_t *)av_mallocz(count + AV_INPUT_BUFFER_PADDING_SIZE);
    if (!data) return AVERROR(ENOMEM);
    memcpy(data, bytes, count);
    av_freep(&parameters->extradata);
    parameters->extradata = data;
    parameters->extradata_size = (int)count;
    return 0;
}

/// Whether the muxer of Matroska adds a track's `CodecDelay` to its times, which every reader takes off again: libavformat
/// up to 59.30.100 writes the element, and forgets about the times.
static inline int cffmpeg_matroska_adds_delay(void) {
    return avformat_version() > AV_VERSION_INT(59, 30, 100);
}

/// Copies side data to a packet. Returns an AVERROR.
static inline int cffmpeg_packet_side_data(AVPacket *packet, enum AVPacketSideDataType type, const uint8_t *bytes,
                                           size_t count) {
    uint8_t *data = av_packet_new_side_data(packet, type, count);
    if (!data) return AVERROR(ENOMEM);
    memcpy(data, bytes, count);
    return 0;
}

/// Adds the block addition 1 of Matroska to a packet: the chunk of the picture's transparency. Returns an AVERROR.
static inline int cffmpeg_packet_add_alpha(AVPacket *packet, const uint8_t *bytes, size_t count) {
    uint8_t *data = av_packet_new_side_data(packet, AV_PKT_DATA_MATROSKA_BLOCKADDITIONAL, count + 8);
    if (!data) return AVERROR(ENOMEM);
    memset(data, 0, 8);
    data[7] = 1;
    memcpy(data + 8, bytes, count);
    return 0;
}

#endif
