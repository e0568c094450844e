public import Confinement

/// What a finished job has done, as JSON: `--receipt` and `--json` give the same object.
public struct Receipt: Encodable, Sendable {
    /// What was read.
    public struct Input: Encodable, Sendable {
        /// The path, or "standard input".
        public let name: String
        /// Frames that are in the output.
        public let frames: Int
        /// Bytes that were read.
        public let bytes: Int
        /// Bytes of a last frame that was not whole and was left out; 0 unless that was allowed.
        public let droppedBytes: Int
        /// SHA-256 of the bytes that were read, if it was asked for.
        public let sha256: String?
        /// What was lost of a damaged stream, where that was accepted.
        public let loss: String?

        package init(name: String, frames: Int, bytes: Int, droppedBytes: Int, sha256: String?, loss: String?) {
            self.name = name
            self.frames = frames
            self.bytes = bytes
            self.droppedBytes = droppedBytes
            self.sha256 = sha256
            self.loss = loss
        }
    }

    /// What was written.
    public struct Output: Encodable, Sendable {
        /// The path, or "standard output".
        public let name: String
        /// The format.
        public let format: String
        /// Chunks: one for each frame.
        public let chunks: Int
        /// Chunks that are key.
        public let keyChunks: Int
        /// Bytes.
        public let bytes: Int
        /// SHA-256 of the bytes, unless that was not wanted.
        public let sha256: String?
        /// The streams of audio that were carried over; `nil` if there was none to carry.
        public let audio: [AudioTrack]?

        package init(
            name: String,
            format: String,
            chunks: Int,
            keyChunks: Int,
            bytes: Int,
            sha256: String?,
            audio: [AudioTrack]?
        ) {
            self.name = name
            self.format = format
            self.chunks = chunks
            self.keyChunks = keyChunks
            self.bytes = bytes
            self.sha256 = sha256
            self.audio = audio
        }
    }

    /// The share of the run that each stage waited, `0...1`.
    public struct Waiting: Encodable, Sendable {
        /// Reading and converting, for bytes of the input.
        public let ingest: Double
        /// Reading and converting, for room in the queue.
        public let queue: Double
        /// The codec, for frames.
        public let encode: Double
        /// Writing, for chunks.
        public let output: Double

        package init(ingest: Double, queue: Double, encode: Double, output: Double) {
            (self.ingest, self.queue, self.encode, self.output) = (ingest, queue, encode, output)
        }
    }

    /// The version of this object's shape.
    public let version = 1
    /// The program and its version.
    public let program = "sluice \(SluiceVersion.current)"
    /// `complete`, `partial` if something of the input was lost and that was accepted, or `interrupted` if a signal ended
    /// the input early.
    public let status: String
    /// What was read.
    public let input: Input
    /// What was written.
    public let output: Output
    /// The configuration, resolved.
    public let config: ConfigObject
    /// What the user should know of how things were chosen.
    public let notices: [String]
    /// What decoding the output has shown, if that was asked for.
    public let verification: Verification?
    /// The libraries and their versions.
    public let libraries = SluiceVersion.libraries
    /// Seconds by the clock on the wall.
    public let wallSeconds: Double
    /// Seconds of processor time of the whole process.
    public let cpuSeconds: Double
    /// The most memory that the process has had resident, in bytes.
    public let peakMemoryBytes: Int
    /// The share of the run that each stage waited.
    public let waiting: Waiting
    /// What a batch knows the output by; `nil`, the default, outside of one.
    public package(set) var job: JobRecord?
    /// What confined the process; `nil` where its owner does not tell.
    public package(set) var sandbox: SandboxState? = nil

    package init(
        status: String,
        input: Input,
        output: Output,
        config: ConfigObject,
        notices: [String],
        verification: Verification?,
        wallSeconds: Double,
        cpuSeconds: Double,
        peakMemoryBytes: Int,
        waiting: Waiting,
        job: JobRecord? = nil,
        sandbox: SandboxState? = nil
    ) {
        self.status = status
        self.input = input
        self.output = output
        self.config = config
        self.notices = notices
        self.verification = verification
        self.wallSeconds = wallSeconds
        self.cpuSeconds = cpuSeconds
        self.peakMemoryBytes = peakMemoryBytes
        self.waiting = waiting
        self.job = job
        self.sandbox = sandbox
    }

    /// The object as one line of JSON, with its line feed.
    public var line: [UInt8] { JSON.line(self) }
}
