internal import Containers
internal import Encoders
internal import Encoding
internal import Ingest
public import Jobs
internal import LibAV
internal import Places
public import SystemPackage
internal import VideoTypes

/// One encode, cut into segments that any machine can encode by itself: what `sluice plan` writes.
///
/// Every worker has to produce the same bytes, so a plan contains everything that they depend on: the frames' digests, the
/// configuration as it was resolved, and the versions of the libraries.
public struct ShardPlan: Codable, Sendable {
    /// The file that the frames come from.
    public struct Input: Codable, Hashable, Sendable {
        /// Its path, absolute.
        public let path: String
        /// Frames to encode.
        public let frames: Int
        /// Where the first of them begins, in bytes.
        let start: Int
        /// Its Y4M header, without the line feed; `nil` if it is raw.
        let header: String?
        /// SHA-256 of the segments' digests, one after the other.
        public let sha256: String
    }

    /// A segment and the SHA-256 of its bytes in the input.
    public struct Part: Codable, Hashable, Sendable {
        /// Its place among the segments, from 0.
        public let index: Int
        /// The number of its first frame.
        public let firstFrame: Int
        /// How many frames it has.
        public let frames: Int
        /// SHA-256 of its bytes in the input.
        public let sha256: String

        var segment: Segment { Segment(index: index, firstFrame: firstFrame, frames: frames) }
    }

    /// The options of a single frame.
    struct FrameOption: Codable, Hashable, Sendable {
        let frame: Int
        let keyFrame: Bool
        let quantizer: Int?
        let qindex: Int?
    }

    /// The version of this object's shape.
    public let version: Int
    /// The program and its version.
    public let program: String
    /// The libraries and their versions.
    public let libraries: [String: String]
    /// The arguments of `encode` that describe the job, with its output's format.
    public let arguments: [String]
    let frameOptions: [FrameOption]
    /// The output's format.
    public let format: String
    /// The configuration, resolved.
    public let config: ConfigObject
    /// The file that the frames come from.
    public let input: Input
    /// Frames of every segment but the last.
    public let segmentFrames: Int
    /// The segments, in order.
    public let segments: [Part]
    /// SHA-256 of all the rest, by which shards know whose they are.
    public private(set) var digest: String

    static let currentVersion = 1

    init(
        _ job: EncodeJob,
        arguments: [String],
        config: ConfigObject,
        input: Input,
        segmentFrames: Int,
        segments: [Part]
    ) {
        version = Self.currentVersion
        program = "sluice \(SluiceVersion.current)"
        libraries = SluiceVersion.libraries
        self.arguments = arguments
        frameOptions = job.frameOptions.sorted { $0.key < $1.key }.map { number, options in
            FrameOption(
                frame: number,
                keyFrame: options.keyFrame,
                quantizer: options.quantizer,
                qindex: options.quantizerIndex
            )
        }
        format = job.output.format.rawValue
        (self.config, self.input) = (config, input)
        (self.segmentFrames, self.segments) = (segmentFrames, segments)
        digest = ""
        digest = ownDigest
    }

    private var ownDigest: String {
        var bare = self
        bare.digest = ""
        var sha = SHA256()
        sha.update(JSON.line(bare))
        return sha.finish()
    }

    /// The plan as one line of JSON, with its line feed.
    public var line: [UInt8] { JSON.line(self) }

    /// Bytes of a plan at most: a hundred thousand segments and their digests fit.
    static let maxBytes = 64 << 20
    /// Values of a plan at most: a hundred thousand segments have five each, and options of a million frames as many.
    static let maxValues = 6_000_000

    /// Reads a plan from a file.
    public init(opening path: FilePath) throws(JobError) {
        let bytes: [UInt8]
        do throws(IngestError) {
            bytes = try ByteSource.fileContents(path, limit: Self.maxBytes)
        } catch .damaged(let name, let reason) {
            throw .plan("\(name) is not a plan: \(reason)")
        } catch .notRegular(let name) {
            throw .plan("\(name) is not a plan: it is not a regular file")
        } catch {
            throw .input(error)
        }
        try self.init(reading: bytes, name: path.spelled)
    }

    /// Reads a plan.
    ///
    /// - Parameters:
    ///   - bytes: What ``line`` gave.
    ///   - name: What messages call it.
    /// - Throws: ``Jobs/JobError/plan(_:)`` if it is not a plan, or was changed.
    public init(reading bytes: [UInt8], name: String) throws(JobError) {
        guard !JSON.hasValues(bytes, moreThan: Self.maxValues) else {
            throw .plan("\(name) is not a plan: it has more than \(Self.maxValues) values")
        }
        switch JSON.read(ShardPlan.self, from: bytes) {
        case .success(let plan): self = plan
        case .failure(let error): throw .plan("\(name) is not a plan: \(error)")
        }
        guard version == Self.currentVersion else {
            throw .plan("\(name) is a plan of version \(version); this sluice reads version \(Self.currentVersion)")
        }
        guard digest == ownDigest else { throw .plan("\(name) was changed: its digest does not match") }
        guard input.start >= 0, coversItsFrames else {
            throw .plan("\(name) is not a plan: its segments do not cover its frames")
        }
    }

    /// The number of segments has to fit the number of frames. It is computed first, because a plan may claim any number of
    /// frames.
    private var coversItsFrames: Bool {
        guard (1...Int(Int32.max)).contains(segmentFrames), input.frames > 0 else { return false }
        let segmentation = Segmentation(segmentFrames: segmentFrames, keyFrameInterval: nil)
        return segmentation.count(ofFrames: input.frames) == segments.count
            && segments.map(\.segment) == segmentation.segments(ofFrames: input.frames)
    }

    /// The job as it was planned.
    ///
    /// - Parameter job: The job that ``arguments`` describe.
    func restored(_ job: EncodeJob) -> EncodeJob {
        var job = job
        job.frameOptions = Dictionary(
            frameOptions.map { option in
                let options = EncodeOptions(
                    keyFrame: option.keyFrame,
                    quantizer: option.quantizer,
                    quantizerIndex: option.qindex
                )
                return (option.frame, options)
            },
            uniquingKeysWith: { first, _ in first }
        )
        return job
    }

    /// Throws if the job is encoded in another way here than it was planned.
    func checkConfiguration(_ here: EncodePlan) throws(JobError) {
        guard ConfigObject(here.config.values, encoder: here.backend.name) == config else {
            throw .plan("the arguments of the plan resolve to a different configuration on this machine")
        }
    }

    /// Throws if this machine would produce other bytes.
    func checkLibraries() throws(JobError) {
        var differences: [String] = []
        let here = "sluice \(SluiceVersion.current)"
        if here != program { differences.append("\(program), this machine has \(here)") }
        for (name, version) in libraries.sorted(by: { $0.key < $1.key }) where SluiceVersion.libraries[name] != version
        {
            differences.append("\(name) \(version), this machine has \(SluiceVersion.libraries[name] ?? "none")")
        }
        guard differences.isEmpty else {
            throw .config(
                .unsupported("the plan was made with \(differences.joined(separator: "; ")): shards would differ")
            )
        }
    }
}
