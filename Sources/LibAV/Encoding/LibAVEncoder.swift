internal import Bitstream
package import EncoderCore
package import EncoderSettings
package import Logging
package import VideoTypes

/// Any encoder that is reached through libavcodec.
///
/// Takes frames in the formats that ``LibAVEncoderDescription/inputFormats(_:)`` names.
///
/// Thread-safety: made, used and dropped on one thread; the codec's library has threads of its own.
package struct LibAVEncoder: EncoderBackend, ~Copyable {
    private let encoder: LibAVEncoderDescription
    private let config: ValidatedEncoderConfig
    private var context: EncoderContext
    private let packet: Packet
    private let pixelFormat: PixelFormat
    private var reader: any StreamReading
    private var times = PictureTimes()
    private var ready: [EncodedVideoChunk] = []
    /// What the encoder counts frames by; changed where the timestamps tell another rate.
    private var opened: ValidatedEncoderConfig
    private var interval = IntervalEstimate()
    private let logger: Logger
    /// `nil` where the rate was checked already, or the codec has no level.
    private var rateWatch: LevelRateWatch?

    /// Opens an encoder.
    ///
    /// - Parameters:
    ///   - config: What to encode; a codec that was left open is chosen as ``resolve(_:encoder:)`` does.
    ///   - encoder: The encoder.
    ///   - logger: Takes libavcodec's messages: its warnings as such, the rest as debug.
    /// - Throws: ``VideoTypes/EncoderError`` for what the encoder cannot do, or if it cannot be opened.
    package init(
        _ config: ValidatedEncoderConfig,
        encoder: LibAVEncoderDescription,
        logger: Logger
    ) throws(EncoderError) {
        let resolved = try Self.resolved(config, encoder)
        let settings: CodecSettings
        let context: EncoderContext
        do throws(EncoderConfigError) {
            settings = try encoder.settings(resolved)
            context = try EncoderContext(encoder, resolved, settings, logger: logger)
        } catch {
            throw .config(error)
        }
        var reader = encoder.reader(resolved)
        try reader.readHeaders(context.extradata)
        if reader.decoderConfig != nil { try Self.check(encoder, resolved, reader) }
        let packet = try Packet.forEncoding()
        self.encoder = encoder
        self.config = resolved
        (opened, self.logger) = (resolved, logger)
        pixelFormat = settings.pixelFormat
        self.context = context
        self.packet = packet
        self.reader = reader
        rateWatch = resolved.values.framerate == nil ? LevelRate(resolved).map(LevelRateWatch.init) : nil
    }

    /// Throws unless what the opened encoder wrote keeps what the codec string promises.
    private static func check(
        _ encoder: LibAVEncoderDescription,
        _ config: ValidatedEncoderConfig,
        _ reader: any StreamReading
    ) throws(EncoderError) {
        do throws(EncoderConfigError) {
            _ = try encoder.choose(config, reader)
        } catch {
            throw .config(error)
        }
    }

    private static func resolved(
        _ config: ValidatedEncoderConfig,
        _ encoder: LibAVEncoderDescription
    ) throws(EncoderError) -> ValidatedEncoderConfig {
        guard case .lowest = config.codec else { return config }
        do throws(EncoderConfigError) {
            return try resolve(config, encoder: encoder)
        } catch {
            throw .config(error)
        }
    }

    /// Takes one frame.
    package mutating func submit(_ frame: borrowing VideoFrame, options: EncodeOptions) throws(EncoderError) {
        try check(frame.layout)
        try check(options)
        let pts = try times.accept(
            timestamp: frame.timestamp,
            duration: frame.duration,
            mustGrow: Self.followsTimestamps(config)
        )
        try checkRate(at: frame.timestamp)
        try follow(frame.timestamp, lasting: frame.duration)
        let picture = try Picture.copy(of: frame, as: pixelFormat, pts: pts, isKey: options.keyFrame)
        while try !context.send(picture) {
            guard let chunk = try receive() else {
                throw .codec(operation: "avcodec_send_frame accepts no frame, but no packet is ready", status: -1)
            }
            ready.append(chunk)
        }
    }

    /// The next chunk in decoding order, or `nil` if the encoder wants another frame or has delivered its last.
    package mutating func nextChunk() throws(EncoderError) -> EncodedVideoChunk? {
        ready.isEmpty ? try receive() : ready.removeFirst()
    }

    /// Ends the input.
    package mutating func drain() throws(EncoderError) { try context.sendEnd() }
}

