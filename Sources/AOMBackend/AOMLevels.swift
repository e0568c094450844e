internal import Bitstream
internal import VideoTypes

// The profile and the level: chosen where they were left open, kept where they were given.
extension AOMParameters {
    static func chooseCodec(
        _ config: ValidatedEncoderConfig,
        _ needs: AV1LevelNeeds
    ) throws(EncoderConfigError) -> AV1CodecString {
        if case .av1(let string) = config.codec { return string }
        let depth = config.values.bitDepth
        let profile: Int
        switch config.values.chroma {
        case .yuv420 where depth <= 10: profile = 0
        case .yuv444 where depth <= 10: profile = 1
        default: profile = 2
        }
        guard let level = needs.lowestLevel(atFirstOf: config.ratesForLevel) else { throw needs.refusal(by: .av1) }
        return AV1CodecString(profile: profile, level: level.index, tier: .main, bitDepth: depth)
    }

    /// Refuses formats that the bitstream cannot store.
    static func checkFormat(
        _ codec: AV1CodecString,
        _ config: ValidatedEncoderConfig
    ) throws(EncoderConfigError) {
        let color = config.values.colorSpace
        let isSRGB = color.primaries == .bt709 && color.transfer == .srgb && color.matrix == .rgb
        guard !isSRGB || color.fullRange else {
            throw .unsupported("AV1 cannot store sRGB in limited range (6.4.2)")
        }
        if let ratio = config.values.pixelAspectRatio, ratio != .square, config.renderSize == nil {
            throw .unsupported(
                "AV1 cannot store a sample aspect ratio of \(ratio.width):\(ratio.height) at \(config.size): it stores the display size of the"
                    + " picture, at most 65536 a side"
            )
        }
        guard let position = codec.format?.chromaSamplePosition, config.values.chroma == .yuv420,
            codec.format?.isMonochrome == false, position != 0, position != config.values.chromaLocation.av1Position
        else { return }
        throw .unsupported("the chroma location of the picture differs from that of \(codec)")
    }
}

extension AV1LevelNeeds {
    init(_ config: ValidatedEncoderConfig, tiles: AOMTiles) {
        let bitrate: Int? =
            switch config.rateControl {
            case .constant(let bitrate), .variable(let bitrate): bitrate
            case .quality, .quantizer: nil
            }
        self.init(size: config.size, framerate: config.levelFramerate, bitrate: bitrate)
        tileColumns = tiles.columns(width: config.size.width)
        tileRows = tiles.rows(height: config.size.height)
    }
}

/// Watches that a stream keeps to a level while it comes out: a decoder's buffer of one second that is emptied at the
/// level's bit rate (AV1 annex E), and the samples that are shown and decoded a second.
struct AOMLevelWatch {
    private let codec: AV1CodecString
    private let level: AV1Level
    private let watchesBits: Bool
    private var last: Int64?
    private var bits = 0.0
    private var samples = 0.0

    /// A watch over a level that was promised; `nil` if none was, or one without bounds.
    init?(_ config: ValidatedEncoderConfig, _ codec: AV1CodecString) {
        guard config.promisesLevel, let level = AV1Level.level(index: codec.level) else { return nil }
        (self.codec, self.level) = (codec, level)
        if case .quantizer = config.rateControl { watchesBits = false } else { watchesBits = true }
    }

    /// Takes the next temporal unit, in the order in which they are shown.
    mutating func take(
        timestamp: Int64,
        byteCount: Int,
        headers: [AV1FrameHeader]
    ) throws(EncoderError) {
        let (microseconds, overflow) = timestamp.subtractingReportingOverflow(last ?? timestamp)
        let seconds = overflow ? .infinity : Double(max(0, microseconds)) / 1e6
        last = timestamp
        if watchesBits {
            let rate = Double(level.maxBitrate(codec.tier))
            bits = max(0, bits - rate * seconds) + Double(byteCount * 8)
            if bits > rate { throw excess("bits", Int(bits), Int(rate)) }
        }
        let decoded = headers.reduce(0) { sum, header in
            header.showsExisting ? sum : sum + (header.size.map { $0.width * $0.height } ?? 0)
        }
        let rate = Double(level.maxDecodeRate)
        samples = max(0, samples - rate * seconds) + Double(decoded)
        if samples > rate { throw excess("decoded samples", Int(samples), level.maxDecodeRate) }
    }

    private func excess(_ what: String, _ actual: Int, _ allowed: Int) -> EncoderError {
        .config(
            .unsupported(
                "the stream exceeds \(codec): \(actual) \(what) within a second (level \(level.name) allows \(allowed)); set"
                    + " a bit rate, a lower quality or a higher level"
            )
        )
    }
}
