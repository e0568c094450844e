internal import Bitstream
public import EncoderCore
package import LibAV
public import VideoTypes

/// WebCodecs' answer to `VideoDecoder.isConfigSupported()`.
public typealias DecoderConfigSupport = CodecSupport<DecoderConfig>

extension VideoDecoder {
    /// Opens the decoder that does the configuration's codec, and waits until it is open.
    ///
    /// - Parameters:
    ///   - config: What to decode: an encoder's own (``VideoTypes/EncodedVideoChunk/decoderConfig``), or a container's.
    ///   - options: How the frames are to come out.
    /// - Throws: ``VideoTypes/DecoderError/invalidConfig(_:)`` or ``VideoTypes/DecoderError/unsupported(_:)``, and what
    ///   ``EncoderCore/VideoDecoder/configure(_:)`` throws.
    @available(*, noasync, message: "blocks the calling thread")
    public func configure(
        _ config: DecoderConfig,
        options: DecoderOptions = DecoderOptions()
    ) throws(DecoderError) {
        try configure(DecoderSetup(config, options: options))
    }

    /// Whether a configuration can be decoded, without decoding anything. Its decoder is opened for that.
    public static func isConfigSupported(
        _ config: DecoderConfig,
        options: DecoderOptions = DecoderOptions()
    ) -> DecoderConfigSupport {
        do throws(DecoderError) {
            _ = try DecoderSetup(config, options: options)
            _ = try LibAVDecoder(config, threads: 1)
            return .supported(config)
        } catch {
            if case .invalidConfig(let reason) = error { return .invalid(reason) }
            return .unsupported(error.description)
        }
    }
}

extension AsyncVideoDecoder {
    /// Opens the decoder that does the configuration's codec; ``EncoderCore/VideoDecoder/configure(_:options:)`` for
    /// tasks.
    public func configure(
        _ config: DecoderConfig,
        options: DecoderOptions = DecoderOptions()
    ) async throws {
        try await configure(DecoderSetup(config, options: options))
    }
}

extension DecoderSetup {
    /// The decoder for a configuration, by libavcodec, and the conversion to the requested format.
    ///
    /// - Parameters:
    ///   - config: What to decode.
    ///   - options: How the frames are to come out.
    /// - Throws: ``VideoTypes/DecoderError/invalidConfig(_:)`` or ``VideoTypes/DecoderError/unsupported(_:)``.
    public init(_ config: DecoderConfig, options: DecoderOptions = DecoderOptions()) throws(DecoderError) {
        let reader: any UnitReading
        do throws(EncoderConfigError) {
            reader = try config.checked(options)
        } catch {
            throw error.isUnsupported ? .unsupported(error.description) : .invalidConfig(error.description)
        }
        let threads = options.usedThreads
        let conversion = options.conversion
        self.init(
            config: config,
            checkKey: { chunk throws(DecoderError) in
                if !options.isMidway { try Self.checkKey(chunk, reader) }
            },
            makeBackend: { source throws(DecoderError) in
                try LibAVDecoder(
                    config,
                    threads: threads,
                    isMidway: options.isMidway,
                    keepsAlpha: options.alpha == .keep,
                    frames: source,
                    conversion: conversion
                )
            }
        )
    }

    /// Throws if decoding cannot start with a chunk that is marked as key: one without an IDR picture of H.264, a random access
    /// picture of HEVC, a key frame of VP8 or VP9, or a shown key frame of AV1.
    ///
    /// - Parameters:
    ///   - chunk: A key chunk.
    ///   - reader: A reader at the beginning of the stream.
    private static func checkKey(_ chunk: EncodedVideoChunk, _ reader: any UnitReading) throws(DecoderError) {
        let place = "the chunk at \(chunk.timestamp) µs"
        var reader = reader
        let isKey: Bool
        do throws(BitstreamError) {
            isKey = try reader.read(chunk.data).isKey
        } catch {
            throw .dataError("\(place) cannot be read: \(error)")
        }
        guard isKey else { throw .dataError("\(place) is marked as a key chunk, but its picture is not a key frame") }
    }
}

extension DecoderConfig {
    /// Everything that can be checked without a codec library; a reader of the stream that is to come.
    fileprivate func checked(_ options: DecoderOptions) throws(EncoderConfigError) -> any UnitReading {
        let codec = try CodecRequest(.exact(codec)).codec
        try Self.check("codedWidth", codedWidth, in: 1...PictureSize.limit)
        try Self.check("codedHeight", codedHeight, in: 1...PictureSize.limit)
        try Self.check("threads", options.threads ?? 1, in: 1...64)
        if options.alpha == .keep, ![.vp8, .vp9].contains(codec) {
            throw .unsupported("\(codec.name) has no transparency to keep (VP8 and VP9 have)")
        }
        if let format = options.outputFormat, format.isPlanarWithAlpha, options.alpha == .discard {
            throw .unsupported("decoded pictures have no transparency, but \(format.rawValue) needs it")
        }
        do throws(BitstreamError) {
            var setup = UnitReaderSetup(codec)
            // VP8 and VP9 streams need none.
            setup.description = description
            return try setup.makeReader()
        } catch {
            let bytes = "\(description?.count ?? 0) bytes"
            throw .malformed(field: "description", value: bytes, expected: "a \(codec.name) record: \(error)")
        }
    }

    private static func check(
        _ field: String,
        _ value: Int,
        in allowed: ClosedRange<Int>
    ) throws(EncoderConfigError) {
        guard allowed.contains(value) else { throw .outOfRange(field: field, actual: value, allowed: allowed) }
    }
}

extension PixelFormat {
    fileprivate var isPlanarWithAlpha: Bool { if case .planarWithAlpha = components { true } else { false } }
}

extension DecoderOptions {
    /// The conversion of a decoder's pictures to the requested format.
    package var conversion: DecodedPictureConversion {
        let (format, isPremultiplied) = (outputFormat, isPremultiplied)
        return { kind throws(DecoderError) in
            if isPremultiplied, kind.hasAlphaPlane { return try StraighteningConverter(kind) }
            if kind.alphaBits != nil { return try AlphaJoiningConverter(kind, as: format) }
            return try format.map { DecoderConversion(format: $0) }?.converter(for: kind)
        }
    }

    /// Threads that decode.
    package var usedThreads: Int { threads ?? min(CodecRoom.usableCores, 64) }
}
