internal import EncoderCore
internal import Encoders
internal import Jobs
internal import LibAV
internal import VideoTypes

/// Scales decoded frames to one size, and to one format, by libswscale.
struct FrameScaling: ~Copyable {
    private let size: PictureSize
    private let format: PixelFormat?
    private var source: PictureLayout?
    private var color: VideoColorSpace?
    private var scaler: ScalingConverter?
    private var target: PictureLayout?

    /// - Parameters:
    ///   - size: The size.
    ///   - format: The format; `nil` is the frames' own.
    init(to size: PictureSize, format: PixelFormat?) { (self.size, self.format) = (size, format) }

    /// The frame, scaled.
    mutating func scale(_ decoded: borrowing DecodedFrame) throws(JobError) -> VideoFrame {
        try prepare(decoded)
        guard let target, let scaler else { throw .defect("a frame that nothing scales") }
        var buffer = PlaneBuffer(byteCount: target.byteCount)
        decoded.frame.withBytes { source in buffer.withMutableBytes { scaler.convert(source, into: &$0) } }
        return VideoFrame(
            layout: target,
            buffer: buffer,
            timestamp: decoded.frame.timestamp,
            duration: decoded.frame.duration
        )
    }

    private mutating func prepare(_ decoded: borrowing DecodedFrame) throws(JobError) {
        let layout = decoded.frame.layout
        guard layout != source || decoded.colorSpace != color else { return }
        (source, color) = (layout, decoded.colorSpace)
        do throws(EncoderConfigError) {
            guard let target = PictureLayout(format: format ?? layout.format, size: size) else {
                throw .unsupported("a picture of \(size) overflows")
            }
            var result = decoded.colorSpace.guessingMatrix(for: layout.size)
            if target.format.chroma == nil { result.fullRange = true }
            let scaler = try Scaler(
                source: layout,
                sourceIsFullRange: decoded.colorSpace.fullRange,
                target: target,
                color: result,
                chromaLocation: decoded.chromaLocation
            )
            (self.scaler, self.target) = (ScalingConverter(scaler), target)
        } catch {
            throw .config(error)
        }
    }
}
