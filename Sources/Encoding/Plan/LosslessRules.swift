internal import Encoders
internal import VideoTypes

/// What a lossless encode must not change before the encoder, because it could not be restored.
enum LosslessRules {
    /// Throws if a picture would lose something, or change, on its way to the encoder.
    ///
    /// - Parameters:
    ///   - job: The job.
    ///   - source: The format of the frames.
    ///   - values: The configuration of the encoder.
    ///   - isLuma: Gray frames are luma already.
    static func check(
        _ job: EncodeJob,
        _ source: PixelFormat,
        _ values: EncoderConfig,
        isLuma: Bool
    ) throws(EncoderConfigError) {
        guard values.lossless else { return }
        let picture = job.picture
        guard picture.scale == nil, picture.background == nil, picture.oddSize != .crop else {
            throw .conflict(
                "lossless excludes \(Setting.scale), \(Setting.background) and \(Setting.oddSize) crop, which change the picture"
            )
        }
        let codec = try CodecRequest(values.codec)
        guard source.isGray || !codec.isMonochrome else {
            throw .unsupported(
                "lossless: the codec string is monochrome, but \(source.rawValue) has chroma"
            )
        }
        if let reason = loss(source, values, isLuma: isLuma) { throw .unsupported("lossless: \(reason)") }
    }

    /// What a lossless encode drops by the default of `alpha`; `nil` if it drops nothing.
    static func notice(_ job: EncodeJob, _ source: PixelFormat) -> String? {
        guard job.config.lossless, source.hasAlpha, job.config.alpha == .discard else { return nil }
        return
            "the alpha of \(source.rawValue) frames is discarded, all other samples are kept (\(Setting.alpha) keep, in VP8 and VP9)"
    }

    private static func loss(_ source: PixelFormat, _ values: EncoderConfig, isLuma: Bool) -> String? {
        guard source.bitDepth <= 12 else { return "no encoder keeps the \(source.bitDepth) bits of \(source.rawValue)" }
        if source.isGray {
            let isKept = (isLuma || values.colorSpace.fullRange) && values.bitDepth == source.bitDepth
            let depth = "\(source.bitDepth)"
            return isKept
                ? nil
                : "gray frames have full range and \(depth) bits (\(Setting.colorRange) full, \(Setting.bitDepth) \(depth))"
        }
        guard let chroma = source.chroma else {
            let isKept = values.colorSpace.matrix == .rgb && values.colorSpace.fullRange && values.chroma == .yuv444
            guard isKept else {
                return
                    "RGB must be coded as RGB (\(Setting.colorMatrix) rgb, \(Setting.colorRange) full, \(Setting.chroma) 444)"
            }
            return source.bitDepth == values.bitDepth
                ? nil
                : "the input has \(source.bitDepth) bits, but the coded picture \(values.bitDepth) (\(Setting.bitDepth))"
        }
        guard chroma == values.chroma, source.bitDepth == values.bitDepth else {
            let (input, coded) = (
                "\(chroma.name) with \(source.bitDepth) bits", "\(values.chroma.name) with \(values.bitDepth)"
            )
            return
                "the input is \(input), but the coded picture is \(coded) (\(Setting.chroma), \(Setting.bitDepth), \(Setting.codec))"
        }
        return nil
    }
}
