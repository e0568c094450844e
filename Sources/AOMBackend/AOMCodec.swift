internal import CAOM
internal import VideoTypes

/// Sole owner of one `aom_codec_ctx_t`.
@safe
struct AOMCodec: ~Copyable {
    private let context: UnsafeMutablePointer<aom_codec_ctx_t>

    /// Opens an encoder, which keeps a copy of the configuration.
    init(_ config: aom_codec_enc_cfg_t, isDeep: Bool) throws(EncoderError) {
        let context = UnsafeMutablePointer<aom_codec_ctx_t>.allocate(capacity: 1)
        unsafe context.initialize(to: aom_codec_ctx_t())
        var config = unsafe config
        let flags = isDeep ? aom_codec_flags_t(AOM_CODEC_USE_HIGHBITDEPTH) : 0
        let status = unsafe caom_enc_init(context, &config, flags)
        guard status == AOM_CODEC_OK else {
            let error = unsafe Self.error("aom_codec_enc_init", status, in: context)
            unsafe context.deallocate()
            throw error
        }
        unsafe self.context = context
    }

    deinit {
        unsafe aom_codec_destroy(context)
        unsafe context.deallocate()
    }

    func set(_ control: AOMControl) throws(EncoderError) {
        try check("aom_codec_control \(control.name)", unsafe caom_control_int(context, control.id, control.value))
    }

    func setRenderSize(_ size: PictureSize) throws(EncoderError) {
        var sides = [CInt(size.width), CInt(size.height)]
        try check("AV1E_SET_RENDER_SIZE", unsafe caom_set_render_size(context, &sides))
    }

    /// Sets one option by its name in the aomenc command; returns libaom's error, if any.
    func setOption(_ option: EncoderOption) -> String? {
        let status = unsafe aom_codec_set_option(context, option.key, option.value)
        guard status != AOM_CODEC_OK else { return nil }
        let text = unsafe Self.text(status, in: context)
        return String(text.split(separator: "\n").first ?? "").replacing(
            "Option \(option.key)=\(option.value): ",
            with: ""
        )
    }

    func configure(_ config: aom_codec_enc_cfg_t) throws(EncoderError) {
        var config = unsafe config
        try check("aom_codec_enc_config_set", unsafe aom_codec_enc_config_set(context, &config))
    }

    func setLayers(_ parameters: aom_svc_params_t) throws(EncoderError) {
        var parameters = parameters
        try check("AV1E_SET_SVC_PARAMS", unsafe caom_set_svc_params(context, &parameters))
    }

    func setLayer(_ layer: Int, references: aom_svc_ref_frame_config_t) throws(EncoderError) {
        var id = aom_svc_layer_id_t(spatial_layer_id: 0, temporal_layer_id: CInt(layer))
        try check("AV1E_SET_SVC_LAYER_ID", unsafe caom_set_svc_layer_id(context, &id))
        var references = references
        try check("AV1E_SET_SVC_REF_FRAME_CONFIG", unsafe caom_set_svc_references(context, &references))
    }

    /// A key frame, now. Alone, the first flag makes libaom 3.6 look for it in its lookahead as well, where it finds it once
    /// more, and the next frame becomes a key frame too (`is_forced_keyframe_pending`); the second flag has no effect on a key
    /// frame, but prevents this.
    private static var keyFlags: aom_enc_frame_flags_t {
        aom_enc_frame_flags_t(AOM_EFLAG_FORCE_KF) | aom_enc_frame_flags_t(AOM_EFLAG_NO_REF_FRAME_MVS)
    }

    /// Gives libaom a picture, or, without one, asks for what is delayed.
    func encode(
        _ image: UnsafePointer<aom_image_t>?,
        pts: Int64,
        duration: Int,
        isKey: Bool
    ) throws(EncoderError) {
        let flags = isKey ? Self.keyFlags : 0
        try check("aom_codec_encode", unsafe aom_codec_encode(context, image, pts, UInt(duration), flags))
    }

    /// A temporal unit as libaom gives it.
    struct Packet {
        let data: [UInt8]
        let pts: Int64
        let isKey: Bool
    }

    /// The temporal units that the last call has made.
    func packets() -> [Packet] {
        var packets: [Packet] = []
        var iterator: aom_codec_iter_t?
        while let packet = unsafe aom_codec_get_cx_data(context, &iterator) {
            guard unsafe packet.pointee.kind == AOM_CODEC_CX_FRAME_PKT else { continue }
            let frame = unsafe packet.pointee.data.frame
            // SAFETY: the buffer has sz bytes and stays until the next call of the encoder (aom_encoder.h).
            let data = unsafe Array(UnsafeRawBufferPointer(start: frame.buf, count: frame.sz))
            let isKey = unsafe frame.flags & UInt32(AOM_FRAME_IS_KEY) != 0
            packets.append(Packet(data: data, pts: unsafe frame.pts, isKey: isKey))
        }
        return packets
    }

    /// The picture that was shown last, as libaom itself uses it for reference.
    func reconstruction() -> [UInt8]? {
        // SAFETY: the image stays until the next call of the encoder (aom_encoder.h).
        unsafe aom_codec_get_preview_frame(context).map { image in unsafe AOMImage.samples(image.pointee) }
    }

    private func check(_ operation: String, _ status: aom_codec_err_t) throws(EncoderError) {
        guard status != AOM_CODEC_OK else { return }
        throw unsafe Self.error(operation, status, in: context)
    }

    private static func error(
        _ operation: String,
        _ status: aom_codec_err_t,
        in context: UnsafeMutablePointer<aom_codec_ctx_t>
    ) -> EncoderError {
        .codec(operation: "\(operation) (\(unsafe text(status, in: context)))", status: Int(status.rawValue))
    }

    /// libaom's own message.
    private static func text(
        _ status: aom_codec_err_t,
        in context: UnsafeMutablePointer<aom_codec_ctx_t>
    ) -> String {
        if let detail = unsafe aom_codec_error_detail(context) { return unsafe String(cString: detail) }
        return unsafe String(cString: aom_codec_err_to_string(status))
    }
}

/// A number that one of libaom's controls is set to.
struct AOMControl: Hashable {
    let name: String
    let id: CInt
    let value: CInt

    init(_ name: String, _ id: aome_enc_control_id, _ value: Int) {
        (self.name, self.id, self.value) = (name, CInt(id.rawValue), CInt(value))
    }
}