extension LibAVEncoder {
    /// The encoder's requirements for single frames.
    ///
    /// - Parameters:
    ///   - config: A resolved configuration.
    ///   - encoder: The encoder.
    package static func frameRules(
        _ config: ValidatedEncoderConfig,
        encoder: LibAVEncoderDescription
    ) -> FrameRules {
        var rules = FrameRules(encoder: encoder.name)
        rules.needsGrowingTimestamps = followsTimestamps(config)
        if config.values.framerate == nil, let level = LevelRate(config) {
            rules.rateLimit = FrameRules.RateLimit(framesPerSecond: level.framesPerSecond, check: level.check)
        }
        if case .hevc(let string) = config.codec, let refusal = string.refusalOfSecondFrame {
            (rules.mostFrames, rules.refusalOfMore) = (1, refusal)
        }
        (rules.takesKeyFrames, rules.takesQuantizers) = (encoder.takesForcedKeyFrames, encoder.takesFrameQuantizers)
        return rules
    }

    /// Pictures may be reordered, and then each timestamp must be later than the one before.
    private static func followsTimestamps(_ config: ValidatedEncoderConfig) -> Bool {
        config.values.latencyMode == .quality
    }

    private func check(_ layout: PictureLayout) throws(EncoderError) {
        guard layout.size == config.size, encoder.inputFormats(config).contains(layout.format) else {
            throw .invalidFrame(
                "a \(layout.size) \(layout.format.rawValue) frame does not fit an encoder that is configured for"
                    + " \(config.size) \(config.values.chroma.name) with \(config.values.bitDepth) bits"
            )
        }
    }

    private func check(_ options: EncodeOptions) throws(EncoderError) {
        if options.keyFrame, !encoder.takesForcedKeyFrames {
            throw .config(
                .unsupported("\(encoder.name) does not make key frames on demand")
            )
        }
        guard let own = options.quantizer else { return }
        if case .quantizer(own) = config.rateControl { return }
        throw .config(.unsupported("\(encoder.name) uses one quantizer for all frames, not \(own) for one of them"))
    }

    /// Replaces the encoder if frames come at another rate than the configured one and only timestamps show it: libx265 cannot
    /// change its rate or target. Delayed frames are output first; the next frame is a key frame.
    private mutating func follow(_ timestamp: Int64, lasting duration: Int64?) throws(EncoderError) {
        guard encoder.reopensForRate(config) else { return }
        interval.add(timestamp)
        let own = duration.flatMap { $0 > 0 && $0 < 1 << 31 ? FrameRate(1_000_000, Int($0)) : nil }
        guard let rate = interval.framerate ?? own else { return }
        let change = rate.approximate / opened.nominalFramerate.approximate
        guard max(change, 1 / change) > interval.uncertainty else { return }
        try drainForReopening()
        do throws(EncoderConfigError) {
            opened = try config.expecting(rate)
            context = try EncoderContext(encoder, opened, encoder.settings(opened), logger: logger)
        } catch {
            throw .config(error)
        }
        try reader.readHeaders(context.extradata)
    }

    private mutating func drainForReopening() throws(EncoderError) {
        guard times.haveBegun else { return }
        try context.sendEnd()
        while let chunk = try receive() { ready.append(chunk) }
    }

    /// Throws if more frames come within a second than the level has room for.
    private mutating func checkRate(at timestamp: Int64) throws(EncoderError) {
        do throws(EncoderConfigError) {
            try rateWatch?.take(timestamp)
        } catch {
            throw .config(error)
        }
    }

    private mutating func receive() throws(EncoderError) -> EncodedVideoChunk? {
        guard try context.receive(packet) else { return nil }
        let picture = try reader.read(packet.bytes, isKey: packet.isKey)
        if case .quantizer(let asked) = config.rateControl, !config.values.lossless, let made = picture.quantizer,
            made != asked
        {
            let what = "\(encoder.name) used quantizer \(made) for a frame instead of \(asked)"
            throw .codec(operation: what, status: -1)
        }
        let rate = config.nominalFramerate
        let times = try times.release(
            pts: packet.pts,
            reordered: reader.reorderedPictures ?? context.reorderedPictures,
            nominalInterval: Int64(rate.denominator) * 1_000_000 / Int64(rate.numerator)
        )
        var chunk = EncodedVideoChunk(
            type: picture.isKey ? .key : .delta,
            timestamp: times.timestamp,
            duration: times.duration,
            data: picture.data
        )
        (chunk.decodeTimestamp, chunk.quantizer) = (times.decode, picture.quantizer)
        chunk.quantizerIndex = picture.quantizerIndex
        if picture.isKey { chunk.decoderConfig = reader.decoderConfig }
        return chunk
    }
}
