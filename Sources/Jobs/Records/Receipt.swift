public import Confinement

/// What a finished job has done, as JSON: `--receipt` and `--json` give the same object, which a batch and `inspect` read again.
///
/// A key that is added later has to be optional, so that receipts of today can still be read.
public struct Receipt: Codable, Sendable {
    /// What was read.
    public struct Input: Codable, Sendable {
        /// The path, or "standard input".
        public let name: String
        /// Frames that were read and encoded; where the rate was changed, those that were dropped as well.
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
    public struct Output: Codable, Sendable {
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
        /// Frames of the input that were left out to keep another rate; `nil` unless that was asked for.
        public package(set) var droppedFrames: Int?
        /// Frames that show what the one before shows, to keep another rate; `nil` unless that was asked for.
        public package(set) var repeatedFrames: Int?
        /// Bytes of the input, which the output has to stay below to be kept; `nil` unless that was asked for.
        public package(set) var limit: Int?

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
    public struct Waiting: Codable, Sendable {
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
    public let version: Int
    /// The program and its version.
    public let program: String
    /// `complete`, `partial` if something of the input was lost and that was accepted, `interrupted` if a signal ended the input
    /// early, or `notKept` if the output was not smaller than the input and only a smaller one was asked for: then there is no file.
    public let status: String
    /// What was read.
    public let input: Input
    /// What was written.
    public package(set) var output: Output
    /// The configuration, resolved.
    public let config: ConfigObject
    /// What was done with the pictures before they were encoded; `nil` if nothing was.
    public package(set) var filtering: Filtering? = nil
    /// What the user should know of how things were chosen.
    public let notices: [String]
    /// What decoding the output has shown, if that was asked for.
    public let verification: Verification?
    /// The libraries and their versions.
    public let libraries: [String: String]
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
        (version, program, libraries) = (1, "sluice \(SluiceVersion.current)", SluiceVersion.libraries)
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

    /// The values of ``status``.
    package enum Status {
        package static let complete = "complete"
        package static let partial = "partial"
        package static let interrupted = "interrupted"
        package static let notKept = "notKept"
    }

    /// The output's file is there.
    package var isKept: Bool { status != Status.notKept }

    /// The object as one line of JSON, with its line feed.
    public var line: [UInt8] { JSON.line(self) }
}

// Somebody may have written a receipt by hand: its counts and times are checked as they are read.
extension Receipt {
    /// Reads a receipt. Counts over the largest that a receipt may have and negative ones are errors of the file.
    public init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: CodingKeys.self)
        version = try values.decode(Int.self, forKey: .version)
        program = try values.decode(String.self, forKey: .program)
        status = try values.decode(String.self, forKey: .status)
        input = try values.decode(Input.self, forKey: .input)
        output = try values.decode(Output.self, forKey: .output)
        config = try values.decode(ConfigObject.self, forKey: .config)
        try config.checkCounts(at: values.codingPath + [CodingKeys.config])
        filtering = try values.decodeIfPresent(Filtering.self, forKey: .filtering)
        notices = try values.decode([String].self, forKey: .notices)
        verification = try values.decodeIfPresent(Verification.self, forKey: .verification)
        libraries = try values.decode([String: String].self, forKey: .libraries)
        wallSeconds = try values.decode(ClaimedSeconds.self, forKey: .wallSeconds).value
        cpuSeconds = try values.decode(ClaimedSeconds.self, forKey: .cpuSeconds).value
        peakMemoryBytes = try values.count(.peakMemoryBytes)
        waiting = try values.decode(Waiting.self, forKey: .waiting)
        job = try values.decodeIfPresent(JobRecord.self, forKey: .job)
        sandbox = try values.decodeIfPresent(SandboxState.self, forKey: .sandbox)
    }
}

extension Receipt.Input {
    /// Reads what was read.
    public init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: CodingKeys.self)
        name = try values.decode(String.self, forKey: .name)
        frames = try values.count(.frames)
        bytes = try values.count(.bytes)
        droppedBytes = try values.count(.droppedBytes)
        sha256 = try values.decodeIfPresent(String.self, forKey: .sha256)
        loss = try values.decodeIfPresent(String.self, forKey: .loss)
    }
}

extension Receipt.Output {
    /// Reads what was written.
    public init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: CodingKeys.self)
        name = try values.decode(String.self, forKey: .name)
        format = try values.decode(String.self, forKey: .format)
        chunks = try values.count(.chunks)
        keyChunks = try values.count(.keyChunks)
        bytes = try values.count(.bytes)
        sha256 = try values.decodeIfPresent(String.self, forKey: .sha256)
        audio = try values.decodeIfPresent([Receipt.AudioTrack].self, forKey: .audio)
        droppedFrames = try values.countIfPresent(.droppedFrames)
        repeatedFrames = try values.countIfPresent(.repeatedFrames)
        limit = try values.countIfPresent(.limit)
    }
}
