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
    public internal(set) var job: JobRecord?
    /// What confined the process; `nil` where its owner does not tell.
    public internal(set) var sandbox: SandboxState?

    /// The object as one line of JSON, with its line feed.
    public var line: [UInt8] { JSON.line(self) }
}

/// An encoder configuration as JSON, in the words of WebCodecs where it has them. It has every property of ``EncoderConfig``, which
/// a test holds it to: shards agree by it.
public struct ConfigObject: Codable, Hashable, Sendable {
    /// The codec string, resolved.
    public let codec: String
    let encoder: String
    let width: Int
    let height: Int
    let chroma: String
    let bitDepth: Int
    let framerate: String?
    let bitrate: Int?
    let bitrateMode: String
    /// The quantizer in use, in the libraries' scale.
    let quantizer: Int?
    /// The index that was asked for, in the bitstream's scale.
    let quantizerIndex: Int?
    let lossless: Bool
    let contentHint: String?
    let hardwareAcceleration: String
    let constantQuality: Double?
    let latencyMode: String
    let keyFrameInterval: Int?
    let preset: String?
    let encoderOptions: [String]
    let colorSpace: ColorSpaceObject
    let chromaLocation: Int
    let pixelAspectRatio: String?
    let threads: Int?
    let scalabilityMode: String
    let alpha: String
    let rotation: Int
    let flip: Bool
    let masteringDisplay: String?
    let contentLightLevel: String?
    let averageFramerate: String?
    let highestFramerate: String?
    let displayWidth: Int?
    let displayHeight: Int?
    let isSegment: Bool
    let avcFormat: String
    let hevcFormat: String

    init(_ config: EncoderConfig, encoder: String) {
        codec = config.codec.description
        self.encoder = encoder
        (width, height) = (config.codedWidth, config.codedHeight)
        chroma = config.chroma.rawValue
        bitDepth = config.bitDepth
        framerate = config.framerate?.description
        bitrate = config.bitrate
        bitrateMode = config.bitrateMode.rawValue
        let nearest = (try? CodecRequest(config.codec)).map { QuantizerScale($0.codec) }
        quantizer = config.quantizer ?? config.quantizerIndex.flatMap { nearest?.level(nearestTo: $0) }
        quantizerIndex = config.quantizerIndex
        (lossless, contentHint) = (config.lossless, config.contentHint?.rawValue)
        hardwareAcceleration = config.hardwareAcceleration.rawValue
        constantQuality = config.constantQuality
        latencyMode = config.latencyMode.rawValue
        keyFrameInterval = config.keyFrameInterval
        preset = config.preset
        encoderOptions = config.encoderOptions.map { "\($0.key)=\($0.value)" }
        colorSpace = ColorSpaceObject(config.colorSpace)
        chromaLocation = Int(config.chromaLocation.rawValue)
        pixelAspectRatio = config.pixelAspectRatio.map { "\($0.width):\($0.height)" }
        threads = config.threads
        scalabilityMode = config.scalabilityMode.description
        alpha = config.alpha.rawValue
        (rotation, flip) = (config.orientation.rotation.rawValue, config.orientation.flip)
        masteringDisplay = config.masteringDisplay?.description
        contentLightLevel = config.contentLightLevel?.description
        averageFramerate = config.averageFramerate?.description
        highestFramerate = config.highestFramerate?.description
        (displayWidth, displayHeight) = (config.displayWidth, config.displayHeight)
        isSegment = config.isSegment
        (avcFormat, hevcFormat) = (config.avcFormat.rawValue, config.hevcFormat.rawValue)
    }
}
