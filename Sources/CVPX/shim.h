// libvpx's headers, and what Swift cannot import of them: variadic controls and macros.
#ifndef SLUICE_CVPX_H
#define SLUICE_CVPX_H

#include <string.h>
#include <sys/resource.h>
#include <unistd.h>
#include <vpx/vp8cx.h>
#include <vpx/vp8dx.h>
#include <vpx/vpx_decoder.h>
#include <vpx/vpx_encoder.h>

/// `vpx_codec_enc_init` is a macro that adds the version of this header.
static inline vpx_codec_err_t cvpx_encoder_init(
    vpx_codec_ctx_t *context, vpx_codec_iface_t *interface, const vpx_codec_enc_cfg_t *config, vpx_codec_flags_t flags
) {
    return vpx_codec_enc_init(context, interface, config, flags);
}

/// A control that takes a number; `vpx_codec_control_` is variadic.
static inline vpx_codec_err_t cvpx_control(vpx_codec_ctx_t *context, int control, int value) {
    return vpx_codec_control_(context, control, value);
}

/// Makes a stream of 2 or 3 temporal layers, as the recipes for VP8 and VP9 have it.
///
/// `bitrates` has a cumulative rate for each layer, in kilobits a second.
static inline void cvpx_set_layers(vpx_codec_enc_cfg_t *config, int layers, const unsigned int *bitrates) {
    static const unsigned int ids[2][4] = {{0, 1, 0, 1}, {0, 2, 1, 2}};
    config->ts_number_layers = (unsigned int)layers;
    config->ts_periodicity = layers == 2 ? 2 : 4;
    config->ss_number_layers = 1;
    for (int i = 0; i < layers; i++) {
        config->ts_rate_decimator[i] = 1u << (layers - 1 - i);
        config->ts_target_bitrate[i] = bitrates[i];
        config->layer_target_bitrate[i] = bitrates[i];
    }
    for (unsigned int i = 0; i < config->ts_periodicity; i++) config->ts_layer_id[i] = ids[layers - 2][i];
    // The pattern is in the flags of each frame, where a key frame can restart it.
    config->temporal_layering_mode = VP9E_TEMPORAL_LAYERING_MODE_BYPASS;
}

/// Turns VP9's layers on: one spatial layer, all layers within the configuration's quantizers.
static inline vpx_codec_err_t cvpx_enable_svc(vpx_codec_ctx_t *context, const vpx_codec_enc_cfg_t *config, int speed) {
    vpx_svc_extra_cfg_t extra;
    memset(&extra, 0, sizeof extra);
    for (int i = 0; i < VPX_MAX_LAYERS; i++) {
        extra.min_quantizers[i] = (int)config->rc_min_quantizer;
        extra.max_quantizers[i] = (int)config->rc_max_quantizer;
        extra.scaling_factor_num[i] = extra.scaling_factor_den[i] = 1;
        extra.speed_per_layer[i] = speed;
    }
    extra.temporal_layering_mode = config->temporal_layering_mode;
    vpx_codec_err_t status = vpx_codec_control(context, VP9E_SET_SVC, 1);
    return status ? status : vpx_codec_control(context, VP9E_SET_SVC_PARAMETERS, &extra);
}

/// The next frame of VP9 is of this temporal layer.
static inline vpx_codec_err_t cvpx_set_temporal_layer(vpx_codec_ctx_t *context, int layer) {
    vpx_svc_layer_id_t id;
    memset(&id, 0, sizeof id);
    id.temporal_layer_id = layer;
    id.temporal_layer_id_per_spatial[0] = layer;
    return vpx_codec_control(context, VP9E_SET_SVC_LAYER_ID, &id);
}

/// Whether the data of the VP8 frame that was decoded last ended early: libvpx's decoder knows this, but refuses only a first
/// frame for it.
///
/// `state` is what libavcodec keeps for its decoder "libvpx". It begins with libvpx's own context, which is checked by its
/// interface; in a libavcodec with another layout, the result is unknown.
static inline int cvpx_lacks_data(void *state) {
    vpx_codec_ctx_t *context = (vpx_codec_ctx_t *)state;
    int is_corrupted = 0;
    if (!context || context->iface != vpx_codec_vp8_dx()) return 0;
    return vpx_codec_control(context, VP8D_GET_FRAME_CORRUPTED, &is_corrupted) == VPX_CODEC_OK && is_corrupted;
}

/// Whether the last frame failed because memory or a thread was refused: libavcodec reports invalid data in both cases.
///
/// `state` is as in `cvpx_lacks_data`.
static inline int cvpx_lacks_room(void *state) {
    vpx_codec_ctx_t *context = (vpx_codec_ctx_t *)state;
    if (!context || (context->iface != vpx_codec_vp8_dx() && context->iface != vpx_codec_vp9_dx())) return 0;
    // A damaged header may claim a size that no memory holds: that memory lacks is believed only where it is limited.
    if (context->err == VPX_CODEC_MEM_ERROR) {
        struct rlimit limit;
        return getrlimit(RLIMIT_AS, &limit) == 0 && limit.rlim_cur != RLIM_INFINITY;
    }
    if (context->err != VPX_CODEC_ERROR) return 0;
    const char *detail = vpx_codec_error_detail(context);
    // VP8 gives no other message for refused threads; damage of a frame has its own message.
    if (!detail || !*detail) return context->iface == vpx_codec_vp8_dx();
    return strstr(detail, "thread creation failed") != NULL;
}

/// The processors that are at work.
static inline long cvpx_core_count(void) {
    return sysconf(_SC_NPROCESSORS_ONLN);
}

#endif
