internal import Bitstream
internal import CAOM
package import EncoderCore
package import Logging
package import VideoTypes

/// AV1 by libaom.
///
/// Takes frames in the planar format of the configuration's chroma and depth. A chunk is a temporal unit in the low-overhead
/// format (AV1 5.2), with its temporal delimiter, and shows one frame.
///
/// Thread-safety: made, used and dropped on one thread; libaom has threads of its own.
@safe
package struct AOMBackend: EncoderBackend, ~Copyable {
    private var codec: AOMCodec
    private let parameters: AOMParameters
    private var config: ValidatedEncoderConfig { parameters.config }

    private var times = AOMTimes()
    private var reader: AV1StreamReader
    private var watch: AOMLevelWatch?
    /// `nil` where the rate was checked already.
    private var rateWatch: LevelRateWatch?
    /// `nil` where libaom keeps its rate itself, or keeps none.
    private var steering: AOMSteering?
    private var ready: [EncodedVideoChunk] = []
    private var isDraining = false
    /// Frames since the last key frame that was made here.
    private var sinceKey: Int?
    /// The quantizer that libaom is set to.
    private var quantizer: Int?

    /// Opens the encoder.
    ///
    /// - Parameters:
    ///   - config: What to encode; a codec that was left open is chosen as ``resolve(_:)`` does.
    ///   - logger: Told which level and tiles were chosen; libaom itself has no messages.
    /// - Throws: ``VideoTypes/EncoderError`` for what libaom cannot do, or if it cannot be opened.
    package init(_ config: ValidatedEncoderConfig, logger: Logger) throws(EncoderError) {
        let parameters: AOMParameters
        do throws(EncoderConfigError) { parameters = try AOMParameters(config) } catch { throw .config(error) }
        codec = try parameters.open()
        self.parameters = parameters
        reader = AV1StreamReader(config, promised: parameters.codec, describesUnusual: true)
        watch = AOMLevelWatch(config, parameters.codec)
        quantizer = config.fixedQuantizer
        steering = config.steeredBitrate.map(AOMSteering.init(bitrate:))
        if config.values.framerate == nil {
            rateWatch = LevelRate(.av1(parameters.codec), config.size).map(LevelRateWatch.init)
        }
        logger.debug("libaom \(Self.libraryVersion) encodes \(parameters.codec)")
        if let notice = Self.notice(config) { logger.notice("\(notice)") }
    }

    /// The configuration with its profile and level chosen and everything checked that can be without encoding.
    package static func resolve(
        _ config: ValidatedEncoderConfig
    ) throws(EncoderConfigError) -> ValidatedEncoderConfig {
        let parameters = try AOMParameters(config)
        do throws(EncoderError) {
            _ = try parameters.open()
        } catch .config(let error) {
            throw error
        } catch {
            throw .unsupported("libaom cannot do this: \(error)")
        }
        return try config.resolved(to: parameters.codec.description)
    }

    /// A notice about an unexpected effect of a resolved configuration in libaom; `nil` without one.
    package static func notice(_ config: ValidatedEncoderConfig) -> String? {
        config.presetTaken.map { given, taken in
            "libaom takes preset \(given) for preset \(taken), its fastest in \(Setting.latencyMode) quality"
        }
    }

    /// Without a frame rate, timestamps must increase: rate control follows them, or their average rate. With one it counts
    /// frames.
    package static func frameRules(_ config: ValidatedEncoderConfig) -> FrameRules {
        var rules = FrameRules(encoder: "libaom")
        switch AOMClock(config.values.countedFramerate) {
        case .frames: break
        case .microseconds(let rate): rules.mostFrames = rate.frames(within: AOMTimes.longest - 1)
        case .timestamps: rules.longestSpan = AOMTimes.longest - 1
        }
        guard config.values.framerate == nil else { return rules }
        rules.needsGrowingTimestamps = true
        if let level = LevelRate(config) {
            rules.rateLimit = FrameRules.RateLimit(framesPerSecond: level.framesPerSecond, check: level.check)
        }
        return rules
    }

    /// The version of the library.
    package static var libraryVersion: String { unsafe String(cString: aom_codec_version_str()) }

    /// Takes one frame.
    package mutating func submit(_ frame: borrowing VideoFrame, options: EncodeOptions) throws(EncoderError) {
        try check(frame.layout)
        let isKey = nextIsKey(options)
        if config.restarts(atKeyFrame: options.keyFrame || isKey) { try restart() }
        let (pts, duration) = try times.accept(
            timestamp: frame.timestamp,
            duration: frame.duration,
            clock: parameters.clock
        )
        try checkRate(at: frame.timestamp)
        try apply(options)
        if let layers = config.layers, let number = sinceKey {
            try codec.setLayer(
                layers.mode.temporalLayer(ofFrame: number),
                references: layers.references(ofFrame: number)
            )
        }
        var image = unsafe AOMImage.image(frame.layout, isMonochrome: parameters.isMonochrome)
        let layout = frame.layout
        try frame.withBytes { bytes throws(EncoderError) in
            // SAFETY: aom_codec_encode copies the planes before it returns; no pointer outlives the closure.
            try unsafe bytes.withUnsafeBytes { bytes throws(EncoderError) in
                unsafe AOMImage.setPlanes(&image, layout, at: bytes)
                try unsafe codec.encode(&image, pts: pts, duration: duration, isKey: isKey)
            }
        }
        try collect()
    }

    /// The next chunk, or `nil` if libaom wants another frame or has delivered its last.
    package mutating func nextChunk() throws(EncoderError) -> EncodedVideoChunk? {
        while ready.isEmpty, isDraining, times.areWaiting { try flush() }
        return ready.isEmpty ? nil : ready.removeFirst()
    }

    /// Ends the input.
    package mutating func drain() throws(EncoderError) { isDraining = true }

    /// The picture that was coded last, as libaom itself predicts from it: filtered and restored, without film grain, which
    /// only decoders add. For tests, which hold it against a decoder's.
    func reconstruction() -> [UInt8]? { codec.reconstruction() }
}

