internal import PixelConversion
internal import VideoTypes

/// Makes frames as an encoder takes them of frames as a user of the library has them.
struct FramePreparation: Sendable {
    private let config: ValidatedEncoderConfig
    private let format: PixelFormat

    init(_ config: ValidatedEncoderConfig) {
        self.config = config
        format = .planar(config.values.chroma)
    }

    func prepare(_ frame: consuming VideoFrame) throws(EncoderError) -> VideoFrame {
        guard frame.size == config.size else {
            throw .invalidFrame("a \(frame.size) frame does not fit an encoder that is configured for \(config.size)")
        }
        if frame.format == format || (frame.format == .nv12 && format == .i420) { return frame }
        return try convert(frame)
    }

    private func convert(_ frame: borrowing VideoFrame) throws(EncoderError) -> VideoFrame {
        guard let layout = PictureLayout(format: format, size: config.size) else {
            throw .invalidFrame("a picture of \(config.size) overflows")
        }
        let converter = try converter(from: frame.layout, to: layout)
        var converted = VideoFrame(
            layout: layout,
            buffer: PlaneBuffer(byteCount: layout.byteCount),
            timestamp: frame.timestamp,
            duration: frame.duration
        )
        frame.withBytes { bytes in converted.withMutableBytes { converter.convert(picture: bytes, into: &$0) } }
        return converted
    }

    private func converter(from source: PictureLayout, to target: PictureLayout) throws(EncoderError) -> StripConverter
    {
        do throws(EncoderConfigError) {
            return try StripConverter(
                source: source,
                target: target,
                color: config.values.colorSpace,
                chromaLocation: config.values.chromaLocation
            )
        } catch {
            throw .invalidFrame("\(error)")
        }
    }
}
