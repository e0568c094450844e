internal import Threading
internal import VideoTypes

/// Puts the chunks of segments that are encoded side by side in order.
///
/// The chunks of the first segment that is not complete go out as they come; those of later ones wait, within a bound in
/// bytes, and then their encoders wait. Whoever hands over a chunk that is next writes what has become next.
///
/// Thread-safety: all methods may be called from any thread.
final class SegmentAssembly: Sendable {
    /// Nothing more is taken: another segment has failed.
    struct Cancelled: Error {}

    /// The segments that are not written yet.
    private struct Waiting {
        /// The segment whose chunks are next.
        var head = 0
        var chunks: [Int: [EncodedVideoChunk]] = [:]
        var bytes = 0
        /// Segments whose chunks are all here.
        var complete: Set<Int> = []
        /// Segments that were broken off: nothing comes after them.
        var brokenOff: Set<Int> = []
        var isWriting = false
        var isCancelled = false

        /// The next chunks to write; `nil` if there are none yet.
        mutating func takeNext() -> [EncodedVideoChunk]? {
            while true {
                if let next = chunks.removeValue(forKey: head), !next.isEmpty { return next }
                guard complete.contains(head), !brokenOff.contains(head) else { return nil }
                complete.remove(head)
                head += 1
            }
        }
    }

    private let waiting = Monitor(Waiting())
    private let order: SegmentOrder
    private let maxBytes: Int
    private let write: @Sendable (EncodedVideoChunk) throws -> Void

    /// - Parameters:
    ///   - maxBytes: Bytes of chunks that may wait for their turn.
    ///   - order: Makes one stream of them.
    ///   - write: Takes the chunks, in order, one call at a time.
    init(maxBytes: Int, order: SegmentOrder, write: @escaping @Sendable (EncodedVideoChunk) throws -> Void) {
        (self.maxBytes, self.order, self.write) = (maxBytes, order, write)
    }

    /// Hands over a segment's next chunk, waiting while too much waits already.
    func deliver(_ chunk: EncodedVideoChunk, of segment: Int) throws {
        let size = chunk.data.count + (chunk.alphaData?.count ?? 0)
        try waiting.wait(
            // Whose turn it is never waits for those whose turn it is not.
            until: {
                $0.isCancelled || $0.bytes == 0 || $0.bytes + size <= self.maxBytes
                    || ($0.head == segment && !$0.isWriting)
            },
            then: { waiting throws(Cancelled) in
                guard !waiting.isCancelled else { throw Cancelled() }
                waiting.chunks[segment, default: []].append(chunk)
                waiting.bytes += size
            }
        )
        try writeNext()
    }

    /// All chunks of a segment have been handed over.
    ///
    /// - Parameter isWhole: It has all its frames; what comes after one that has not is never written.
    func end(_ segment: Int, isWhole: Bool) throws {
        waiting.withLock { waiting in
            waiting.complete.insert(segment)
            if !isWhole { waiting.brokenOff.insert(segment) }
        }
        try writeNext()
    }

    /// Takes nothing more, and wakes everyone who waits.
    func cancel() {
        waiting.withLock { waiting in
            waiting.isCancelled = true
            waiting.chunks = [:]
        }
    }

    private func writeNext() throws {
        while let chunks = claim() {
            for chunk in chunks {
                do {
                    try write(order.checked(chunk))
                } catch {
                    cancel()
                    throw error
                }
            }
            let bytes = chunks.reduce(0) { $0 + $1.data.count + ($1.alphaData?.count ?? 0) }
            waiting.withLock { waiting in
                waiting.isWriting = false
                waiting.bytes -= bytes
            }
        }
    }

    /// What is to be written now, by nobody else.
    private func claim() -> [EncodedVideoChunk]? {
        waiting.withLock { waiting in
            guard !waiting.isWriting, !waiting.isCancelled, let next = waiting.takeNext() else { return nil }
            waiting.isWriting = true
            return next
        }
    }
}
