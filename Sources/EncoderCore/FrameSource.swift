public import VideoTypes

/// Where a decoder's backend gets the memory of its frames.
///
/// Thread-safety: all methods may be called from any thread.
public struct FrameSource: Sendable {
    private let pool: FramePool?
    private let isCancelled: @Sendable () -> Bool

    /// A decoder's source: a pool, until its session has ended.
    init(_ pool: FramePool, isCancelled: @escaping @Sendable () -> Bool) {
        (self.pool, self.isCancelled) = (pool, isCancelled)
    }

    private init() { (pool, isCancelled) = (nil, { false }) }

    /// A source of so many frames at a time, for a decoder without a session.
    ///
    /// - Parameters:
    ///   - frames: How many there are, at least 1; who wants one more waits until one is dropped.
    ///   - isCancelled: Whether no frame is wanted any more; asked again after each ``wake()``.
    package init(frames: Int, isCancelled: @escaping @Sendable () -> Bool) {
        self.init(FramePool(capacity: frames), isCancelled: isCancelled)
    }

    /// Has who waits for a frame ask again whether it is cancelled.
    package func wake() { pool?.wake() }

    /// New memory for each frame: for a backend that is used without a ``VideoDecoder``, by one who counts the frames.
    public static let unpooled = FrameSource()

    /// A frame whose bytes are undefined until they are written, waiting while the decoder's are all out.
    ///
    /// - Parameters:
    ///   - layout: Where its planes are.
    ///   - spareBytes: Bytes after the picture that ``VideoTypes/VideoFrame/withMutableBytes(_:)`` lends as well.
    ///   - timestamp: When it is shown, in microseconds.
    ///   - duration: For how long; `nil` if not known.
    /// - Throws: ``VideoTypes/DecoderError/aborted`` if the decoder is reset or closed meanwhile.
    @available(*, noasync, message: "blocks the calling thread")
    public func makeFrame(
        layout: PictureLayout,
        spareBytes: Int = 0,
        timestamp: Int64,
        duration: Int64?
    ) throws(DecoderError) -> VideoFrame {
        let frame: VideoFrame?
        do throws(OutOfMemory) {
            frame = try make(layout, spareBytes, timestamp, duration)
        } catch {
            throw .codec(operation: "making a frame", status: 12, message: "\(error)")
        }
        guard let frame else { throw .aborted }
        return frame
    }

    private func make(
        _ layout: PictureLayout,
        _ spareBytes: Int,
        _ timestamp: Int64,
        _ duration: Int64?
    ) throws(OutOfMemory) -> VideoFrame? {
        guard let pool else {
            let buffer = try PlaneBuffer(reserving: layout.byteCount + spareBytes, for: "a picture")
            return VideoFrame(layout: layout, buffer: buffer, timestamp: timestamp, duration: duration)
        }
        return try pool.makeFrame(
            layout: layout,
            spareBytes: spareBytes,
            timestamp: timestamp,
            duration: duration,
            isCancelled: isCancelled
        )
    }
}
