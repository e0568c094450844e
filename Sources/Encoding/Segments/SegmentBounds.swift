package import Jobs
package import Threading
internal import VideoTypes

/// How many pictures and how many bytes of chunks may be in flight where several encoders work on segments.
package struct SegmentBounds: Equatable {
    /// Pictures of each pool.
    package let pictures: Int
    /// What waits for one encoder.
    package let queue: QueueLimits
    /// Bytes of chunks that wait for their turn.
    let waitingBytes: Int
    /// Bytes of chunks that wait to be written.
    let outputBytes: Int

    /// One picture is read, one waits, one is in the codec.
    private static let fewestPictures = 3
    /// The default maximum that is kept of a stream that can be read only once.
    private static let mostUnasked = 1 << 30
    private static let mostChunkBytes = 64 << 20

    /// What is needed of a file, of which each encoder reads its own part, or of a stream.
    package init(
        _ bounds: PipelineBounds,
        workers: Int,
        segmentation: Segmentation,
        isFile: Bool,
        pictureBytes: Int,
        scratchBytes: Int
    ) throws(JobError) {
        self =
            isFile
            ? try Self(ranges: bounds, workers: workers, pictureBytes: pictureBytes, scratchBytes: scratchBytes)
            : try Self(
                stream: bounds,
                workers: workers,
                segmentation: segmentation,
                pictureBytes: pictureBytes,
                scratchBytes: scratchBytes
            )
    }

    /// What is needed of a file, of which each encoder reads its own part.
    package init(
        ranges bounds: PipelineBounds,
        workers: Int,
        pictureBytes: Int,
        scratchBytes: Int
    ) throws(JobError) {
        let each = Self.fewestPictures * pictureBytes + scratchBytes
        let needed = Self.withChunks(workers * each)
        let bytes = bounds.maxBytes ?? max(workers * PipelineBounds.usualBytes, needed)
        let chunkBytes = min(bytes / 4, Self.mostChunkBytes)
        let room = (bytes - chunkBytes) / workers - scratchBytes
        guard room >= Self.fewestPictures * pictureBytes else {
            let holding = "\(workers == 1 ? "that holds" : "that each hold") \(Self.fewestPictures) pictures"
            throw Self.tooLittle(bytes, "\(Quantity.count(workers, "encoder")) \(holding)", needed, workers)
        }
        self.init(min(room / pictureBytes, bounds.queueDepth + 2), bounds, room: room, chunkBytes: chunkBytes)
    }

    /// What is needed of a stream: all segments but the one that is written wait as pictures, and so does what comes next
    /// until it is known whether it is a segment.
    package init(
        stream bounds: PipelineBounds,
        workers: Int,
        segmentation: Segmentation,
        pictureBytes: Int,
        scratchBytes: Int
    ) throws(JobError) {
        let segmentFrames = segmentation.segmentFrames
        let fewest = (workers - 1) * segmentFrames + segmentation.shortestRest + Self.fewestPictures
        let (pictureTotal, overflows) = fewest.multipliedReportingOverflow(by: pictureBytes)
        let needed = overflows ? Int.max / 2 : Self.withChunks(pictureTotal + scratchBytes)
        let bytes = bounds.maxBytes ?? min(max(PipelineBounds.usualBytes, needed), Self.mostUnasked)
        let chunkBytes = min(bytes / 4, Self.mostChunkBytes)
        let room = bytes - chunkBytes - scratchBytes
        guard !overflows, room >= pictureTotal else {
            let waiting =
                workers == 1
                ? "half a segment of \(segmentFrames) pictures, which"
                : "\(Quantity.count(workers - 1, "whole segment")) of \(segmentFrames) pictures and half of one, which"
            throw Self.tooLittle(bytes, "\(waiting) must wait because the input can be read only once", needed, workers)
        }
        self.init(
            min(room / pictureBytes, workers * segmentFrames + segmentation.shortestRest + 2),
            bounds,
            room: room,
            chunkBytes: chunkBytes
        )
    }

    private init(_ pictures: Int, _ bounds: PipelineBounds, room: Int, chunkBytes: Int) {
        self.pictures = pictures
        let depth = max(1, min(pictures - 2, bounds.queueDepth))
        queue = QueueLimits(soft: depth, hard: depth, maxBytes: max(1, room))
        (waitingBytes, outputBytes) = (max(1, chunkBytes / 2), max(1, chunkBytes / 2))
    }

    /// A quarter is for chunks.
    private static func withChunks(_ bytes: Int) -> Int { bytes + min(bytes / 3 + 1, mostChunkBytes) }

    private static func tooLittle(_ bytes: Int, _ what: String, _ needed: Int, _ workers: Int) -> JobError {
        let fewer = workers == 1 ? "" : ", or a lower \(Setting.parallel)"
        return .config(
            .unsupported("\(bytes) bytes are too little for \(what) (use \(Setting.maxMemory) \(needed)\(fewer))")
        )
    }
}
