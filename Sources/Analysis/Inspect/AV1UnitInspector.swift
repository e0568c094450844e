internal import Bitstream
internal import VideoTypes

/// Temporal units of AV1.
struct AV1UnitInspector: UnitInspector {
    private(set) var parameterSets = ParameterSetList()
    private(set) var profile: StreamProfile?
    private var headers = AV1FrameHeaderReader()

    init(description: [UInt8]?) throws(BitstreamError) {
        guard let description else { return }
        let record = try AV1CodecConfigurationRecord(parsing: description)
        var facts = UnitFacts()
        for obu in try AV1TemporalUnit(parsing: record.configOBUs).obus { try read(obu, &facts) }
    }

    mutating func read(_ unit: [UInt8]) throws(BitstreamError) -> UnitFacts {
        parameterSets.unit += 1
        var facts = UnitFacts()
        facts.isShown = false
        for obu in try AV1TemporalUnit(parsing: unit).obus { try read(obu, &facts) }
        return facts
    }

    private mutating func read(_ obu: OBU, _ facts: inout UnitFacts) throws(BitstreamError) {
        facts.parts.append(.init(name: obu.type.words, size: obu.payload.count))
        let frame = try headers.read(obu)
        if obu.type == .sequenceHeader, let sequence = headers.sequenceHeader {
            profile = StreamProfile(sequence)
            parameterSets.add(obu.payload) { sequence.words(unit: $0) }
        }
        guard let frame else { return }
        facts.temporalLayer = max(facts.temporalLayer ?? 0, obu.temporalID)
        facts.isKey = facts.isKey || frame.isShownKey
        facts.isReference = facts.isReference || frame.refreshFlags != 0
        if !frame.showsExisting, let quantizer = frame.baseQuantizerIndex { facts.quantizers.append(quantizer) }
        guard frame.isShown || !facts.isShown else { return }
        (facts.type, facts.kind, facts.isShown) = (frame.pictureType, frame.words, frame.isShown)
        // The sequence header has the maximum size.
        if frame.isShown, let size = frame.size { profile?.shownSize = size }
    }
}

extension AV1FrameHeader {
    fileprivate var pictureType: InspectedUnit.PictureType {
        switch type {
        case nil: .none
        case .key, .intraOnly: .intra
        case .inter, .switching: .predicted
        }
    }

    /// What the frame is.
    fileprivate var words: String {
        let names: [FrameType: String] = [
            .key: "key", .inter: "inter", .intraOnly: "intra-only", .switching: "switch",
        ]
        let name = type.flatMap { names[$0] } ?? "unknown"
        return showsExisting ? "shown existing \(name)" : name
    }
}

extension OBUType {
    /// The type as text (AV1 6.2.2).
    fileprivate var words: String {
        let names: [UInt8: String] = [
            1: "sequence header", 2: "temporal delimiter", 3: "frame header", 4: "tile group", 5: "metadata",
            6: "frame",
            7: "redundant frame header", 8: "tile list", 15: "padding",
        ]
        return names[rawValue] ?? "OBU \(rawValue)"
    }
}
