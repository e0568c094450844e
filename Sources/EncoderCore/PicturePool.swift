internal import DequeModule
internal import Threading
public import VideoTypes

/// A fixed number of picture buffers of one size. Whoever wants one when all are out, waits: the pool is the bound.
///
/// A buffer comes back by itself, as soon as the frame that it belongs to is dropped.
///
/// Thread-safety: all methods may be called from any thread.
public final class PicturePool: PlaneBufferPool {
    private struct State: ~Copyable {
        var free: RigidDeque<PlaneBuffer>
        var unmade: Int
    }

    private let state: Monitor<State>
    /// Where the planes stand in each buffer.
    public let layout: PictureLayout
    /// The number of buffers.
    public let capacity: Int

    /// A pool; the buffers are made when they are first needed.
    ///
    /// - Parameters:
    ///   - layout: What a buffer holds.
    ///   - capacity: The number of buffers, at least 1.
    public init(layout: PictureLayout, capacity: Int) {
        self.layout = layout
        self.capacity = max(1, capacity)
        state = Monitor(State(free: RigidDeque(capacity: self.capacity), unmade: self.capacity))
    }

    /// A frame whose bytes are undefined until they are written, waiting while all buffers are out.
    @available(*, noasync, message: "blocks the calling thread")
    public func makeFrame(timestamp: Int64, duration: Int64?) -> VideoFrame {
        let byteCount = layout.byteCount
        var buffer: PlaneBuffer = state.wait(
            until: { $0.unmade > 0 || !$0.free.isEmpty },
            then: { state in
                if !state.free.isEmpty { return state.free.removeLast() }
                state.unmade -= 1
                return PlaneBuffer(byteCount: byteCount)
            }
        )
        buffer.pool = self
        return VideoFrame(layout: layout, buffer: buffer, timestamp: timestamp, duration: duration)
    }

    /// Takes a buffer back from a frame that was dropped.
    public func reclaim(_ buffer: consuming PlaneBuffer) {
        var returned: PlaneBuffer? = consume buffer
        state.withLock { state in
            if let buffer = returned.take() { state.free.append(buffer) }
        }
    }
}
