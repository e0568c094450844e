internal import Bitstream
internal import CX264
package import EncoderCore
package import Logging
package import VideoTypes

/// H.264 by libx264.
///
/// Takes frames in `i420` and `nv12`, `i422` or `i444`, by the configuration's chroma, or with 10 bits `i420p10`, `i422p10` or
/// `i444p10`.
///
/// With temporal layers, each frame's chunk comes out before the next frame goes in, in both latency modes: without B-frames
/// and lookahead. Key frames come on request and at the key frame interval (250 unless set), not at scene changes. The bit rate
/// holds for all layers together; libx264 decides how they share it.
///
/// Thread-safety: made, used and dropped on one thread; libx264 has threads of its own.
@safe
package struct X264Backend: EncoderBackend, ~Copyable {
    private let encoder: OpaquePointer
    private let config: ValidatedEncoderConfig
    private let parameterSets: X264ParameterSets
    private let decoderConfig: DecoderConfig
    private let level: AVCLevel
    private let codec: AVCCodecString
    // libx264 holds a pointer to it.
    private let log: X264Log

    private var times = X264Times()
    private var decodeTimes: DecodeTimes
    // `nil` if there is but one.
    private var pattern: TemporalPattern?
    private var bucket: LevelBucket?
    private var ready: EncodedVideoChunk?
    private var isDraining = false
    /// What keeps the bit rate by timestamps, and what it told libx264 last.
    private var pacing: X264Pacing?
    private var paced: X264Pacing.Rates?
    /// `nil` where the rate was checked already.
    private var rateWatch: LevelRateWatch?

    /// Opens the encoder.
    ///
    /// - Parameters:
    ///   - config: What to encode; a codec that was left open is chosen as ``resolve(_:)`` does.
    ///   - logger: Takes libx264's messages: its warnings as such, the rest as debug.
    /// - Throws: ``VideoTypes/EncoderError`` for what libx264 cannot do, or if it cannot be opened.
    package init(_ config: ValidatedEncoderConfig, logger: Logger) throws(EncoderError) {
        let parameters = try Self.parameters(config)
        try Self.requireRoom(config)
        let log = X264Log(logger)
        log.attach(to: parameters)
        guard let encoder = unsafe cx264_encoder_open(parameters.pointer) else {
            throw .codec(operation: "x264_encoder_open", status: -1)
        }
        let (sets, level): (X264ParameterSets, AVCLevel)
        do throws(EncoderError) {
            sets = try unsafe Self.parameterSets(of: encoder, parameters)
            level = try Self.checkedLevel(parameters, sets.sps)
        } catch {
            unsafe x264_encoder_close(encoder)
            throw error
        }
        unsafe self.encoder = encoder
        self.log = log
        self.config = config
        (self.level, codec) = (level, parameters.codec)
        parameterSets = sets
        decoderConfig = sets.decoderConfig(config.values, sampleEntry: parameters.codec.sampleEntry)
        decodeTimes = DecodeTimes(delay: sets.sps.maxNumReorderFrames ?? 0)
        let mode = config.values.scalabilityMode
        pattern = config.hasLayers ? TemporalPattern(mode, keyFrameInterval: config.values.keyFrameInterval) : nil
        bucket = LevelBucket(config, level, codec: parameters.codec)
        pacing = parameters.pacing
        guard config.values.framerate == nil else { return }
        rateWatch = LevelRate(.avc(parameters.codec), config.size).map(LevelRateWatch.init)
    }

    deinit { unsafe x264_encoder_close(encoder) }

    /// The configuration with its profile and level chosen and everything checked that can be without encoding.
    package static func resolve(
        _ config: ValidatedEncoderConfig
    ) throws(EncoderConfigError) -> ValidatedEncoderConfig {
        try config.resolved(to: X264Parameters(config).codec.description)
    }

    /// Rate control follows the frames' timestamps, which then must increase; with a frame rate it counts frames.
    ///
    /// - Parameter config: A resolved configuration.
    package static func frameRules(_ config: ValidatedEncoderConfig) -> FrameRules {
        var rules = FrameRules(encoder: "libx264")
        rules.needsGrowingTimestamps = !config.countsFrames
        if config.values.framerate == nil, let level = LevelRate(config) {
            rules.rateLimit = FrameRules.RateLimit(framesPerSecond: level.framesPerSecond, check: level.check)
        }
        return rules
    }

    /// The version of the library, as `x264 --version` gives it.
    package static var libraryVersion: String { unsafe String(cString: cx264_version()) }

    /// Takes one frame.
    package mutating func submit(_ frame: borrowing VideoFrame, options: EncodeOptions) throws(EncoderError) {
        try check(frame.layout)
        let number = try times.accept(
            timestamp: frame.timestamp,
            duration: frame.duration,
            countsFrames: config.countsFrames
        )
        try checkRate(at: frame.timestamp)
        try pace(frame.timestamp, lasting: frame.duration)
        decodeTimes.accept(timestamp: frame.timestamp)
        if let place = pattern?.next(number: number, keyFrame: options.keyFrame) {
            ready = try encode(frame, number: number, options, at: place)
        } else {
            ready = try encode(frame, number: number, options)
        }
    }

    /// The next chunk in decoding order, or `nil` if libx264 wants another frame or has delivered its last.
    package mutating func nextChunk() throws(EncoderError) -> EncodedVideoChunk? {
        if let chunk = ready.take() { return chunk }
        guard isDraining, unsafe x264_encoder_delayed_frames(encoder) > 0 else { return nil }
        // libx264 may need several calls for the next of its delayed frames.
        while unsafe x264_encoder_delayed_frames(encoder) > 0 {
            if let chunk = try unsafe encode(nil) { return chunk }
        }
        return nil
    }

    /// Ends the input.
    package mutating func drain() throws(EncoderError) { isDraining = true }
}

