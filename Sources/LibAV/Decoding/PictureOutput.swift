internal import CFFmpeg
internal import EncoderCore
internal import VideoTypes

/// Makes frames of a decoder's pictures: copied, or converted from where they are, or taken over with their memory.
struct PictureOutput: ~Copyable {
    private let source: FrameSource
    private let conversion: DecodedPictureConversion
    private var kind: DecodedPictureKind?
    private var converter: (any DecodedPictureConverter)?

    init(_ source: FrameSource, _ conversion: @escaping DecodedPictureConversion) {
        (self.source, self.conversion) = (source, conversion)
    }

    /// A frame of the picture.
    ///
    /// - Parameters:
    ///   - picture: The picture.
    ///   - layout: What it is, if its rows are without a gap.
    ///   - color: Its color.
    ///   - time: When it is shown, in microseconds; `nil`, the default, takes the picture's own times for these.
    ///   - alphaBits: Bits of a sample of the transparency that is beside the layout and is to be kept; `nil`, the default, without.
    mutating func frame(
        _ picture: borrowing Picture,
        layout: PictureLayout,
        color: VideoColorSpace,
        time: (timestamp: Int64, duration: Int64?)? = nil,
        alphaBits: Int? = nil
    ) throws(DecoderError) -> DecodedFrame {
        let location = picture.chromaLocation ?? .left
        try prepare(
            DecodedPictureKind(
                format: layout.format,
                size: layout.size,
                colorSpace: color,
                chromaLocation: location,
                alphaBits: alphaBits
            )
        )
        let (timestamp, duration) = if let time { time } else { try picture.time() }
        let target = converter?.target ?? layout
        let planes = try unsafe DecodedPlanes(picture.pointer, layout: layout, alpha: kind?.alphaLayout)
        if let excess = planes.firstExcess { throw .corrupt("the picture at \(timestamp) µs \(excess)") }
        var frame: VideoFrame
        if converter == nil, let packed = picture.packedBytes(layout) {
            frame = VideoFrame(layout: layout, buffer: packed, timestamp: timestamp, duration: duration)
        } else {
            frame = try source.makeFrame(layout: target, timestamp: timestamp, duration: duration)
            frame.withMutableBytes { bytes in
                if let converter { converter.convert(planes, into: &bytes) } else { planes.copy(into: &bytes) }
            }
        }
        frame.hasCheckedSamples = true
        var decoded = DecodedFrame(frame, colorSpace: converter?.colorSpace ?? color)
        decoded.chromaLocation = location
        decoded.dropsAlpha = layout.format.hasAlpha && !target.format.hasAlpha
        decoded.isInterlaced = unsafe cffmpeg_is_interlaced(picture.pointer) != 0
        decoded.isTopFieldFirst = unsafe cffmpeg_is_top_field_first(picture.pointer) != 0
        return decoded
    }

    private mutating func prepare(_ kind: DecodedPictureKind) throws(DecoderError) {
        guard kind != self.kind else { return }
        converter = try conversion(kind)
        self.kind = kind
    }
}
