public import VideoTypes

/// The result of offering a frame to an encoder.
public enum FrameOffer: ~Copyable, Sendable {
    /// The encoder has taken it.
    case accepted
    /// The queue is at its hard limit; here is the frame. If another thread took the last room meanwhile, it may have been
    /// converted already to the size and format that the encoder takes.
    case refused(VideoFrame)
}