extension X264Backend {
    private static func parameters(_ config: ValidatedEncoderConfig) throws(EncoderError) -> X264Parameters {
        do throws(EncoderConfigError) {
            return try X264Parameters(config)
        } catch {
            throw .config(error)
        }
    }

    private static func parameterSets(
        of encoder: OpaquePointer,
        _ parameters: borrowing X264Parameters
    ) throws(EncoderError) -> X264ParameterSets {
        var units: UnsafeMutablePointer<x264_nal_t>?
        var count: CInt = 0
        let size = unsafe x264_encoder_headers(encoder, &units, &count)
        guard size > 0, let first = unsafe units?.pointee.p_payload else {
            throw .codec(operation: "x264_encoder_headers", status: Int(size))
        }
        do throws(BitstreamError) {
            // SAFETY: the payloads of one call are one after the other (x264.h, x264_encoder_headers).
            let headers = unsafe Array(UnsafeBufferPointer(start: first, count: Int(size)))
            let isAnnexB = parameters.config.values.avcFormat == .annexB
            let units = isAnnexB ? AnnexB.split(headers) : try LengthPrefixed.split(headers)
            return try X264ParameterSets(units: units, codec: parameters.codec, of: parameters.config)
        } catch {
            throw .codec(operation: "reading libx264's parameter sets: \(error)", status: -1)
        }
    }

    /// The level, after a look at what libx264 really wrote.
    private static func checkedLevel(
        _ parameters: borrowing X264Parameters,
        _ sps: SequenceParameterSet
    ) throws(EncoderError) -> AVCLevel {
        do throws(EncoderConfigError) {
            let level = try X264Promise(parameters.codec).level
            var needs = parameters.requirements(profileIdc: sps.profileIdc)
            needs.decodedFrames = sps.vui?.restriction?.maxDecFrameBuffering ?? sps.maxNumRefFrames
            try needs.check(level, of: parameters.codec)
            return level
        } catch {
            throw .config(error)
        }
    }

    /// Throws if more frames come within a second than the level has macroblocks for (H.264 A.3.1 a).
    private mutating func checkRate(at timestamp: Int64) throws(EncoderError) {
        do throws(EncoderConfigError) {
            try rateWatch?.take(timestamp)
        } catch {
            throw .config(error)
        }
    }

    /// Tells libx264 what the next frame may cost.
    private mutating func pace(_ timestamp: Int64, lasting duration: Int64?) throws(EncoderError) {
        guard let rates = pacing?.rates(at: timestamp, lasting: duration), rates != paced else { return }
        var parameters = unsafe x264_param_t()
        unsafe x264_encoder_parameters(encoder, &parameters)
        if rates.bitrate > 0 { unsafe parameters.rc.i_bitrate = rates.bitrate }
        unsafe parameters.rc.i_vbv_max_bitrate = rates.maxBitrate
        let status = unsafe x264_encoder_reconfig(encoder, &parameters)
        guard status == 0 else { throw .codec(operation: "x264_encoder_reconfig", status: Int(status)) }
        paced = rates
    }

