package import VideoTypes

/// Reads temporal units of AV1 in the low-overhead format.
package struct AV1UnitReader: UnitReading {
    private var frames = AV1FrameHeaderReader()
    private var order = AV1ShownOrder()
    private var coverage = AV1TileCoverage()

    /// How to set up a decoder.
    package private(set) var decoderConfig: DecoderConfig?

    /// A reader at the beginning of a stream.
    package init(_ setup: UnitReaderSetup) throws(BitstreamError) {
        guard let description = setup.description else { return }
        let record = try AV1CodecConfigurationRecord(parsing: description)
        _ = try read(record.configOBUs)
    }

    /// Reads the next temporal unit.
    package mutating func read(_ unit: [UInt8]) throws(BitstreamError) -> UnitSummary {
        let unit = try AV1TemporalUnit(parsing: unit)
        let headers = try headers(of: unit)
        if unit.sequenceHeader != nil {
            decoderConfig = frames.sequenceHeader.map { DecoderConfig($0, codec: $0.codecString().description) }
        }
        var summary = UnitSummary()
        (summary.hasPicture, summary.isShown) = (!headers.isEmpty, headers.contains(where: \.isShown))
        if let shown = headers.last(where: \.isShown), let sequence = frames.sequenceHeader {
            summary.followsGap = order.take(shown, bits: sequence.orderHintBits)
        }
        // Every temporal unit shows a frame (7.5).
        summary.hasUnknown = headers.isEmpty
        summary.isKey = headers.contains(where: \.isShownKey)
        summary.extras = Set(unit.obus.compactMap(Self.extra))
        return summary
    }

    /// The frame headers; throws if tiles of a frame are missing.
    private mutating func headers(of unit: AV1TemporalUnit) throws(BitstreamError) -> [AV1FrameHeader] {
        var headers: [AV1FrameHeader] = []
        for obu in unit.obus {
            if let header = try frames.read(obu) {
                try coverage.begin(header, in: obu)
                headers.append(header)
            } else if obu.type == .tileGroup {
                try coverage.take(obu)
            }
        }
        try coverage.finish()
        return headers
    }

    /// What a metadata OBU has (AV1 5.8.1): ITU-T T.35 is type 4, a timecode type 5.
    private static func extra(_ obu: OBU) -> StreamExtra? {
        guard obu.type == .metadata, let type = obu.payload.first else { return nil }
        return type == 4 ? StreamExtra(registered: obu.payload.dropFirst()) : type == 5 ? .timecodes : nil
    }
}
