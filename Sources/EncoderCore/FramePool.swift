internal import DequeModule
internal import Threading
internal import VideoTypes

/// A fixed number of picture buffers of any size. If all are in use, a request waits: the pool is the bound.
///
/// A buffer comes back by itself, as soon as the frame that it belongs to is dropped. It is kept for the next frame of its
/// size, and freed when one of another size is requested.
///
/// Thread-safety: all methods may be called from any thread.
final class FramePool: PlaneBufferPool {
    private struct State: ~Copyable {
        var free: RigidDeque<PlaneBuffer>
        var out = 0
        /// What the last frame needed.
        var byteCount = 0

        /// The next buffer to use, if one of the size is here.
        mutating func take(byteCount: Int) -> PlaneBuffer? {
            if byteCount != self.byteCount { free.removeAll() }
            self.byteCount = byteCount
            return free.isEmpty ? nil : free.removeLast()
        }
    }

    private let state: Monitor<State>
    /// The number of buffers.
    let capacity: Int

    /// A pool; the buffers are made when they are first needed.
    ///
    /// - Parameter capacity: The number of buffers, at least 1.
    init(capacity: Int) {
        self.capacity = max(1, capacity)
        state = Monitor(State(free: RigidDeque(capacity: self.capacity)))
    }

    /// A frame whose bytes are undefined until they are written, waiting while all buffers are out.
    ///
    /// - Parameters:
    ///   - layout: Where the planes are.
    ///   - spareBytes: Bytes after them.
    ///   - timestamp: Presentation time in microseconds.
    ///   - duration: Microseconds, or `nil` if not known.
    ///   - isCancelled: Whether the frame is not wanted any more; checked again after each ``wake()``.
    /// - Returns: `nil` if it is cancelled.
    /// - Throws: ``VideoTypes/OutOfMemory`` if a buffer has to be made and cannot be.
    @available(*, noasync, message: "blocks the calling thread")
    func makeFrame(
        layout: PictureLayout,
        spareBytes: Int = 0,
        timestamp: Int64,
        duration: Int64?,
        isCancelled: () -> Bool = { false }
    ) throws(OutOfMemory) -> VideoFrame? {
        let (byteCount, capacity) = (layout.byteCount + spareBytes, capacity)
        var isGranted = false
        var buffer: PlaneBuffer? = state.wait(
            until: { $0.out < capacity || isCancelled() },
            then: { state -> PlaneBuffer? in
                guard !isCancelled() else { return nil }
                isGranted = true
                state.out += 1
                return state.take(byteCount: byteCount)
            }
        )
        guard isGranted else { return nil }
        // The system's memory is allocated outside of the lock.
        var made = if let buffer = buffer.take() { buffer } else { try make(byteCount) }
        made.pool = self
        return VideoFrame(layout: layout, buffer: made, timestamp: timestamp, duration: duration)
    }

    private func make(_ byteCount: Int) throws(OutOfMemory) -> PlaneBuffer {
        do throws(OutOfMemory) {
            return try PlaneBuffer(reserving: byteCount, for: "one of at most \(capacity) pictures")
        } catch {
            state.withLock { $0.out -= 1 }
            throw error
        }
    }

    /// Has waiting threads check whether the frame is still wanted.
    func wake() { state.withLock { _ in } }

    /// Takes a buffer back from a frame that was dropped.
    func reclaim(_ buffer: consuming PlaneBuffer) {
        var returned: PlaneBuffer? = consume buffer
        state.withLock { state in
            state.out -= 1
            if let buffer = returned.take(), buffer.byteCount == state.byteCount { state.free.append(buffer) }
        }
    }
}
