internal import Bitstream
internal import Media
public import VideoTypes

/// Reads the headers of a stream's chunks, one after the other, and keeps their values.
///
/// Thread-safety: a value; used by one thread at a time.
public struct StreamInspector: Sendable {
    /// Units that are kept, at most: nine hours at 30 frames a second.
    public static let limit = 1_000_000

    /// Why a chunk cannot be inspected.
    public struct Failure: Error, Sendable, CustomStringConvertible {
        /// The chunk's number in decoding order, from 0.
        public let unit: Int
        /// What is wrong with it.
        public let description: String
        /// The stream is not damaged, but contradicts the specified mode.
        var isContradiction = false
    }

    /// Whether a chunk's picture is displayed, if its codec would show it.
    enum Use {
        case shown
        case leftOut
        /// It is dropped unless it is shown after the first complete picture.
        case unrecovered
    }

    private let codec: VideoCodec
    private var reader: any UnitInspector
    private var layers: TemporalLayers?
    private var evidence: LayerEvidence?
    private let maxTemporalLayer: Int?
    private(set) var units: [InspectedUnit] = []
    /// Places in ``units`` of pictures that are dropped unless they are shown after the first complete one.
    private var unrecovered: [Int] = []
    private var hasDelta = false
    private var sizes = PictureSizes()
    /// Units that were read, including those of ignored layers.
    public private(set) var unitsRead = 0

    /// An inspector at the beginning of a stream.
    ///
    /// - Parameters:
    ///   - codec: The codec.
    ///   - description: The decoder configuration record of a stream that has its parameter sets there; `nil`, the default,
    ///     means that they are in the stream.
    ///   - mode: The scalability mode that a stream of H.264, VP8 or VP9 was made with; `nil`, the default, means that it
    ///     is not known.
    ///   - maxTemporalLayer: Keep no units above this layer. `nil`, the default, means all.
    public init(
        codec: VideoCodec,
        description: [UInt8]? = nil,
        mode: ScalabilityMode? = nil,
        maxTemporalLayer: Int? = nil
    ) throws(Failure) {
        (self.codec, self.maxTemporalLayer) = (codec, maxTemporalLayer)
        do throws(BitstreamError) {
            reader = try UnitInspectors.reader(codec, description: description)
            let lengthSize = codec == .h264 ? try description.map(Self.lengthSize) : nil
            if let mode, mode.temporalLayers > 1 {
                evidence = try LayerEvidence(codec: codec, mode: mode, description: description)
            }
            let saysLayers = [.av1, .hevc].contains(codec)
            guard !saysLayers, mode != nil || maxTemporalLayer != nil else { return }
            layers = try TemporalLayers(codec: codec, mode: mode, lengthSize: lengthSize)
        } catch {
            throw Failure(unit: 0, description: "\(error)")
        }
    }

    private static func lengthSize(_ description: [UInt8]) throws(BitstreamError) -> Int {
        try AVCDecoderConfigurationRecord(parsing: description).lengthSize
    }

    /// Reads the next chunk in decoding order.
    ///
    /// - Parameters:
    ///   - chunk: The chunk.
    ///   - isLeftOut: An edit list leaves its picture out. The default is that none does.
    public mutating func take(_ chunk: EncodedVideoChunk, isLeftOut: Bool = false) throws(Failure) {
        try take(chunk, isLeftOut ? .leftOut : .shown)
    }

    mutating func take(_ chunk: EncodedVideoChunk, _ use: Use) throws(Failure) {
        guard units.count < Self.limit else {
            throw Failure(
                unit: unitsRead,
                description: "it has more than \(Self.limit) units (use \(Setting.frames))"
            )
        }
        let facts: UnitFacts
        do throws(BitstreamError) {
            facts = try read(chunk.data)
        } catch {
            throw Failure(unit: unitsRead, description: "\(error)")
        }
        hasDelta = hasDelta || !facts.isKey
        keep(facts, chunk, use)
        try agreeing(at: unitsRead) { evidence throws(BitstreamError) in
            try evidence.check(chunk.data, isKept: facts.temporalLayer ?? 0 == 0)
        }
        unitsRead += 1
    }

    private mutating func read(_ unit: [UInt8]) throws(BitstreamError) -> UnitFacts {
        var facts = try reader.read(unit)
        if let layer = try layers?.layer(of: unit) { facts.temporalLayer = layer }
        return facts
    }

    private mutating func keep(_ facts: UnitFacts, _ chunk: EncodedVideoChunk, _ use: Use) {
        guard facts.temporalLayer ?? 0 <= maxTemporalLayer ?? .max else { return }
        if use == .unrecovered { unrecovered.append(units.count) }
        units.append(InspectedUnit(facts, chunk, unitsRead, isLeftOut: use != .shown && facts.isShown))
        sizes.add(reader.profile, unit: unitsRead)
    }

    /// Throws if the stream contradicts the specified layers.
    private mutating func agreeing(
        at place: Int,
        _ body: (inout LayerEvidence) throws(BitstreamError) -> Void
    ) throws(Failure) {
        do throws(BitstreamError) {
            if var found = evidence.take() {
                defer { evidence = found }
                try body(&found)
            }
        } catch {
            throw Failure(unit: place, description: "\(error)", isContradiction: true)
        }
    }

    /// Throws if the stream stores its layers, and has fewer than specified.
    mutating func checkLayers() throws(Failure) {
        guard hasDelta else { return }
        try agreeing(at: unitsRead - 1) { evidence throws(BitstreamError) in try evidence.checkCount() }
    }

    /// Pictures are complete from this time on.
    mutating func recover(at time: Int64) {
        for place in unrecovered where units[place].timestamp > time && units[place].isLeftOut {
            (units[place].isLeftOut, units[place].isShown) = (false, true)
        }
        unrecovered = []
    }

    /// The result, or `nil` before a parameter set or key frame that describes the stream.
    ///
    /// - Parameters:
    ///   - name: What the stream is called.
    ///   - format: How it is framed.
    ///   - framerate: Frames a second, where it is known; else the timestamps tell.
    public func report(
        name: String,
        format: String,
        framerate: FrameRate? = nil
    ) -> StreamReport? {
        guard let profile = sizes.largest, !units.isEmpty else { return nil }
        var report = StreamReport(name: name, format: format, codec, profile, framerate, units, reader.parameterSets)
        (report.pictures, report.picturesOmitted) = (sizes.pictures, sizes.omitted)
        return report
    }
}

extension InspectedUnit {
    fileprivate init(_ facts: UnitFacts, _ chunk: EncodedVideoChunk, _ index: Int, isLeftOut: Bool) {
        self.index = index
        (type, isKey, kind) = (facts.type, facts.isKey, facts.kind)
        (size, parts) = (chunk.data.count, facts.parts)
        (timestamp, duration) = (chunk.timestamp, chunk.duration)
        decodeTimestamp = chunk.decodeTimestamp == chunk.timestamp ? nil : chunk.decodeTimestamp
        quantizer = Quantizers(facts.quantizers)
        temporalLayer = facts.temporalLayer
        (isReference, isShown) = (facts.isReference, facts.isShown && !isLeftOut)
        self.isLeftOut = isLeftOut
    }
}
