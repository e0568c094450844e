internal import Bitstream
internal import VideoTypes

/// The values of a packet's header.
struct VPXHeader: Equatable {
    let isKey: Bool
    /// `y_ac_qi` or `base_q_idx` of the frame that is shown.
    let quantizerIndex: Int?
    /// How to set up a decoder; in key frames.
    let picture: DecoderConfig?

    /// Reads the header of the frame that a packet shows.
    init(_ data: [UInt8], _ parameters: VPXParameters) throws(EncoderError) {
        do throws(BitstreamError) {
            self = try parameters.codec == .vp8 ? Self.vp8(data, parameters) : Self.vp9(data, parameters)
        } catch {
            throw .codec(operation: "reading libvpx's packet: \(error)", status: -1)
        }
    }

    private init(isKey: Bool, quantizerIndex: Int?, picture: DecoderConfig?) {
        (self.isKey, self.quantizerIndex, self.picture) = (isKey, quantizerIndex, picture)
    }

    private static func vp8(_ data: [UInt8], _ parameters: VPXParameters) throws(BitstreamError) -> VPXHeader {
        let header = try VP8FrameHeader(parsing: data)
        let picture = header.keyFrame.map { key in
            decoderConfig("vp8", key.size, .bt601, parameters)
        }
        return VPXHeader(isKey: header.isKey, quantizerIndex: header.quantizerIndex, picture: picture)
    }

    private static func vp9(_ data: [UInt8], _ parameters: VPXParameters) throws(BitstreamError) -> VPXHeader {
        let headers = try VP9Superframe.split(data).map { frame throws(BitstreamError) in
            try VP9FrameHeader(parsing: frame)
        }
        guard let shown = headers.last, shown.isShown, headers.dropLast().allSatisfy({ !$0.isShown }) else {
            let what = "a chunk of \(headers.count) frames"
            throw BitstreamError(.invalid, what, at: .byte(0), expected: "one that is shown, the last")
        }
        let index = shown.existingFrame == nil ? shown.quantizerIndex : nil
        guard shown.isKey, let color = shown.color, let size = shown.size else {
            return VPXHeader(isKey: false, quantizerIndex: index, picture: nil)
        }
        // A header has no level; the rest of the string is the header's.
        var string = parameters.string ?? VP9CodecString(profile: 0, level: 10, bitDepth: 8)
        (string.profile, string.bitDepth) = (shown.profile, color.bitDepth)
        let space = colorSpace(color, configured: parameters.config.values.colorSpace)
        return VPXHeader(
            isKey: true,
            quantizerIndex: index,
            picture: decoderConfig(string.description, size, space, parameters)
        )
    }

    /// Matrix and range from the header. Primaries and transfer, which it does not store separately, are those of the
    /// container, unless the header contradicts.
    private static func colorSpace(
        _ color: VP9FrameHeader.ColorConfig,
        configured: VideoColorSpace
    ) -> VideoColorSpace {
        var space = color.colorSpace.h273(fullRange: color.fullRange, bitDepth: color.bitDepth)
        if space.matrix == configured.matrix {
            (space.primaries, space.transfer) = (configured.primaries, configured.transfer)
        }
        return space
    }

    private static func decoderConfig(
        _ codec: String,
        _ size: PictureSize,
        _ color: VideoColorSpace,
        _ parameters: VPXParameters
    ) -> DecoderConfig {
        var config = DecoderConfig(
            codec: codec,
            codedWidth: size.width,
            codedHeight: size.height,
            // Neither bitstream stores it; containers do.
            pixelAspectRatio: parameters.config.values.pixelAspectRatio ?? .square,
            colorSpace: color,
            description: nil
        )
        config.orientation = parameters.config.values.orientation
        return config
    }
}
