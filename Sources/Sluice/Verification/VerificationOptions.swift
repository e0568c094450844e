/// What is checked of an output before it gets its name, by decoding it.
///
/// Count, order and times of the pictures always are. So are the pictures, whatever quality was asked for: against the
/// source where it is a file, which is read again; else against the means of their blocks, which are kept while encoding
/// (96 bytes a frame). A picture that lossy coding cannot have made of the one that went in is a failure.
public struct VerificationOptions: Hashable, Sendable {
    /// The least PSNR of all samples of all frames, in decibels; needs a source that is a file. `nil`, the default, asks
    /// for none.
    public var leastPSNR: Double?

    /// Options with every default.
    public init(leastPSNR: Double? = nil) { self.leastPSNR = leastPSNR }

    /// The same, with no sample that may differ.
    var exact: VerificationOptions { VerificationOptions(leastPSNR: .infinity) }
}

/// What decoding an output has shown, as the receipt has it.
public struct Verification: Encodable, Hashable, Sendable {
    /// What the decoded pictures were held against.
    public enum Reference: String, Encodable, Sendable {
        /// The source's own pictures, read again.
        case source
        /// The means of the blocks of each plane, which were kept while encoding.
        case means
    }

    /// Pictures that were decoded: as many as went in, in their order, at their times.
    public let frames: Int
    /// What they were held against.
    public let reference: Reference
    /// How near they are to the source, if that was read again.
    public let psnr: PSNR?

    /// Decibels over all frames.
    public struct PSNR: Encodable, Hashable, Sendable {
        /// Of all samples, as ffmpeg's `average`; `nil` if no sample differs.
        public let average: Double?
        /// Of each plane; `nil` where no sample differs.
        public let planes: [Double?]
        /// Of the worst frame; `nil` if no sample differs.
        public let lowest: Double?
        /// The number of the worst frame.
        public let lowestFrame: Int
    }
}

/// What was wrong with an output that was decoded before it got its name.
public enum VerificationFailure: Error, Hashable, Sendable {
    /// It cannot be read or decoded.
    case damaged(String)
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
        case .frameCount(let decoded, let encoded):
            "the output decodes to \(Quantity.count(decoded, "frame")), but \(encoded) \(encoded == 1 ? "was" : "were") encoded"
        case .timestamp(let frame, let actual, let expected):
            "frame \(frame) of the output has the time \(actual) µs, not \(expected) µs"
        case .layout(let frame, let actual, let expected):
            "frame \(frame) of the output is \(actual), not \(expected)"
        case .picture(let frame, let plane, let actual, let expected):
            "frame \(frame) of the output is another picture: plane \(plane) has the mean \(Self.rounded(actual)),"
                + " not \(Self.rounded(expected))"
        case .blocks(let frame, let plane, let difference, let allowed):
            "frame \(frame) of the output is another picture: the blocks of plane \(plane) are off by"
                + " \(Self.rounded(difference)), and coding explains \(Self.rounded(allowed))"
        case .order(let frame, let shows): "frame \(frame) of the output is the picture of frame \(shows)"
        case .quality(let psnr, let least, let worstFrame):
            "the output's PSNR is \(Self.rounded(psnr)) dB, less than \(Self.rounded(least)) dB"
                + " (frame \(worstFrame) is the worst)"
        }
    }

    private static func rounded(_ value: Double) -> Double { (value * 1000).rounded() / 1000 }
}
