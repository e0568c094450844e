internal import Bitstream
internal import Containers
internal import Ingest
internal import Jobs
internal import VideoTypes

/// How units are laid out in a stream's file.
protocol UnitFraming: Sendable {
    associatedtype Splitter: StreamSplitter

    /// The header before the first unit, and the codec if the header stores it; `nil` otherwise.
    func header(_ splitter: Splitter) throws(BitstreamError) -> (bytes: [UInt8], codec: VideoCodec)?
    /// What is before a unit.
    func prefix(of unit: StreamUnit) -> [UInt8]
    /// The header when the number of units is known.
    func finalHeader(_ splitter: Splitter, units: Int) -> [UInt8]?
}

extension UnitFraming {
    package func header(_ splitter: Splitter) throws(BitstreamError) -> (bytes: [UInt8], codec: VideoCodec)? { nil }
    package func prefix(of unit: StreamUnit) -> [UInt8] { [] }
    func finalHeader(_ splitter: Splitter, units: Int) -> [UInt8]? { nil }
}

/// Units one after the other.
struct PlainUnits<Splitter: StreamSplitter>: UnitFraming {}

/// IVF.
struct IVFUnits: UnitFraming {
    private static let codecs = ["VP80": VideoCodec.vp8, "VP90": .vp9, "AV01": .av1]

    func header(_ splitter: IVFReader) throws(BitstreamError) -> (bytes: [UInt8], codec: VideoCodec)? {
        guard let header = splitter.header else { return nil }
        guard let codec = Self.codecs[header.fourCC] else {
            throw BitstreamError(.unsupported, "codec \(header.fourCC)", at: .byte(8), expected: "VP80, VP90 or AV01")
        }
        return (Self.header(header, units: 0).bytes, codec)
    }

    func prefix(of unit: StreamUnit) -> [UInt8] {
        IVFFrameHeader(size: unit.bytes.count, timestamp: unit.timestamp ?? 0).bytes
    }

    func finalHeader(_ splitter: IVFReader, units: Int) -> [UInt8]? {
        splitter.header.map { Self.header($0, units: units).bytes }
    }

    private static func header(_ header: IVFReader.Header, units: Int) -> IVFHeader {
        var written = IVFHeader(
            fourCC: header.fourCC,
            size: PictureSize(width: header.width, height: header.height),
            timeBase: (header.timeBaseNumerator, header.timeBaseDenominator)
        )
        written.frameCount = units
        return written
    }
}

extension LayerExtraction {
    private static let pieceBytes = 1 << 16

    /// Reads pieces of the stream and writes the units that are kept.
    func extract<Framing: UnitFraming>(
        _ splitter: Framing.Splitter,
        _ framing: Framing,
        _ codec: VideoCodec?,
        from source: inout ByteSource,
        to sink: inout ByteSink
    ) throws(JobError) -> Summary {
        var (splitter, filter, summary) = (splitter, LayerSelection?.none, Summary())
        var piece = PlaneBuffer(byteCount: Self.pieceBytes)
        var isEnded = false
        while !isEnded {
            let bytes = try read(from: &source, into: &piece)
            isEnded = bytes.count < Self.pieceBytes
            splitter.append(bytes[...])
            while let unit = try next(&splitter, isEnded: isEnded, name: source.name) {
                if filter == nil { filter = try begin(framing, splitter, codec, name: source.name, &sink) }
                summary.unitsRead += 1
                guard try keeps(unit, &filter, name: source.name) else { continue }
                try asJobError { () throws(SinkError) in
                    try sink.write(framing.prefix(of: unit))
                    try sink.write(unit.bytes)
                }
                summary.unitsWritten += 1
            }
        }
        guard summary.unitsRead > 0 else { throw .input(.empty(name: source.name, frameBytes: nil)) }
        if sink.isSeekable, let header = framing.finalHeader(splitter, units: summary.unitsWritten) {
            try asJobError { () throws(SinkError) in try unsafe sink.write(header.span.bytes, at: 0) }
        }
        summary.bytes = sink.byteCount
        return summary
    }

    private func read(from source: inout ByteSource, into piece: inout PlaneBuffer) throws(JobError) -> [UInt8] {
        try asJobError { () throws(IngestError) in
            try piece.withMutableBytes { target throws(IngestError) in
                let count = try source.read(into: &target, 0..<Self.pieceBytes)
                return (0..<count).map { unsafe target.unsafeLoad(fromByteOffset: $0, as: UInt8.self) }
            }
        }
    }

    private func begin<Framing: UnitFraming>(
        _ framing: Framing,
        _ splitter: Framing.Splitter,
        _ codec: VideoCodec?,
        name: String,
        _ sink: inout ByteSink
    ) throws(JobError) -> LayerSelection {
        let header = try reading(name) { () throws(BitstreamError) in try framing.header(splitter) }
        guard let codec = codec ?? header?.codec else { throw .defect("a stream without a codec") }
        if [.h264, .vp8, .vp9].contains(codec), mode == nil {
            throw .usage("\(codec.name) does not store its layers: use \(Setting.scalabilityMode), such as L1T3")
        }
        if let header { try asJobError { () throws(SinkError) in try sink.write(header.bytes) } }
        return try reading(name) { () throws(BitstreamError) in
            let filter = try TemporalLayerFilter(codec: codec, mode: mode, maxTemporalLayer: maxTemporalLayer)
            return LayerSelection(filter: filter, evidence: try LayerEvidence(codec: codec, mode: mode))
        }
    }

    private func next(
        _ splitter: inout some StreamSplitter,
        isEnded: Bool,
        name: String
    ) throws(JobError) -> StreamUnit? {
        do throws(BitstreamError) {
            if let unit = try splitter.next() { return unit }
            return isEnded ? try splitter.end() : nil
        } catch {
            throw .input(.damagedHeader(name: name, reason: "\(error)"))
        }
    }

    private func keeps(
        _ unit: StreamUnit,
        _ filter: inout LayerSelection?,
        name: String
    ) throws(JobError) -> Bool {
        do throws(BitstreamError) {
            return try filter?.keeps(unit.bytes) ?? true
        } catch {
            throw .input(.damagedHeader(name: name, reason: "\(error), in the unit at byte \(unit.offset)"))
        }
    }

    private func reading<Result>(
        _ name: String,
        _ body: () throws(BitstreamError) -> Result
    ) throws(JobError) -> Result {
        do throws(BitstreamError) {
            return try body()
        } catch {
            throw .input(.damagedHeader(name: name, reason: "\(error)"))
        }
    }
}

/// Which units stay, and whether the stream is what it is assumed to be.
struct LayerSelection {
    var filter: TemporalLayerFilter
    var evidence: LayerEvidence

    mutating func keeps(_ unit: [UInt8]) throws(BitstreamError) -> Bool {
        let isKept = try filter.keeps(unit)
        try evidence.check(unit, isKept: isKept)
        return isKept
    }
}
