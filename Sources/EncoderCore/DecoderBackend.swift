public import VideoTypes

/// A decoder's library, with three operations.
///
/// Thread-safety: a backend is made, used and dropped on one thread, which is why it is not `Sendable`.
public protocol DecoderBackend: ~Copyable, SendableMetatype {
    /// Takes one chunk, in decoding order.
    mutating func submit(_ chunk: EncodedVideoChunk) throws(DecoderError)

    /// The next frame in presentation order, or `nil` if the backend wants another chunk or is drained.
    mutating func nextFrame() throws(DecoderError) -> DecodedFrame?

    /// Ends the input. Afterwards ``nextFrame()`` delivers what was delayed, and ``submit(_:)`` is not called again.
    mutating func drain() throws(DecoderError)
}
