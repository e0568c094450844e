/// How many pictures and how many bytes of chunks a job may have in flight.
struct ResolvedBounds: Equatable {
    /// Pictures in the pool: those that wait, the one that is being read, and the one that the codec is reading.
    let pictures: Int
    let queue: QueueLimits
    let chunkBytes: Int

    /// One picture is read, one waits, one is in the codec: with fewer, the stages take turns.
    private static let fewestPictures = 3
    private static let defaultBytes = 32 << 20

    init(_ bounds: PipelineBounds, pictureBytes: Int) throws(JobError) {
        let fewest = Self.fewestPictures * pictureBytes
        let needed = fewest + fewest / 3 + 1
        let bytes = bounds.maxBytes ?? max(Self.defaultBytes, needed)
        // A quarter is for chunks, which are small: there is no need for more than a few megabytes.
        chunkBytes = max(1, min(bytes / 4, 16 << 20))
        let room = bytes - chunkBytes
        guard room >= fewest else {
            throw .config(
                .unsupported(
                    "--max-memory \(bytes) holds no \(Self.fewestPictures) pictures of \(pictureBytes) bytes and their"
                        + " chunks (\(needed) would do)"
                )
            )
        }
        pictures = min(room / pictureBytes, bounds.queueDepth + 2)
        let depth = max(1, pictures - 2)
        queue = QueueLimits(soft: depth, hard: depth, maxBytes: room)
    }
}
