/// What came of a case.
public enum ProbeOutcome: Hashable, Codable, Sendable {
    /// Frames were encoded and decoded, and were those that went in.
    case supported(Evidence)
    /// It means something, but cannot be done here, for this reason.
    case unsupported(String)
    /// It means nothing, for this reason.
    case invalid(String)
    /// The encoder does not run here, for this reason: it failed, or memory or threads were refused to it.
    case unavailable(String)
    /// It was not done in time; the text says how long that was. Only for what runs in a process of its own.
    case timedOut(String)
    /// It ended the process that tried it; the text says by what, and what was written last. Only for what runs in a process of
    /// its own.
    case crashed(String)
    /// It was said to be possible, and what came out was wrong.
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
