// libavfilter, which is loaded when the first graph is made: linking it would make every start of the program load its dozens of
// libraries, for a few runs that filter pictures.
#ifndef SLUICE_CFFMPEG_FILTERING_H
#define SLUICE_CFFMPEG_FILTERING_H

#include <dlfcn.h>
#include <libavfilter/avfilter.h>
#include <libavfilter/buffersink.h>
#include <libavfilter/buffersrc.h>
#include <libavfilter/version.h>
#include <libavutil/buffer.h>
#include <libavutil/imgutils.h>
#include <libavutil/opt.h>
#include <stdbool.h>

#define CFFMPEG_TEXT(value) #value
#define CFFMPEG_VALUE(value) CFFMPEG_TEXT(value)
#ifdef __APPLE__
#define CFFMPEG_FILTER_LIBRARY "libavfilter." CFFMPEG_VALUE(LIBAVFILTER_VERSION_MAJOR) ".dylib"
#else
#define CFFMPEG_FILTER_LIBRARY "libavfilter.so." CFFMPEG_VALUE(LIBAVFILTER_VERSION_MAJOR)
#endif

/// The file of the library: of the version whose headers this was built with.
static const char *const cffmpeg_filter_library = CFFMPEG_FILTER_LIBRARY;

/// The functions of libavfilter that Sluice calls.
typedef struct cffmpeg_filters {
    AVFilterGraph *(*allocate)(void);
    void (*release)(AVFilterGraph **);
    const AVFilter *(*find)(const char *);
    AVFilterContext *(*add)(AVFilterGraph *, const AVFilter *, const char *);
    int (*initialize)(AVFilterContext *, const char *);
    int (*parse)(AVFilterGraph *, const char *, AVFilterInOut **, AVFilterInOut **);
    void (*release_ends)(AVFilterInOut **);
    int (*link)(AVFilterContext *, unsigned, AVFilterContext *, unsigned);
    int (*configure)(AVFilterGraph *, void *);
    AVBufferSrcParameters *(*make_parameters)(void);
    int (*set_parameters)(AVFilterContext *, AVBufferSrcParameters *);
    int (*send)(AVFilterContext *, AVFrame *, int);
    int (*finish)(AVFilterContext *, int64_t, unsigned);
    int (*receive)(AVFilterContext *, AVFrame *);
    AVRational (*time_base)(const AVFilterContext *);
    AVRational (*frame_rate)(const AVFilterContext *);
    enum AVMediaType (*pad_type)(const AVFilterPad *, int);
    unsigned (*version)(void);
} cffmpeg_filters;

/// Loads the library; false if it is not there, or not whole.
static inline bool cffmpeg_load_filters(cffmpeg_filters *functions) {
    void *library = dlopen(cffmpeg_filter_library, RTLD_NOW | RTLD_LOCAL);
    if (!library) return false;
    *(void **)&functions->allocate = dlsym(library, "avfilter_graph_alloc");
    *(void **)&functions->release = dlsym(library, "avfilter_graph_free");
    *(void **)&functions->find = dlsym(library, "avfilter_get_by_name");
    *(void **)&functions->add = dlsym(library, "avfilter_graph_alloc_filter");
    *(void **)&functions->initialize = dlsym(library, "avfilter_init_str");
    *(void **)&functions->parse = dlsym(library, "avfilter_graph_parse2");
    *(void **)&functions->release_ends = dlsym(library, "avfilter_inout_free");
    *(void **)&functions->link = dlsym(library, "avfilter_link");
    *(void **)&functions->configure = dlsym(library, "avfilter_graph_config");
    *(void **)&functions->make_parameters = dlsym(library, "av_buffersrc_parameters_alloc");
    *(void **)&functions->set_parameters = dlsym(library, "av_buffersrc_parameters_set");
    *(void **)&functions->send = dlsym(library, "av_buffersrc_add_frame_flags");
    *(void **)&functions->finish = dlsym(library, "av_buffersrc_close");
    *(void **)&functions->receive = dlsym(library, "av_buffersink_get_frame");
    *(void **)&functions->time_base = dlsym(library, "av_buffersink_get_time_base");
    *(void **)&functions->frame_rate = dlsym(library, "av_buffersink_get_frame_rate");
    *(void **)&functions->pad_type = dlsym(library, "avfilter_pad_get_type");
    *(void **)&functions->version = dlsym(library, "avfilter_version");
    return functions->allocate && functions->release && functions->find && functions->add && functions->initialize &&
           functions->parse && functions->release_ends && functions->link && functions->configure &&
           functions->make_parameters && functions->set_parameters && functions->send && functions->finish &&
           functions->receive &&
           functions->time_base && functions->frame_rate && functions->pad_type && functions->version;
}

