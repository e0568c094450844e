internal import Threading
internal import VideoTypes

/// Puts the chunks of segments that are encoded side by side in order.
///
/// The chunks of the first segment that is not complete are written as they arrive; those of later ones wait, within a bound in
/// bytes, and then their encoders wait. The thread that hands over the next chunk also writes those that follow it.
///
/// Thread-safety: all methods may be called from any thread.
final class SegmentAssembly: Sendable {
    /// No more chunks are accepted: another segment has failed.
    struct Cancelled: Error {}

    /// The segments that are not written yet.
    private struct Waiting {
        /// The segment whose chunks are next.
        var head = 0
        var chunks: [Int: [EncodedVideoChunk]] = [:]
        var bytes = 0
        /// Segments whose chunks are all here.
        var complete: Set<Int> = []
        /// Incomplete segments: no segment is written after them.
        var brokenOff: Set<Int> = []
        var isWriting = false
        var isCancelled = false

        /// The next chunks to write; `nil` if none have arrived.
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
    /// - Parameter isWhole: It has all its frames; segments after an incomplete one are never written.
    func end(_ segment: Int, isWhole: Bool) throws {
        waiting.withLock { waiting in
            waiting.complete.insert(segment)
            if !isWhole { waiting.brokenOff.insert(segment) }
        }
        try writeNext()
    }

    /// Accepts no more chunks, and wakes all waiting threads.
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

    /// The chunks that this thread, and no other, shall write now.
    private func claim() -> [EncodedVideoChunk]? {
        waiting.withLock { waiting in
            guard !waiting.isWriting, !waiting.isCancelled, let next = waiting.takeNext() else { return nil }
            waiting.isWriting = true
            return next
        }
    }
}
