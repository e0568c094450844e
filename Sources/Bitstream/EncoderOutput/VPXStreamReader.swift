package import VideoTypes

/// Reads what an encoder of VP8 or VP9 made; the bytes stay as they are.
package struct VPXStreamReader: StreamReading {
    private let config: ValidatedEncoderConfig
    private let codec: VideoCodec
    private let promised: VP9CodecString?
    package private(set) var decoderConfig: DecoderConfig?

    /// - Parameters:
    ///   - config: The encoder's configuration.
    ///   - promised: The codec string of VP9; `nil`, the default, for that of the configuration.
    package init(_ config: ValidatedEncoderConfig, promised: VP9CodecString? = nil) {
        (self.config, codec) = (config, config.codec.codec)
        if case .vp9(let asked) = config.codec { self.promised = promised ?? asked } else { self.promised = promised }
    }

    package var reorderedPictures: Int? { 0 }

    package mutating func readHeaders(_ bytes: [UInt8]) throws(EncoderError) {}

    package mutating func read(_ bytes: [UInt8], isKey: Bool) throws(EncoderError) -> CodedPicture {
        let unit: VPXUnit
        do throws(BitstreamError) {
            unit = try read(bytes)
        } catch {
            throw .unreadable("a frame of \(codec.name)", error)
        }
        let level = unit.quantizerIndex.flatMap { QuantizerScale(codec).level(nearestTo: $0) }
        return CodedPicture(data: bytes, isKey: unit.isKey, quantizer: level, quantizerIndex: unit.quantizerIndex)
    }

    /// Reads the headers of one packet.
    package mutating func read(_ bytes: [UInt8]) throws(BitstreamError) -> VPXUnit {
        let unit = try VPXUnit(parsing: bytes, codec)
        if let sequence = unit.sequence { decoderConfig = decoderConfig(sequence) }
        return unit
    }

    private func decoderConfig(_ sequence: VPXSequence) -> DecoderConfig {
        let values = config.values
        let codec = sequence.codecString(promised, framerate: config.levelFramerate, bitrate: values.bitrate)
        var decoder = DecoderConfig(sequence, codec: codec, madeBy: values)
        decoder.colorSpace = sequence.colorSpace(configured: values.colorSpace)
        return decoder
    }
}
