package import VideoTypes

/// Reads what a hardware encoder of VP8 or VP9 made; the bytes stay as they are.
package struct VPXStreamReader: StreamReading {
    private let config: ValidatedEncoderConfig
    package private(set) var decoderConfig: DecoderConfig?

    package init(_ config: ValidatedEncoderConfig) { self.config = config }

    package var reorderedPictures: Int? { 0 }

    package mutating func readHeaders(_ bytes: [UInt8]) throws(EncoderError) {}

    package mutating func read(_ bytes: [UInt8], isKey: Bool) throws(EncoderError) -> CodedPicture {
        let isVP8 = config.codec.codec == .vp8
        do throws(BitstreamError) {
            return try isVP8 ? vp8(bytes) : vp9(bytes)
        } catch {
            throw .unreadable(isVP8 ? "a frame of VP8" : "a frame of VP9", error)
        }
    }

    private mutating func vp8(_ bytes: [UInt8]) throws(BitstreamError) -> CodedPicture {
        let header = try VP8FrameHeader(parsing: bytes)
        if let key = header.keyFrame { decoderConfig = decoder("vp8", key.size, .bt601) }
        return picture(bytes, isKey: header.isKey, index: header.quantizerIndex, .vp8)
    }

    private mutating func vp9(_ bytes: [UInt8]) throws(BitstreamError) -> CodedPicture {
        let header = try VP9FrameHeader(parsing: bytes[...])
        if header.isKey, let size = header.size, let color = header.color {
            let needs = VP9LevelNeeds(size: size, framerate: config.levelFramerate, bitrate: config.values.bitrate)
            let level = needs.lowestLevel?.number ?? 62
            let lowest = VP9CodecString(profile: header.profile, level: level, bitDepth: color.bitDepth)
            let codec = if case .vp9(let asked) = config.codec { asked } else { lowest }
            let space = color.colorSpace.h273(fullRange: color.fullRange, bitDepth: color.bitDepth)
            decoderConfig = decoder(codec.description, size, space)
        }
        return picture(bytes, isKey: header.isKey, index: header.quantizerIndex, .vp9)
    }

    private func picture(_ bytes: [UInt8], isKey: Bool, index: Int, _ codec: VideoCodec) -> CodedPicture {
        let level = QuantizerScale(codec).level(nearestTo: index)
        return CodedPicture(data: bytes, isKey: isKey, quantizer: level, quantizerIndex: index)
    }

    private func decoder(_ codec: String, _ size: PictureSize, _ color: VideoColorSpace) -> DecoderConfig {
        var decoder = DecoderConfig(
            codec: codec,
            codedWidth: size.width,
            codedHeight: size.height,
            pixelAspectRatio: config.values.pixelAspectRatio ?? .square,
            colorSpace: color,
            description: nil
        )
        decoder.orientation = config.values.orientation
        return decoder
    }
}