/// Makes the source of a graph. `picture` has the format, size, aspect ratio and color of the pictures that will come. Returns
/// NULL if it is refused.
static inline AVFilterContext *cffmpeg_filter_source(const cffmpeg_filters *functions, AVFilterGraph *graph,
                                                     const AVFrame *picture, AVRational time_base,
                                                     AVRational frame_rate) {
    const AVFilter *kind = functions->find("buffer");
    AVFilterContext *source = kind ? functions->add(graph, kind, "in") : NULL;
    AVBufferSrcParameters *parameters = source ? functions->make_parameters() : NULL;
    if (!parameters) return NULL;
    parameters->format = picture->format;
    parameters->width = picture->width;
    parameters->height = picture->height;
    parameters->sample_aspect_ratio = picture->sample_aspect_ratio;
    parameters->time_base = time_base;
    parameters->frame_rate = frame_rate;
#if LIBAVFILTER_VERSION_MAJOR >= 10
    parameters->color_space = picture->colorspace;
    parameters->color_range = picture->color_range;
#endif
    int status = functions->set_parameters(source, parameters);
    av_free(parameters);
    if (status >= 0) status = functions->initialize(source, NULL);
    return status >= 0 ? source : NULL;
}

/// Makes a filter of a graph; NULL if it is refused.
static inline AVFilterContext *cffmpeg_make_filter(const cffmpeg_filters *functions, AVFilterGraph *graph,
                                                   const char *kind, const char *name, const char *options) {
    const AVFilter *filter = functions->find(kind);
    AVFilterContext *context = filter ? functions->add(graph, filter, name) : NULL;
    return context && functions->initialize(context, options) >= 0 ? context : NULL;
}

/// Whether a list of open ends has exactly one, and that is of video.
static inline bool cffmpeg_is_one_picture_end(const cffmpeg_filters *functions, const AVFilterInOut *end,
                                              bool is_input) {
    if (!end || end->next) return false;
    const AVFilterContext *filter = end->filter_ctx;
    const AVFilterPad *pads = is_input ? filter->input_pads : filter->output_pads;
    return functions->pad_type(pads, end->pad_idx) == AVMEDIA_TYPE_VIDEO;
}

/// Gives a frame memory from a pool, which is made with the first. All rows begin at multiples of 64 bytes: the widest
/// instructions of zimg need that, and av_frame_get_buffer does not promise it. Returns an AVERROR.
static inline int cffmpeg_get_aligned_buffer(AVFrame *frame, AVBufferPool **pool) {
    enum { alignment = 64 };
    enum AVPixelFormat format = (enum AVPixelFormat)frame->format;
    ptrdiff_t strides[4];
    size_t sizes[4], total = alignment;
    int status = av_image_fill_linesizes(frame->linesize, format, FFALIGN(frame->width, alignment));
    if (status < 0) return status;
    for (int plane = 0; plane < 4; plane++) {
        frame->linesize[plane] = FFALIGN(frame->linesize[plane], alignment);
        strides[plane] = frame->linesize[plane];
    }
    status = av_image_fill_plane_sizes(sizes, format, FFALIGN(frame->height, 32), strides);
    if (status < 0) return status;
    for (int plane = 0; plane < 4; plane++) total += sizes[plane] + alignment;
    if (!*pool) *pool = av_buffer_pool_init(total, NULL);
    frame->buf[0] = *pool ? av_buffer_pool_get(*pool) : NULL;
    if (!frame->buf[0]) return AVERROR(ENOMEM);
    uint8_t *start = (uint8_t *)FFALIGN((uintptr_t)frame->buf[0]->data, alignment);
    for (int plane = 0; plane < 4; plane++) {
        frame->data[plane] = sizes[plane] ? start : NULL;
        start += sizes[plane] + alignment;
    }
    frame->extended_data = frame->data;
    return 0;
}

/// Logs an error as libavfilter does.
static inline void cffmpeg_log_error(const char *message) {
    av_log(NULL, AV_LOG_ERROR, "%s", message);
}

/// Marks a picture as two fields.
static inline void cffmpeg_set_interlaced(AVFrame *frame, bool is_interlaced, bool is_top_field_first) {
#ifdef AV_FRAME_FLAG_INTERLACED
    if (is_interlaced) frame->flags |= AV_FRAME_FLAG_INTERLACED;
    if (is_top_field_first) frame->flags |= AV_FRAME_FLAG_TOP_FIELD_FIRST;
#else
    frame->interlaced_frame = is_interlaced;
    frame->top_field_first = is_top_field_first;
#endif
}

#endif
