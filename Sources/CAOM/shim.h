// libaom's headers, and what Swift cannot import of them: variadic controls and macros.
#ifndef SLUICE_CAOM_H
#define SLUICE_CAOM_H

#include <aom/aom_encoder.h>
#include <aom/aomcx.h>

// The ABI version is that of the headers this was compiled with.
static inline aom_codec_err_t caom_enc_init(aom_codec_ctx_t *context, const aom_codec_enc_cfg_t *config,
                                            aom_codec_flags_t flags) {
  return aom_codec_enc_init(context, aom_codec_av1_cx(), config, flags);
}

static inline aom_codec_err_t caom_control_int(aom_codec_ctx_t *context, int control, int value) {
  return aom_codec_control(context, control, value);
}

static inline aom_codec_err_t caom_set_svc_params(aom_codec_ctx_t *context, aom_svc_params_t *parameters) {
  return aom_codec_control(context, AV1E_SET_SVC_PARAMS, parameters);
}

static inline aom_codec_err_t caom_set_svc_layer_id(aom_codec_ctx_t *context, aom_svc_layer_id_t *layer) {
  return aom_codec_control(context, AV1E_SET_SVC_LAYER_ID, layer);
}

static inline aom_codec_err_t caom_set_svc_references(aom_codec_ctx_t *context, aom_svc_ref_frame_config_t *config) {
  return aom_codec_control(context, AV1E_SET_SVC_REF_FRAME_CONFIG, config);
}

// Width and height of the picture as it is to be shown.
static inline aom_codec_err_t caom_set_render_size(aom_codec_ctx_t *context, int size[2]) {
  return aom_codec_control(context, AV1E_SET_RENDER_SIZE, size);
}

#endif
