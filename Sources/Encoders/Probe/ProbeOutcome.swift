/// What came of a case.
public enum ProbeOutcome: Hashable, Codable, Sendable {
    /// Frames were encoded and decoded, and were those that went in.
    case supported(Evidence)
    /// It means something, but cannot be done here, for this reason.
    case unsupported(String)
    /// The configuration is invalid, for this reason.
    case invalid(String)
    /// The encoder does not run here, for this reason: it failed, or memory or threads were refused to it.
    case unavailable(String)
    /// It exceeded the time limit, which the text has. Only for tests in a separate process.
    case timedOut(String)
    /// It ended its process; the text has the cause and the last output. Only for tests in a separate process.
    case crashed(String)
    /// It was declared as supported, but the output was wrong.
    case failed(String)

    /// What was seen.
    public struct Evidence: Hashable, Codable, Sendable {
        /// The encoder's name.
        public var encoder: String
        /// The codec string that the bitstream has.
        public var codec: String
        /// Frames that were encoded, and decoded.
        public var frames: Int
        /// Peak signal-to-noise ratio of luma, over all frames, in decibels.
        public var psnr: Double
        /// What the user should know of how the encoder was chosen.
        public var notice: String?
    }
}
