internal import Jobs
package import Threading
internal import VideoTypes

/// How many pictures and how many bytes of chunks a job may have in flight.
package struct ResolvedBounds: Equatable {
    /// Pictures in the pool: those that wait, the one that is being read, and the one that the codec is reading.
    package let pictures: Int
    package let queue: QueueLimits
    let chunkBytes: Int

    /// One picture is read, one waits, one is in the codec: with fewer, the stages take turns.
    private static let fewestPictures = 3
    /// Twice what the largest picture needs, rows without gaps.
    private static let mostBytes = 8 << 30

    /// - Parameters:
    ///   - bounds: The requested bounds.
    ///   - pictureBytes: Bytes of one of the encoder's pictures.
    ///   - scratchBytes: Additional bytes that reading needs.
    init(_ bounds: PipelineBounds, pictureBytes: Int, scratchBytes: Int) throws(JobError) {
        let fewest = Self.fewestPictures * pictureBytes
        let needed = Self.needed(pictureBytes) + scratchBytes
        let bytes = (bounds.maxBytes ?? max(PipelineBounds.usualBytes, needed)) - scratchBytes
        // A quarter is for chunks, which are small: a few megabytes are enough.
        chunkBytes = max(1, min(bytes / 4, 16 << 20))
        let room = bytes - chunkBytes
        guard room >= fewest, needed <= Self.mostBytes else {
            let limit = bounds.maxBytes.map { "\(Setting.maxMemory) \($0)" } ?? "the maximum, \(Self.mostBytes),"
            throw .config(
                .unsupported(
                    "\(limit) is too little for \(Self.fewestPictures) pictures of \(pictureBytes) bytes,"
                        + " their chunks and \(scratchBytes) bytes to read into (use \(needed))"
                )
            )
        }
        pictures = min(room / pictureBytes, bounds.queueDepth + 2)
        let depth = max(1, pictures - 2)
        queue = QueueLimits(soft: depth, hard: depth, maxBytes: room)
    }

    /// Bytes of the fewest pictures and their chunks.
    fileprivate static func needed(_ pictureBytes: Int) -> Int {
        let fewest = fewestPictures * pictureBytes
        return fewest + fewest / 3 + 1
    }
}

extension PipelineBounds {
    /// Bytes that are left for pictures that are decoded ahead; `nil` without a limit.
    ///
    /// - Parameters:
    ///   - pictureBytes: Bytes of one of the encoder's pictures.
    ///   - scratchBytes: Bytes that reading needs besides.
    func room(besides pictureBytes: Int, scratchBytes: Int) -> Int? {
        maxBytes.map { $0 - ResolvedBounds.needed(pictureBytes) - scratchBytes }
    }
}
