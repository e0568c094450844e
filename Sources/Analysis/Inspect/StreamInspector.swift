internal import Bitstream
public import VideoTypes

/// Reads the headers of a stream's chunks, one after the other, and keeps what they say.
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
    }

    private let codec: VideoCodec
    private var reader: any UnitInspector
    private var layers: TemporalLayers?
    private let maxTemporalLayer: Int?
    private(set) var units: [InspectedUnit] = []
    private var sizes = PictureSizes()
    /// Units that were read, among them those of layers that are not wanted.
    public private(set) var unitsRead = 0

    /// An inspector at the beginning of a stream.
    ///
    /// - Parameters:
    ///   - codec: The codec.
    ///   - description: The decoder configuration record of a stream that has its parameter sets there; `nil`, the default,
    ///     means that they stand in the stream.
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
            let saysLayers = [.av1, .hevc].contains(codec)
            guard !saysLayers, mode != nil || maxTemporalLayer != nil else { return }
            let lengthSize = codec == .h264 ? try description.map(Self.lengthSize) : nil
            layers = try TemporalLayers(codec: codec, mode: mode, lengthSize: lengthSize)
        } catch {
            throw Failure(unit: 0, description: "\(error)")
        }
    }

    private static func lengthSize(_ description: [UInt8]) throws(BitstreamError) -> Int {
        try AVCDecoderConfigurationRecord(parsing: description).lengthSize
    }

    /// Reads the next chunk in decoding order.
    public mutating func take(_ chunk: EncodedVideoChunk) throws(Failure) {
        guard units.count < Self.limit else {
            throw Failure(
                unit: unitsRead,
                description: "there are more than \(Self.limit) units; take fewer (--frames)"
            )
        }
        do throws(BitstreamError) {
            var facts = try reader.read(chunk.data)
            if let layer = try layers?.layer(of: chunk.data) { facts.temporalLayer = layer }
            if facts.temporalLayer ?? 0 <= maxTemporalLayer ?? .max {
                units.append(InspectedUnit(facts, chunk, unitsRead))
                sizes.add(reader.profile, unit: unitsRead)
            }
            unitsRead += 1
        } catch {
            throw Failure(unit: unitsRead, description: "\(error)")
        }
    }

    /// What was found, or `nil` if no parameter set or key frame has said what the stream is.
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
    fileprivate init(_ facts: UnitFacts, _ chunk: EncodedVideoChunk, _ index: Int) {
        self.index = index
        (type, isKey, kind) = (facts.type, facts.isKey, facts.kind)
        (size, parts) = (chunk.data.count, facts.parts)
        (timestamp, duration) = (chunk.timestamp, chunk.duration)
        decodeTimestamp = chunk.decodeTimestamp == chunk.timestamp ? nil : chunk.decodeTimestamp
        quantizer = Quantizers(facts.quantizers)
        temporalLayer = facts.temporalLayer
        (isReference, isShown) = (facts.isReference, facts.isShown)
    }
}
