internal import Encoders
internal import VideoTypes

/// The rules for input of more bits than are coded.
enum DepthRules {
    /// Throws if PQ or HLG, which need 10 bits, would be coded with 8 without a request for 8 bits.
    static func check(_ job: EncodeJob, _ source: PixelFormat, _ values: EncoderConfig) throws(EncoderConfigError) {
        let transfer = values.colorSpace.transfer
        guard loses(job, source, values), values.bitDepth == 8, [.pq, .hlg].contains(transfer) else { return }
        throw .unsupported(
            "\(transfer) with \(source.bitDepth) bits would be coded with 8, which shows bands"
                + " (use \(Setting.bitDepth) 10 or \(Setting.codec) hevc to keep them, or \(Setting.bitDepth) 8 to accept the loss)"
        )
    }

    /// A notice if bits are lost without a request.
    static func notice(_ job: EncodeJob, _ source: PixelFormat, _ values: EncoderConfig) -> String? {
        guard loses(job, source, values), case .lowest(let codec) = job.config.codec else { return nil }
        // H.264 is written with 10 bits at most, VP8 and alpha with 8, the others with 12.
        let most = values.alpha == .keep || codec == .vp8 ? 8 : codec == .h264 ? 10 : 12
        let kept = min(source.bitDepth, most)
        guard kept > 8 else {
            return
                "input of \(source.bitDepth) bits is coded with 8, as \(values.alpha == .keep ? "alpha" : codec.name) is"
        }
        let more = kept == source.bitDepth ? "to keep them" : "to lose less"
        return "input of \(source.bitDepth) bits is coded with \(values.bitDepth), the default of \(codec.name)"
            + " (use \(Setting.bitDepth) \(kept) \(more), or \(Setting.bitDepth) \(values.bitDepth) to accept the loss)"
    }

    private static func loses(_ job: EncodeJob, _ source: PixelFormat, _ values: EncoderConfig) -> Bool {
        source.bitDepth > values.bitDepth && job.picture.bitDepth == nil
    }
}
