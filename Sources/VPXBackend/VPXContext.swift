internal import CVPX
internal import VideoTypes

/// Sole owner of one open encoder of libvpx.
@safe
struct VPXContext: ~Copyable {
    private let context: UnsafeMutablePointer<vpx_codec_ctx_t>

    /// Opens an encoder and sets it up.
    init(_ parameters: VPXParameters) throws(EncoderError) {
        try parameters.requireRoom()
        let context = UnsafeMutablePointer<vpx_codec_ctx_t>.allocate(capacity: 1)
        unsafe context.initialize(to: vpx_codec_ctx_t())
        do throws(EncoderError) {
            try unsafe Self.open(context, parameters)
        } catch {
            unsafe vpx_codec_destroy(context)
            unsafe context.deallocate()
            throw error
        }
        unsafe self.context = unsafe context
    }

    deinit {
        unsafe vpx_codec_destroy(context)
        unsafe context.deallocate()
    }

    private static func open(
        _ context: UnsafeMutablePointer<vpx_codec_ctx_t>,
        _ parameters: VPXParameters
    ) throws(EncoderError) {
        let interface = unsafe parameters.codec == .vp8 ? vpx_codec_vp8_cx() : vpx_codec_vp9_cx()
        var settings = unsafe parameters.settings
        let flags = parameters.config.values.bitDepth > 8 ? vpx_codec_flags_t(VPX_CODEC_USE_HIGHBITDEPTH) : 0
        try unsafe check(
            "vpx_codec_enc_init",
            cvpx_encoder_init(context, interface, &settings, flags),
            context
        )
        for control in parameters.controls {
            try unsafe check(
                "vpx_codec_control \(control.id)",
                cvpx_control(context, control.id, control.value),
                context
            )
        }
        guard parameters.codec == .vp9, parameters.layers.count > 1 else { return }
        try unsafe check("VP9E_SET_SVC", cvpx_enable_svc(context, &settings, CInt(parameters.speed)), context)
    }

    /// Changes the settings from the next frame on.
    func reconfigure(_ settings: vpx_codec_enc_cfg_t) throws(EncoderError) {
        var settings = unsafe settings
        try unsafe Self.check("vpx_codec_enc_config_set", vpx_codec_enc_config_set(context, &settings), context)
    }

    /// The next frame is of this temporal layer.
    func setTemporalLayer(_ layer: Int, codec: VideoCodec) throws(EncoderError) {
        let status =
            unsafe codec == .vp8
            ? cvpx_control(context, CInt(VP8E_SET_TEMPORAL_LAYER_ID.rawValue), CInt(layer))
            : cvpx_set_temporal_layer(context, CInt(layer))
        try unsafe Self.check("setting the temporal layer", status, context)
    }

    /// Gives libvpx a picture.
    func encode(
        _ image: UnsafePointer<vpx_image_t>,
        pts: Int64,
        duration: Int64,
        flags: Int,
        deadline: UInt
    ) throws(EncoderError) {
        let status = unsafe vpx_codec_encode(context, image, pts, UInt(duration), flags, deadline)
        try unsafe Self.check("vpx_codec_encode", status, context)
    }

    /// The packets that the last call of ``encode(_:pts:duration:flags:deadline:)`` made.
    func packets() -> [VPXPacket] {
        var packets: [VPXPacket] = []
        var iterator: vpx_codec_iter_t?
        while let packet = unsafe vpx_codec_get_cx_data(context, &iterator) {
            guard unsafe packet.pointee.kind == VPX_CODEC_CX_FRAME_PKT else { continue }
            let frame = unsafe packet.pointee.data.frame
            // SAFETY: a packet's buffer has `sz` bytes, and stays until the next call of the encoder (vpx_encoder.h).
            let bytes = unsafe Array(UnsafeRawBufferPointer(start: frame.buf, count: frame.sz))
            let flags = unsafe frame.flags
            packets.append(
                VPXPacket(
                    data: bytes,
                    pts: unsafe frame.pts,
                    isKey: flags & vpx_codec_frame_flags_t(VPX_FRAME_IS_KEY) != 0,
                    isHidden: flags & vpx_codec_frame_flags_t(VPX_FRAME_IS_INVISIBLE) != 0
                )
            )
        }
        return packets
    }

    /// The picture that was coded last, as libvpx itself uses it for reference.
    func reconstruction() -> [UInt8]? {
        // SAFETY: the image stays until the next call of the encoder (vpx_encoder.h).
        unsafe vpx_codec_get_preview_frame(context).map { image in unsafe VPXImage.samples(image.pointee) }
    }

    /// Throws if libvpx refused a call, with its message.
    private static func check(
        _ operation: String,
        _ status: vpx_codec_err_t,
        _ context: UnsafeMutablePointer<vpx_codec_ctx_t>
    ) throws(EncoderError) {
        guard status != VPX_CODEC_OK else { return }
        let texts = unsafe [vpx_codec_err_to_string(status), vpx_codec_error_detail(context)]
        let reason = unsafe texts.compactMap { text in unsafe text.map { unsafe String(cString: $0) } }
        throw .codec(operation: "\(operation) (\(reason.joined(separator: ": ")))", status: Int(status.rawValue))
    }
}

/// One packet of libvpx.
struct VPXPacket: Equatable {
    let data: [UInt8]
    let pts: Int64
    let isKey: Bool
    let isHidden: Bool
}
