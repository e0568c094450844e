internal import Bitstream
public import Containers
public import Ingest
public import Jobs
internal import Threading
public import VideoTypes

/// Leaves the upper temporal layers of a stream out: what is left is a stream of the same format, with fewer frames a
/// second, and the same pictures.
public struct LayerExtraction: Sendable {
    /// What was done.
    public struct Summary: Encodable, Sendable {
        /// Units with a picture, or with data of one, that were read.
        public internal(set) var unitsRead = 0
        /// Units that are in the output.
        public internal(set) var unitsWritten = 0
        /// Bytes of the output.
        public internal(set) var bytes = 0

        /// The object as one line of JSON, with its line feed.
        public var line: [UInt8] { JSON.line(self) }
    }

    /// The stream: IVF, Annex B, or AV1's low-overhead format, which it is found out to be by its first bytes.
    public var input: ByteSource.Origin
    /// The destination of the remaining units.
    public var output: ByteSink.Destination
    /// The highest layer that is kept, 0 or more.
    public var maxTemporalLayer: Int
    /// The mode that the stream was made with; H.264, VP8 and VP9 do not store it.
    public var mode: ScalabilityMode?
    /// Whether an existing file may be replaced. The default is that it may not.
    public var overwrite = false

    /// An extraction.
    public init(
        input: ByteSource.Origin,
        output: ByteSink.Destination,
        maxTemporalLayer: Int,
        mode: ScalabilityMode? = nil
    ) {
        (self.input, self.output) = (input, output)
        (self.maxTemporalLayer, self.mode) = (maxTemporalLayer, mode)
    }

    /// Runs it to its end, on the calling thread.
    ///
    /// - Parameters:
    ///   - interrupt: Ends the run early.
    ///   - temporaries: Learns of the file that does not have its name yet.
    /// - Throws: ``Jobs/JobError``; then no output is written.
    @available(*, noasync, message: "blocks the calling thread")
    public func run(
        interrupt: Interrupt = Interrupt(),
        temporaries: TemporaryFiles = TemporaryFiles()
    ) throws(JobError) -> Summary {
        var places = FilePlaces()
        places.read(input, as: "the input")
        places.write(output)
        try places.check()
        var source = try asJobError { () throws(IngestError) in
            try ByteSource(opening: input, interrupt: interrupt, clock: StageClock())
        }
        let start = try asJobError { () throws(IngestError) in try source.peek(LayeredStream.magicLength) }
        guard !start.isEmpty else { throw .input(.empty(name: source.name, frameBytes: nil)) }
        guard let stream = LayeredStream(beginningWith: start) else {
            throw .input(
                .unsupported(
                    name: source.name,
                    reason: "it is neither IVF, nor Annex B, nor AV1's low-overhead format"
                )
            )
        }
        var sink = try asJobError { () throws(SinkError) in
            try ByteSink(opening: output, overwrite: overwrite, temporaries: temporaries)
        }
        let summary: Summary
        switch stream {
        case .ivf: summary = try extract(IVFReader(), IVFUnits(), nil, from: &source, to: &sink)
        case .annexB(let codec):
            let splitter = AnnexBSplitter(isHEVC: codec == .hevc)
            summary = try extract(splitter, PlainUnits(), codec, from: &source, to: &sink)
        case .obu: summary = try extract(TemporalUnitSplitter(), PlainUnits(), .av1, from: &source, to: &sink)
        }
        if interrupt.isTriggered { throw .interrupted }
        do throws(SinkError) { try sink.publish() } catch { throw .output(error) }
        return summary
    }
}

/// The kinds of stream that layers are taken from.
enum LayeredStream: Equatable {
    case ivf
    case annexB(VideoCodec)
    case obu

    /// Enough to tell them apart.
    static let magicLength = 6

    init?(beginningWith start: [UInt8]) {
        if start.starts(with: IVFHeader.magic) {
            self = .ivf
        } else if start.starts(with: [0x12, 0x00]) {
            // A temporal delimiter with a size, which is 0 (AV1 5.6).
            self = .obu
        } else if let unit = Self.firstUnit(start) {
            // HEVC's two-byte header of VPS, SPS or access unit delimiter has a layer id of 0 and temporal id of 0.
            let isHEVC = [0x40, 0x42, 0x46].contains(unit.first) && unit.dropFirst().first == 1
            self = .annexB(isHEVC ? .hevc : .h264)
        } else {
            return nil
        }
    }

    private static func firstUnit(_ start: [UInt8]) -> ArraySlice<UInt8>? {
        if start.starts(with: [0, 0, 1]) { return start[3...] }
        return start.starts(with: [0, 0, 0, 1]) ? start[4...] : nil
    }
}