    /// libx264 reads as much as it was configured for, whatever the frame has.
    private func check(_ layout: PictureLayout) throws(EncoderError) {
        let (chroma, bitDepth) = (config.values.chroma, config.values.bitDepth)
        let takesNV12 = chroma == .yuv420 && bitDepth == 8
        let formats = [.planar(chroma, bitDepth: bitDepth)] + (takesNV12 ? [PixelFormat.nv12] : [])
        guard layout.size == config.size, formats.contains(layout.format) else {
            throw .invalidFrame(
                "a \(layout.size) \(layout.format.rawValue) frame does not fit an encoder that is configured for"
                    + " \(config.size) \(chroma.name) with \(bitDepth) bits a sample"
            )
        }
    }

    /// Has libx264 refer to no frame from this one on.
    private func forget(from number: Int64) throws(EncoderError) {
        let status = unsafe x264_encoder_invalidate_reference(encoder, number)
        guard status == 0 else { throw .codec(operation: "x264_encoder_invalidate_reference", status: Int(status)) }
    }

    /// Encodes a frame of a temporal layer.
    private mutating func encode(
        _ frame: borrowing VideoFrame,
        number: Int64,
        _ options: EncodeOptions,
        at place: TemporalPattern.Place
    ) throws(EncoderError) -> EncodedVideoChunk {
        if let first = place.forgottenFrom { try forget(from: first) }
        var options = options
        options.keyFrame = place.isKey
        var chunk = try encode(frame, number: number, options)
        chunk?.temporalLayerId = place.layer
        // A key frame of libx264's own would fall on whatever layer is due.
        guard let chunk, (chunk.type == .key) == place.isKey else {
            throw .codec(operation: "x264_encoder_encode broke the pattern of the temporal layers", status: -1)
        }
        return chunk
    }

    private mutating func encode(
        _ frame: borrowing VideoFrame,
        number: Int64,
        _ options: EncodeOptions
    ) throws(EncoderError) -> EncodedVideoChunk? {
        var picture = unsafe x264_picture_t()
        unsafe x264_picture_init(&picture)
        unsafe picture.i_pts = number
        unsafe picture.i_type = options.keyFrame ? X264_TYPE_IDR : X264_TYPE_AUTO
        if case .quantizer(let quantizer) = config.rateControl, !config.isLossless {
            unsafe picture.i_qpplus1 = CInt((options.quantizer ?? quantizer) + config.quantizerOffset + 1)
        }
        let layout = frame.layout
        return try frame.withBytes { bytes throws(EncoderError) in
            // SAFETY: x264_encoder_encode copies the planes before it returns; no pointer outlives the closure.
            try unsafe bytes.withUnsafeBytes { bytes throws(EncoderError) in
                unsafe picture.img = unsafe x264_image_t(layout, at: bytes)
                return try unsafe encode(&picture)
            }
        }
    }

    /// One call of the encoder, with a picture or, to get what is delayed, without.
    private mutating func encode(_ picture: UnsafeMutablePointer<x264_picture_t>?) throws(EncoderError)
        -> EncodedVideoChunk?
    {
        var units: UnsafeMutablePointer<x264_nal_t>?
        var count: CInt = 0
        var coded = unsafe x264_picture_t()
        let size = unsafe x264_encoder_encode(encoder, &units, &count, picture, &coded)
        guard size >= 0 else { throw .codec(operation: "x264_encoder_encode", status: Int(size)) }
        guard size > 0 else { return nil }
        return try unsafe chunk(UnsafeBufferPointer(start: units, count: Int(count)), coded)
    }

    private mutating func chunk(
        _ units: UnsafeBufferPointer<x264_nal_t>,
        _ coded: x264_picture_t
    ) throws(EncoderError) -> EncodedVideoChunk {
        let isKey = unsafe coded.b_keyframe != 0
        let (timestamp, duration) = try times.release(pts: unsafe coded.i_pts)
        let assembler = AccessUnitAssembler(
            parameterSets: parameterSets,
            format: config.values.avcFormat,
            addsParameterSets: config.values.avcFormat == .avc && decoderConfig.codec.hasPrefix("avc3")
        )
        var chunk = EncodedVideoChunk(type: isKey ? .key : .delta, timestamp: timestamp, duration: duration, data: [])
        do throws(BitstreamError) {
            (chunk.data, chunk.quantizer) = try unsafe assembler.assemble(units, isKey: isKey)
        } catch {
            throw .codec(operation: "reading libx264's access unit: \(error)", status: -1)
        }
        if isKey { chunk.decoderConfig = decoderConfig }
        chunk.decodeTimestamp = decodeTimes.next()
        try bucket?.take(chunk)
        return chunk
    }
}
