internal import Bitstream
internal import CVPX
package import EncoderCore
package import Logging
package import VideoTypes

/// VP8 and VP9 by libvpx.
///
/// Takes frames in the three-plane format of the configuration's chroma and bit depth, in `nv12` where that is `i420`, and
/// in `i420a` where transparency is kept.
///
/// Each frame comes out as a chunk at once, whatever the latency mode: libvpx makes use of lookahead and hidden frames in the
/// second of two passes only. The quality, ``VideoTypes/EncoderConfig/constantQuality``, is the quantizer of most frames, and
/// 32 by default; the preset is libvpx's `cpu-used`. The bytes are the same for every number
/// of threads but one.
///
/// Thread-safety: made, used and dropped on one thread; libvpx has threads of its own.
package struct VPXBackend: EncoderBackend, ~Copyable {
    private let config: ValidatedEncoderConfig
    private var picture: VPXEncoder
    private var transparency: VPXEncoder?
    /// Chroma of the transparency.
    private let gray: [UInt8]
    private var schedule: VPXSchedule
    private var times: VPXTimes
    private var chunks: VPXChunks

    /// Opens the encoder, and a second one for transparency where that is kept.
    ///
    /// - Parameters:
    ///   - config: What to encode; a codec that was left open is chosen as ``resolve(_:)`` does.
    ///   - logger: Gets the chosen settings, as debug; libvpx itself logs nothing.
    /// - Throws: ``VideoTypes/EncoderError`` for what libvpx cannot do, or if it cannot be opened.
    package init(_ config: ValidatedEncoderConfig, logger: Logger) throws(EncoderError) {
        let parameters = try Self.parameters(config, .picture)
        let picture = try VPXEncoder(parameters)
        var transparency: VPXEncoder?
        if config.values.alpha == .keep {
            transparency = try VPXEncoder(Self.parameters(config, .transparency))
        }
        self.config = config
        self.picture = picture
        self.transparency = transparency
        gray = config.values.alpha == .keep ? Self.gray(config.size) : []
        schedule = VPXSchedule(layers: parameters.layers, interval: config.values.keyFrameInterval ?? 128)
        times = VPXTimes(parameters.clock)
        chunks = VPXChunks(parameters)
        logger.debug("libvpx \(Self.libraryVersion): \(parameters.summary)")
    }

    /// The configuration with its profile and level chosen and everything checked that can be without encoding.
    package static func resolve(
        _ config: ValidatedEncoderConfig
    ) throws(EncoderConfigError) -> ValidatedEncoderConfig {
        let parameters = try VPXParameters(config)
        return try config.resolved(to: parameters.string?.description ?? "vp8")
    }

    /// Rate control follows the frames' timestamps, which then must increase; with a frame rate it counts frames.
    package static func frameRules(_ config: ValidatedEncoderConfig) -> FrameRules {
        let clock = VPXClock(config.values.framerate)
        var rules = FrameRules(encoder: "libvpx")
        rules.needsGrowingTimestamps = clock.followsTimestamps
        rules.longestSpan = clock.followsTimestamps ? clock.limit : nil
        rules.mostFrames = clock.mostFrames
        if clock.followsTimestamps, let level = LevelRate(config) {
            rules.rateLimit = FrameRules.RateLimit(framesPerSecond: level.framesPerSecond, check: level.check)
        }
        return rules
    }

    /// The version of the library, such as `v1.12.0`.
    package static var libraryVersion: String { unsafe String(cString: vpx_codec_version_str()) }

    /// Takes one frame.
    package mutating func submit(_ frame: borrowing VideoFrame, options: EncodeOptions) throws(EncoderError) {
        try check(frame.layout)
        let quantizer = try self.quantizer(options)
        let (timestamp, duration) = (frame.timestamp, frame.duration)
        let ticks = try times.accept(timestamp: timestamp, duration: duration)
        let entry = schedule.next(wantsKey: options.keyFrame)
        let layout = frame.layout
        let isKey = try frame.withBytes { bytes throws(EncoderError) in
            // SAFETY: vpx_codec_encode copies the planes before it returns; no pointer outlives the closure.
            try unsafe bytes.withUnsafeBytes { bytes throws(EncoderError) in
                var image = unsafe VPXImage.picture(layout, at: bytes)
                let picture = try unsafe self.picture.encode(&image, entry, at: ticks, quantizer: quantizer)
                let alphaEntry = entry.following(picture)
                let alpha = try unsafe encodeTransparency(layout, at: bytes, alphaEntry, ticks, quantizer)
                try chunks.make(picture, alpha, layer: entry.layer, timestamp: timestamp, duration: duration)
                return picture.isKey
            }
        }
        if isKey { schedule.noteKey() }
    }

    /// The next chunk, or `nil`: libvpx holds no frame back.
    package mutating func nextChunk() throws(EncoderError) -> EncodedVideoChunk? { chunks.next() }

    /// Ends the input, which has no delayed frames.
    package mutating func drain() throws(EncoderError) {}

    /// The picture that was coded last, filtered, as libvpx itself predicts from it. For tests, which hold it against a
    /// decoder's.
    func reconstruction() -> [UInt8]? { picture.reconstruction() }
}

extension VPXBackend {
    private static func parameters(
        _ config: ValidatedEncoderConfig,
        _ plane: VPXParameters.Plane
    ) throws(EncoderError) -> VPXParameters {
        do throws(EncoderConfigError) {
            return try VPXParameters(config, plane: plane)
        } catch {
            throw .config(error)
        }
    }

    /// One chroma plane without color.
    private static func gray(_ size: PictureSize) -> [UInt8] {
        let chroma = ChromaSubsampling.yuv420
        let count = chroma.chromaWidth(ofLuma: size.width) * chroma.chromaHeight(ofLuma: size.height)
        return [UInt8](repeating: 128, count: count)
    }

    /// libvpx reads as much as it was configured for, whatever the frame has.
    private func check(_ layout: PictureLayout) throws(EncoderError) {
        let values = config.values
        var formats: [PixelFormat] = [.planar(values.chroma, bitDepth: values.bitDepth)]
        if formats == [.i420] { formats.append(.nv12) }
        if values.alpha == .keep { formats = [.i420a] }
        guard layout.size == config.size, formats.contains(layout.format) else {
            throw .invalidFrame(
                "a \(layout.size) \(layout.format.rawValue) frame does not fit an encoder that is configured for"
                    + " \(config.size) \(formats[0].rawValue)"
            )
        }
    }

    private func quantizer(_ options: EncodeOptions) throws(EncoderError) -> Int? {
        guard case .quantizer(let quantizer) = config.rateControl else { return nil }
        do throws(EncoderConfigError) {
            return try options.quantizerLevel(for: config.codec.codec) ?? quantizer
        } catch {
            throw .config(error)
        }
    }

    private mutating func encodeTransparency(
        _ layout: PictureLayout,
        at bytes: UnsafeRawBufferPointer,
        _ entry: VPXSchedule.Entry,
        _ ticks: VPXTimes.Ticks,
        _ quantizer: Int?
    ) throws(EncoderError) -> VPXPacket? {
        guard transparency != nil else { return nil }
        let gray = gray
        // SAFETY: as for the picture, vpx_codec_encode copies what it reads.
        return try unsafe gray.withUnsafeBufferPointer { gray throws(EncoderError) in
            var image = unsafe VPXImage.transparency(layout, at: bytes, gray: gray)
            return try unsafe transparency?.encode(&image, entry, at: ticks, quantizer: quantizer)
        }
    }
}