extension AOMBackend {
    /// libaom reads as much as it was configured for, whatever the frame has.
    private func check(_ layout: PictureLayout) throws(EncoderError) {
        let format = PixelFormat.planar(config.values.chroma, bitDepth: config.values.bitDepth)
        guard layout.size == config.size, layout.format == format else {
            throw .invalidFrame(
                "a \(layout.size) \(layout.format.rawValue) frame does not fit an encoder that is configured for"
                    + " \(config.size) \(format.rawValue)"
            )
        }
    }

    /// Throws if more frames come within a second than the level has room for.
    private mutating func checkRate(at timestamp: Int64) throws(EncoderError) {
        do throws(EncoderConfigError) {
            try rateWatch?.take(timestamp)
        } catch {
            throw .config(error)
        }
    }

    /// The frame's own quantizer, if it has one.
    private mutating func apply(_ options: EncodeOptions) throws(EncoderError) {
        guard case .quantizer(let constant) = config.rateControl else { return }
        let wanted = options.quantizer ?? constant
        guard wanted != quantizer else { return }
        unsafe try codec.configure(unsafe parameters.settings(quantizer: wanted))
        if let layers = config.layers {
            try codec.setLayers(parameters.layerParameters(layers, quantizer: wanted))
        }
        quantizer = wanted
    }

    /// Whether the frame is to be a key frame by somebody else's choice than libaom's.
    private mutating func nextIsKey(_ options: EncodeOptions) -> Bool {
        guard config.makesOwnKeys else { return false }
        let next = sinceKey.map { $0 + 1 } ?? 0
        let isKey = options.keyFrame || next == 0 || next >= config.longestInterval
        sinceKey = isKey ? 0 : next
        return isKey
    }

    /// One step of getting what is delayed.
    private mutating func flush() throws(EncoderError) {
        try unsafe codec.encode(nil, pts: 0, duration: 0, isKey: false)
        guard try collect() else {
            throw .codec(operation: "aom_codec_encode returned fewer frames than it received", status: -1)
        }
    }

    /// Lets another encoder go on, whose first frame is the key frame that was asked for. Outside of the realtime usage,
    /// libaom 3.6 either makes the next frame a key frame as well, or forgets one of two that follow each other, or, where
    /// a second flag keeps it from that, writes frames that no decoder takes.
    private mutating func restart() throws(EncoderError) {
        guard times.haveBegun else { return }
        while times.areWaiting { try flush() }
        codec = try parameters.open()
        quantizer = config.fixedQuantizer
    }

    /// Takes what libaom has made; whether it was anything.
    @discardableResult
    private mutating func collect() throws(EncoderError) -> Bool {
        let made = codec.packets()
        for packet in made { ready.append(try chunk(packet)) }
        return !made.isEmpty
    }

    private mutating func steer(_ byteCount: Int, seconds: Double) throws(EncoderError) {
        // At the end, no frames remain to plan for.
        guard let bitrate = steering?.take(byteCount: byteCount, seconds: seconds), !isDraining else { return }
        unsafe try codec.configure(unsafe parameters.settings(bitrate: bitrate))
    }

