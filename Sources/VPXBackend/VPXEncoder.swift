internal import CVPX
internal import VideoTypes

/// One encoder of libvpx, for the picture or for its transparency.
struct VPXEncoder: ~Copyable {
    private var context: VPXContext
    private var parameters: VPXParameters

    /// Opens an encoder.
    init(_ parameters: VPXParameters) throws(EncoderError) {
        context = try VPXContext(parameters)
        self.parameters = parameters
    }

    /// Encodes a picture.
    mutating func encode(
        _ image: UnsafePointer<vpx_image_t>,
        _ entry: VPXSchedule.Entry,
        at ticks: VPXTimes.Ticks,
        quantizer: Int?
    ) throws(EncoderError) -> VPXPacket {
        if let quantizer { try fix(quantizer, isKey: entry.isKey) }
        if parameters.layers.count > 1 { try context.setTemporalLayer(entry.layer, codec: parameters.codec) }
        try unsafe context.encode(
            image,
            pts: ticks.pts,
            duration: ticks.duration,
            flags: entry.flags,
            deadline: parameters.deadline(for: ticks)
        )
        let packets = context.packets()
        guard packets.count == 1, packets[0].pts == ticks.pts, !packets[0].isHidden else {
            throw .codec(operation: "vpx_codec_encode made \(packets.count) packets of one frame", status: -1)
        }
        return packets[0]
    }

    /// The picture that was coded last, as libvpx itself uses it for reference.
    func reconstruction() -> [UInt8]? { context.reconstruction() }

    private mutating func fix(_ quantizer: Int, isKey: Bool) throws(EncoderError) {
        guard parameters.fixQuantizer(quantizer) else { return }
        // A layer of VP8 keeps its previous bounds; a key frame, which needs no earlier state, resets them.
        if isKey, parameters.codec == .vp8, parameters.layers.count > 1 {
            context = try VPXContext(parameters)
            return
        }
        try unsafe context.reconfigure(parameters.settings)
    }
}
