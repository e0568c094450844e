internal import VideoTypes

/// The error in an output that was decoded before it was renamed into place.
public enum VerificationFailure: Error, Hashable, Sendable {
    /// It cannot be read or decoded.
    case damaged(String)
    /// Its audio is not what was written.
    case audio(String)
    /// It has another number of pictures.
    case frameCount(decoded: Int, encoded: Int)
    /// A picture has another time, in microseconds.
    case timestamp(frame: Int, actual: Int64, expected: Int64)
    /// A picture has another size or format.
    case layout(frame: Int, actual: String, expected: String)
    /// A picture is not the one that was encoded, by the mean of a plane (of samples in `0...1`).
    case picture(frame: Int, plane: Int, actual: Double, expected: Double)
    /// A picture is not the one that was encoded, by how far the means of a plane's blocks are off (of samples in `0...1`).
    case blocks(frame: Int, plane: Int, difference: Double, allowed: Double)
    /// A frame has the picture of another one.
    case order(frame: Int, shows: Int)
    /// The pictures are further from the source than was allowed, in decibels.
    case quality(psnr: Double, least: Double, worstFrame: Int)
}

extension VerificationFailure: CustomStringConvertible {
    /// The thing, its value, and what would have been right.
    public var description: String {
        switch self {
        case .damaged(let reason): "the output cannot be decoded: \(reason)"
        case .audio(let reason): "the audio of the output: \(reason)"
        case .frameCount(let decoded, let encoded):
            "the output decodes to \(Quantity.count(decoded, "frame")), but \(encoded) \(encoded == 1 ? "was" : "were") encoded"
        case .timestamp(let frame, let actual, let expected):
            "frame \(frame) of the output is at \(actual) µs, not \(expected) µs"
        case .layout(let frame, let actual, let expected):
            "frame \(frame) of the output is \(actual), not \(expected)"
        case .picture(let frame, let plane, let actual, let expected):
            "frame \(frame) of the output differs from the input: plane \(plane) has the mean \(Self.rounded(actual)),"
                + " not \(Self.rounded(expected))"
        case .blocks(let frame, let plane, let difference, let allowed):
            "frame \(frame) of the output differs from the input: the blocks of plane \(plane) are off by"
                + " \(Self.rounded(difference)), more than the \(Self.rounded(allowed)) of lossy coding"
        case .order(let frame, let shows): "frame \(frame) of the output shows frame \(shows)"
        case .quality(let psnr, let least, let worstFrame):
            "the output's PSNR is \(Self.rounded(psnr)) dB, less than \(Self.rounded(least)) dB"
                + " (frame \(worstFrame) is the worst)"
        }
    }

    private static func rounded(_ value: Double) -> Double { (value * 1000).rounded() / 1000 }
}