    private mutating func chunk(_ packet: AOMCodec.Packet) throws(EncoderError) -> EncodedVideoChunk {
        let unit: AV1StreamReader.Unit
        do throws(BitstreamError) {
            unit = try reader.read(packet.data)
        } catch {
            throw .codec(operation: "reading libaom's temporal unit: \(error)", status: -1)
        }
        let (timestamp, duration, length) = try times.release(pts: packet.pts)
        try steer(unit.data.count, seconds: parameters.seconds(length))
        let type: EncodedVideoChunk.ChunkType = unit.isKey ? .key : .delta
        var chunk = EncodedVideoChunk(type: type, timestamp: timestamp, duration: duration, data: unit.data)
        chunk.quantizerIndex = unit.headers.last(where: \.isShown)?.baseQuantizerIndex
        chunk.quantizer = chunk.quantizerIndex.flatMap { QuantizerScale(.av1).level(nearestTo: $0) }
        if let quantizer, let coded = chunk.quantizer, coded != quantizer {
            throw .codec(operation: "libaom used the quantizer \(coded) for a frame, not \(quantizer)", status: -1)
        }
        chunk.temporalLayerId = unit.temporalID
        if unit.isKey { chunk.decoderConfig = reader.decoderConfig }
        try watch?.take(timestamp: timestamp, byteCount: unit.data.count, headers: unit.headers)
        return chunk
    }
}

/// `aom_image_t` over the planes of a frame.
enum AOMImage {
    static func image(_ layout: PictureLayout, isMonochrome: Bool) -> aom_image_t {
        var image = unsafe aom_image_t()
        let chroma = layout.format.chroma ?? .yuv420
        let base: aom_img_fmt_t =
            switch chroma {
            case .yuv420: AOM_IMG_FMT_I420
            case .yuv422: AOM_IMG_FMT_I422
            case .yuv444: AOM_IMG_FMT_I444
            }
        let isDeep = layout.format.bytesPerSample == 2
        let format = base.rawValue | (isDeep ? UInt32(AOM_IMG_FMT_HIGHBITDEPTH) : 0)
        unsafe image.fmt = aom_img_fmt_t(rawValue: format)
        unsafe image.monochrome = isMonochrome ? 1 : 0
        unsafe (image.w, image.h) = (UInt32(layout.size.width), UInt32(layout.size.height))
        unsafe (image.d_w, image.d_h) = (image.w, image.h)
        unsafe image.bit_depth = UInt32(isDeep ? 16 : 8)
        unsafe image.bps = CInt((isDeep ? 2 : 1) * (chroma == .yuv420 ? 12 : chroma == .yuv422 ? 16 : 24))
        unsafe image.x_chroma_shift = chroma == .yuv444 ? 0 : 1
        unsafe image.y_chroma_shift = chroma == .yuv420 ? 1 : 0
        return unsafe image
    }

    /// The planes are only read; `aom_image_t` has no const.
    static func setPlanes(_ image: inout aom_image_t, _ layout: PictureLayout, at bytes: UnsafeRawBufferPointer) {
        let base = unsafe UnsafeMutableRawPointer(mutating: bytes.baseAddress)?.assumingMemoryBound(to: UInt8.self)
        let planes = layout.planes
        unsafe image.planes = (
            base.map { unsafe $0 + planes[0].offset }, base.map { unsafe $0 + planes[1].offset },
            base.map { unsafe $0 + planes[2].offset }
        )
        unsafe image.stride = (CInt(planes[0].stride), CInt(planes[1].stride), CInt(planes[2].stride))
    }

    /// The samples of all planes, without what lies between their rows.
    static func samples(_ image: aom_image_t) -> [UInt8] {
        let size = unsafe image.fmt.rawValue & UInt32(AOM_IMG_FMT_HIGHBITDEPTH) != 0 ? 2 : 1
        let planes = unsafe [image.planes.0, image.planes.1, image.planes.2]
        let strides = unsafe [image.stride.0, image.stride.1, image.stride.2].map { Int($0) }
        var samples: [UInt8] = []
        for index in 0..<(unsafe image.monochrome == 0 ? 3 : 1) {
            guard let plane = unsafe planes[index] else { continue }
            let shifts = unsafe index == 0 ? (0, 0) : (image.x_chroma_shift, image.y_chroma_shift)
            let (width, height) = unsafe ((image.d_w + shifts.0) >> shifts.0, (image.d_h + shifts.1) >> shifts.1)
            for row in 0..<Int(height) {
                // SAFETY: a plane has that many rows, a stride apart, of at least that many samples.
                let start = unsafe plane + row * strides[index]
                unsafe samples += UnsafeBufferPointer(start: start, count: Int(width) * size)
            }
        }
        return samples
    }
}
