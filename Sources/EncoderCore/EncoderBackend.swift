public import VideoTypes

/// A codec library, with three operations.
///
/// Thread-safety: a backend is made, used and dropped on one thread, which is why it is not `Sendable`.
public protocol EncoderBackend: ~Copyable, SendableMetatype {
    /// Takes one frame. The frame's memory is not used after the call returns.
    ///
    /// - Parameters:
    ///   - frame: A frame in a format that the backend's ``EncoderSetup`` prepares, of the configured size.
    ///   - options: The options of this frame.
    mutating func submit(_ frame: borrowing VideoFrame, options: EncodeOptions) throws(EncoderError)

    /// The next chunk in decoding order, or `nil` if the backend wants another frame or is drained.
    mutating func nextChunk() throws(EncoderError) -> EncodedVideoChunk?

    /// Ends the input. Afterwards ``nextChunk()`` delivers what was delayed, and ``submit(_:options:)`` is not called
    /// again.
    mutating func drain() throws(EncoderError)
}
