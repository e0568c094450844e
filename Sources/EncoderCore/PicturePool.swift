public import VideoTypes

/// A fixed number of picture buffers of one size. If all are in use, a request waits: the pool is the bound.
///
/// A buffer comes back by itself, as soon as the frame that it belongs to is dropped.
///
/// Thread-safety: all methods may be called from any thread.
public final class PicturePool: Sendable {
    private let frames: FramePool
    /// Where the planes are in each buffer.
    public let layout: PictureLayout

    /// A pool; the buffers are made when they are first needed.
    ///
    /// - Parameters:
    ///   - layout: What a buffer holds.
    ///   - capacity: The number of buffers, at least 1.
    public init(layout: PictureLayout, capacity: Int) {
        self.layout = layout
        frames = FramePool(capacity: capacity)
    }

    /// The number of buffers.
    public var capacity: Int { frames.capacity }

    /// A frame whose bytes are undefined until they are written, waiting while all buffers are out.
    ///
    /// - Throws: ``VideoTypes/OutOfMemory`` if a buffer has to be made and cannot be.
    @available(*, noasync, message: "blocks the calling thread")
    public func makeFrame(timestamp: Int64, duration: Int64?) throws(OutOfMemory) -> VideoFrame {
        guard let frame = try frames.makeFrame(layout: layout, timestamp: timestamp, duration: duration) else {
            preconditionFailure("a pool that nobody cancels makes a frame")
        }
        return frame
    }
}
