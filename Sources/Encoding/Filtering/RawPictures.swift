internal import EncoderCore
internal import Ingest
internal import Jobs
internal import Media
internal import Threading
internal import VideoTypes

/// Raw frames, or those of Y4M, as pictures with times.
///
/// Thread-safety: ``next()`` is called on one thread at a time; everything else on any.
final class RawPictures: TimedPictures {
    private let reader: Monitor<FrameReader>
    private let color: VideoColorSpace
    private let header: InputHeader?
    let name: String

    /// Frames as they are in the input, before anything is converted.
    init(
        _ input: consuming ByteSource,
        _ header: InputHeader?,
        _ source: PictureLayout,
        _ job: EncodeJob,
        schedule: FrameSchedule,
        clock: StageClock,
        isSample: Bool = false
    ) throws(JobError) {
        name = header?.name ?? input.name
        var selection = job.selection
        // The first frames alone: how many follow is checked when all are read.
        if isSample { (selection.count, selection.expected, selection.acceptPartial) = (nil, nil, true) }
        let reader = FrameReader(
            input: input,
            source: source,
            isY4M: header != nil,
            conversion: .none,
            selection: selection,
            schedule: schedule,
            pool: PicturePool(layout: source, capacity: 2),
            clock: clock
        )
        if !isSample { try asJobError { () throws(IngestError) in try reader.checkLength() } }
        self.reader = Monitor(reader)
        (self.header, color) = (header, job.colorOfFrames(header, source.format))
    }

    let frameCount: Int? = nil
    let clockError: Int64 = 0
    let end: Int64? = nil
    let gapNotice: String? = nil
    let loss: JobError? = nil

    var bytesRead: Int { reader.withLock { $0.byteCount } }
    var droppedBytes: Int { reader.withLock { $0.droppedBytes } }
    var isInterrupted: Bool { reader.withLock { $0.isInterrupted } }

    /// Passes over the frames that are not wanted.
    func skip() throws(JobError) {
        try reader.withLock { reader throws(JobError) in
            try asJobError { () throws(IngestError) in try reader.skipFrames() }
        }
    }

    func next() throws(JobError) -> DecodedFrame? {
        let read = try reader.withLock { reader throws(JobError) -> VideoFrame? in
            guard let frame = try reader.nextFrame() else {
                try asJobError { () throws(IngestError) in try reader.checkNothingLost() }
                return nil
            }
            return frame
        }
        guard let frame = read else { return nil }
        var picture = DecodedFrame(frame, colorSpace: color)
        picture.isInterlaced = header?.isInterlaced ?? false
        picture.isTopFieldFirst = picture.isInterlaced && header?.isBottomFieldFirst == false
        return picture
    }
}

extension EncodeJob {
    /// The color of raw frames, as far as the job or a header tells.
    func colorOfFrames(_ header: InputHeader?, _ format: PixelFormat) -> VideoColorSpace {
        var known = header?.colorSpace ?? .unspecified
        if inputColor.isEmpty {
            // Tags of the output alone: the input is what they say.
            known.primaries = color.primaries ?? known.primaries
            known.transfer = color.transfer ?? known.transfer
        }
        // RGB and gray are converted to the matrix and the range of the job; YUV is taken to have them.
        guard format.chroma != nil else {
            known.fullRange = header?.fullRange ?? true
            return inputColor.applied(to: known)
        }
        known.matrix = color.matrix ?? known.matrix
        known.fullRange = color.fullRange ?? header?.fullRange ?? known.fullRange
        return inputColor.applied(to: known)
    }
}
