internal import Jobs
internal import Media

/// What was read where segments were encoded.
package struct SegmentedInput: ReadInput {
    package let frameCount: Int
    package let byteCount: Int
    package let droppedBytes: Int
    package let isInterrupted: Bool
    package let loss: String?

    package init(frameCount: Int, byteCount: Int, droppedBytes: Int, isInterrupted: Bool, loss: String?) {
        self.frameCount = frameCount
        self.byteCount = byteCount
        self.droppedBytes = droppedBytes
        self.isInterrupted = isInterrupted
        self.loss = loss
    }

    package func checkAllThere() {}
}

extension SegmentedInput {
    /// What one thread has read for all; after an interrupt not all of it was encoded.
    package init<Frames: InputFrames & ~Copyable>(_ frames: borrowing Frames, encodedFrames: Int) {
        self.init(
            frameCount: frames.isInterrupted ? encodedFrames : frames.frameCount,
            byteCount: frames.byteCount,
            droppedBytes: frames.droppedBytes,
            isInterrupted: frames.isInterrupted,
            loss: frames.loss
        )
    }
}
