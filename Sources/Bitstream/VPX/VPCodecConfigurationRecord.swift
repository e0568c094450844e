package import VideoTypes

/// `VPCodecConfigurationRecord`, version 1: what the `vpcC` box of MP4 stores about a VP9 stream (VP Codec ISO Media File
/// Format Binding).
package struct VPCodecConfigurationRecord: Hashable, Sendable {
    /// The codec string with the same values, with chroma and color.
    package let codec: VP9CodecString

    /// The record of a stream.
    ///
    /// - Parameters:
    ///   - header: The header of a key frame.
    ///   - level: Ten times the level's number, which headers do not store.
    ///   - color: The color; the header has only its ``VP9ColorSpace``.
    ///   - chromaLocation: Where 4:2:0 chroma is; the record distinguishes only ``ChromaLocation/topLeft`` from all others.
    /// - Throws: ``BitstreamError`` if the header is not a key frame's, or its chroma is 4:4:0.
    package init(
        header: VP9FrameHeader,
        level: Int,
        color: VideoColorSpace,
        chromaLocation: ChromaLocation = .left
    ) throws(BitstreamError) {
        guard let config = header.color, let chroma = config.chroma else {
            throw BitstreamError(.unsupported, "no color, or 4:4:0 chroma", at: .byte(0), expected: "a key frame")
        }
        let siting = VP9CodecString.Chroma(chroma, at: chromaLocation)
        let format = VP9CodecString.Format(chroma: siting, color: color)
        codec = VP9CodecString(profile: header.profile, level: level, bitDepth: config.bitDepth, format: format)
    }

    /// The record's eight bytes.
    package var bytes: [UInt8] {
        let (chroma, color) = (codec.format?.chroma ?? .yuv420Vertical, codec.format?.color ?? .unspecified)
        let depth = UInt8(codec.bitDepth) << 4 | UInt8(chroma.rawValue) << 1 | (color.fullRange ? 1 : 0)
        let codes = [color.primaries.rawValue, color.transfer.rawValue, color.matrix.rawValue]
        // codecInitializationDataSize is 0 for VP8 and VP9.
        return [UInt8(codec.profile), UInt8(codec.level), depth] + codes + [0, 0]
    }

    /// The payload of the `vpcC` box: version 1, no flags, and the record.
    package var boxPayload: [UInt8] { [1, 0, 0, 0] + bytes }
}

extension VP9CodecString.Chroma {
    /// The code for a subsampling, and for where 4:2:0 samples are.
    package init(_ chroma: ChromaSubsampling, at location: ChromaLocation) {
        switch chroma {
        case .yuv420: self = location == .topLeft ? .yuv420Colocated : .yuv420Vertical
        case .yuv422: self = .yuv422
        case .yuv444: self = .yuv444
        }
    }
}
