internal import PixelConversion
internal import Places

/// Bounds on what waits between the stages.
public struct PipelineBounds: Hashable, Sendable {
    /// Pictures that wait for the encoder, at most. At least 1; the default is 16.
    public var queueDepth = 16
    /// Bytes of pictures and chunks in flight, at most; the encoder's own memory comes on top. The default is ``usualBytes``,
    /// and whatever three pictures need where that is more. If it is set, it is kept.
    public var maxBytes: Int?

    /// The default of ``maxBytes``, unless a picture is large: 16 MiB. A reader that is three pictures ahead of the encoder is
    /// as fast as one that is ten ahead.
    public static let usualBytes = 16 << 20

    /// The defaults.
    public init() {}
}
