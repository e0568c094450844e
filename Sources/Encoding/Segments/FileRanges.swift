internal import Bitstream
internal import EncoderCore
package import Ingest
package import Jobs
package import VideoTypes

/// How a regular file is made whose frames all have the same length, so that any part of it can be read by itself.
package struct FileShape: Sendable {
    package let isY4M: Bool
    /// The position of the first requested frame.
    package let start: Int
    /// Frames that are wanted.
    package let frames: Int
    /// From one frame to the next.
    package let bytesPerFrame: Int
    /// Bytes of a partial last frame, if that is accepted.
    package let droppedBytes: Int

    private static let frameLine = Y4MFrameHeader.magic.count + 1

    /// How a file is made; `nil` for all that is not in order, which is left to who reads frame by frame and finds out where.
    ///
    /// - Parameters:
    ///   - input: The file, after its header.
    ///   - source: How a frame is laid out in it.
    ///   - isY4M: Each frame has a line before it, whose content is ignored.
    ///   - selection: Which frames are wanted.
    package init?(
        _ input: borrowing ByteSource,
        _ source: PictureLayout,
        isY4M: Bool,
        _ selection: FrameReader.Selection
    ) {
        bytesPerFrame = source.byteCount + (isY4M ? Self.frameLine : 0)
        guard let length = input.length, length > input.position else { return nil }
        let (all, rest) = (length - input.position).quotientAndRemainder(dividingBy: bytesPerFrame)
        let available = all - selection.skip
        frames = selection.count ?? available
        guard frames > 0, frames <= available, selection.expected.map({ [frames] in $0 == frames }) ?? true else {
            return nil
        }
        let endsWithin = rest > 0 && (frames == available || isY4M)
        guard !endsWithin || (selection.acceptPartial && !isY4M) else { return nil }
        self.isY4M = isY4M
        start = input.position + selection.skip * bytesPerFrame
        droppedBytes = endsWithin ? rest : 0
    }
}

/// A regular file of frames that all have the same length, of which any part can be read by itself.
///
/// Thread-safety: all methods may be called from any thread.
package final class FileRanges: Sendable {
    private let input: ByteSource
    /// How the file is made.
    package let shape: FileShape

    /// A file, and how it is made.
    init(_ input: consuming ByteSource, _ shape: FileShape) {
        self.input = input
        self.shape = shape
    }

    /// Opens the bytes of a part, and of all that follows.
    ///
    /// - Parameter observe: Sees the bytes that are read, in order; they are not mapped then.
    package func bytes(
        of segment: Segment,
        observe: (@Sendable (RawSpan) -> Void)? = nil
    ) throws(JobError) -> ByteSource {
        let place = shape.start + segment.firstFrame * shape.bytesPerFrame
        return try asJobError { () throws(IngestError) in try ByteSource(reading: input, from: place, observe: observe)
        }
    }

    /// Opens the frames of a part.
    ///
    /// - Parameters:
    ///   - segment: The part.
    ///   - plan: How its frames become pictures.
    ///   - selection: What is checked of frames, and how many are skipped before the first.
    ///   - pictures: Pictures that may exist at a time.
    ///   - context: Measures the reading.
    ///   - observe: Sees the part's bytes, in order, which are not mapped then.
    package func reader(
        of segment: Segment,
        _ plan: EncodePlan,
        _ selection: FrameReader.Selection,
        pictures: Int,
        _ context: EncodeJob.Context,
        observe: (@Sendable (RawSpan) -> Void)? = nil
    ) throws(JobError) -> FrameReader {
        var selected = FrameReader.Selection()
        (selected.skip, selected.count) = (selection.skip, segment.frames)
        selected.keepsAllBits = selection.keepsAllBits
        return try FrameReader(
            bytes(of: segment, observe: observe),
            isY4M: shape.isY4M,
            plan,
            selected,
            pool: PicturePool(layout: plan.target, capacity: pictures),
            context.progress.ingestClock,
            firstFrame: segment.firstFrame
        )
    }
}
