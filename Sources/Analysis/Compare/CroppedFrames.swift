internal import EncoderCore
internal import Jobs
internal import VideoTypes

/// The top left part of another side's frames.
final class CroppedFrames: ComparedFrames {
    let layout: PictureLayout
    private let whole: any ComparedFrames

    /// - Parameter size: At most that of the frames.
    init(_ whole: any ComparedFrames, _ size: PictureSize) throws(JobError) {
        guard let layout = PictureLayout(format: whole.layout.format, size: size) else {
            throw .defect("a part of \(size) of a picture of \(whole.layout.size)")
        }
        (self.whole, self.layout) = (whole, layout)
    }

    var name: String { whole.name }
    var size: PictureSize { whole.layout.size }
    var color: VideoColorSpace { whole.color }
    var chromaLocation: ChromaLocation { whole.chromaLocation }

    func next() throws(JobError) -> VideoFrame? {
        guard let frame = try whole.next() else { return nil }
        // One that is not like the others is found by the comparison.
        guard frame.format == whole.layout.format, frame.size == whole.layout.size else { return frame }
        let buffer = PlaneBuffer(byteCount: layout.byteCount)
        var part = VideoFrame(layout: layout, buffer: buffer, timestamp: frame.timestamp, duration: frame.duration)
        part.copyPart(of: frame)
        return part
    }
}
