package import VideoTypes

/// What the headers of a chunk of VP8 or VP9 specify: of one frame, or, in VP9, of frames that are not shown and one that is.
package struct VPXUnit: Hashable, Sendable {
    /// Decoding can start with its first frame.
    package let isKey: Bool
    /// A frame is shown, coded here or before.
    package let isShown: Bool
    /// Only the last frame is shown.
    package let showsLastOnly: Bool
    /// `y_ac_qi` or `base_q_idx` of the last frame; `nil` if it only shows another one.
    package let quantizerIndex: Int?
    /// What its last key frame specifies; `nil` without one.
    package let sequence: VPXSequence?

    /// Reads the headers of a chunk.
    package init(parsing chunk: [UInt8], _ codec: VideoCodec) throws(BitstreamError) {
        self = try codec == .vp8 ? Self(VP8FrameHeader(parsing: chunk)) : Self(superframe: chunk)
    }

    private init(_ header: VP8FrameHeader) {
        (isKey, isShown, showsLastOnly) = (header.isKey, header.isShown, header.isShown)
        quantizerIndex = header.quantizerIndex
        sequence = header.keyFrame.map { VPXSequence(croppedSize: $0.size, colorSpace: .bt601) }
    }

    private init(superframe chunk: [UInt8]) throws(BitstreamError) {
        var headers: [VP9FrameHeader] = []
        for frame in try VP9Superframe.split(chunk) { headers.append(try VP9FrameHeader(parsing: frame)) }
        let shown = headers.map { $0.isShown || $0.existingFrame != nil }
        (isKey, isShown) = (headers.first?.isKey == true, shown.contains(true))
        showsLastOnly = shown.last == true && !shown.dropLast().contains(true)
        quantizerIndex = headers.last.flatMap { $0.existingFrame == nil ? $0.quantizerIndex : nil }
        sequence = headers.reversed().lazy.compactMap(VPXSequence.init).first
    }
}

/// What a key frame of VP8 or VP9 specifies about the pictures.
package struct VPXSequence: CodedSequence, Hashable, Sendable {
    /// The size.
    package let croppedSize: PictureSize
    /// The color.
    package let colorSpace: VideoColorSpace
    /// The profile and bit depth of VP9; `nil` for VP8.
    private var format: Format?

    private struct Format: Hashable, Sendable {
        let profile: Int
        let bitDepth: Int
    }

    fileprivate init(croppedSize: PictureSize, colorSpace: VideoColorSpace) {
        (self.croppedSize, self.colorSpace) = (croppedSize, colorSpace)
    }

    fileprivate init?(_ header: VP9FrameHeader) {
        guard header.isKey, let size = header.size, let color = header.color else { return nil }
        croppedSize = size
        colorSpace = color.colorSpace.h273(fullRange: color.fullRange, bitDepth: color.bitDepth)
        format = Format(profile: header.profile, bitDepth: color.bitDepth)
    }

    /// The codec string. A header of VP9 has no level.
    ///
    /// - Parameters:
    ///   - promised: The string whose level it has; `nil`, the default, for the lowest level.
    ///   - framerate: The frame rate, by which the lowest level is chosen.
    ///   - bitrate: The bit rate, by which the lowest level is chosen. The default is `nil`.
    package func codecString(
        _ promised: VP9CodecString? = nil,
        framerate: FrameRate?,
        bitrate: Int? = nil
    ) -> String {
        guard let format else { return VideoCodec.vp8.rawValue }
        let needs = VP9LevelNeeds(size: croppedSize, framerate: framerate, bitrate: bitrate)
        var string = promised ?? VP9CodecString(profile: 0, level: needs.lowestLevel?.number ?? 62, bitDepth: 8)
        (string.profile, string.bitDepth) = (format.profile, format.bitDepth)
        return string.description
    }

    /// Matrix and range from the header. Primaries and transfer, which VP9 does not store separately, are those of the
    /// container, unless the header contradicts.
    func colorSpace(configured: VideoColorSpace) -> VideoColorSpace {
        guard format != nil, colorSpace.matrix == configured.matrix else { return colorSpace }
        var space = colorSpace
        (space.primaries, space.transfer) = (configured.primaries, configured.transfer)
        return space
    }
}
