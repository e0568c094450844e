public import Confinement
internal import Jobs

/// What a finished decoding has done, as JSON.
public struct DecodeReceipt: Encodable, Sendable {
    /// What was read.
    public struct Input: Encodable, Sendable {
        /// The path, or "standard input".
        public let name: String
        /// How the chunks are laid out in it.
        public let format: String
        /// The codec string, derived from the stream, or libavcodec's name of a codec without one.
        public let codec: String
        /// Pictures that were read. With a requested number of frames, more may have been read than were used.
        public let pictures: Int
        /// The frames that the file claims to have, where it claims any.
        public let claimedFrames: Int?
        /// What was lost, where a partial stream was accepted.
        public let loss: String?
    }

    /// What was written.
    public struct Output: Encodable, Sendable {
        /// The path, or "standard output".
        public let name: String
        /// `raw`, `y4m` or `framehash`.
        public let format: String
        /// The frames' pixel format.
        public let pixelFormat: String?
        /// Width of the first frame.
        public let width: Int?
        /// Height of the first frame.
        public let height: Int?
        /// Frames.
        public let frames: Int
        /// Bytes.
        public let bytes: Int
    }

    /// The version of this object's shape.
    public let version = 1
    /// The program and its version.
    public let program = "sluice \(SluiceVersion.current)"
    /// `complete`, `partial` if something was lost and that was accepted, or `interrupted` by a signal.
    public let status: String
    /// What was read.
    public let input: Input
    /// What was written.
    public let output: Output
    /// Notices about dropped data and assumptions.
    public let notices: [String]
    /// What confined the process; `nil` where its owner does not tell.
    public let sandbox: SandboxState?
    /// Seconds by the clock on the wall.
    public let wallSeconds: Double

    /// The object as one line of JSON, with its line feed.
    public var line: [UInt8] { JSON.line(self) }
}
