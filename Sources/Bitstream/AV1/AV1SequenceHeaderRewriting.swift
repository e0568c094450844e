package import VideoTypes

extension AV1SequenceHeader {
    /// The same sequence header with another level and tier for every operating point.
    ///
    /// Encoders write the lowest level that they think fits; a stream that keeps to it keeps to every higher one.
    ///
    /// - Parameters:
    ///   - payload: The payload of a sequence header OBU.
    ///   - level: `seq_level_idx`, `0...31`.
    ///   - tier: `seq_tier`, which levels of 8 and more have.
    package static func rewriting(
        _ payload: ArraySlice<UInt8>,
        level: Int,
        tier: AV1CodecString.Tier
    ) throws(BitstreamError) -> [UInt8] {
        let header = try AV1SequenceHeader(parsing: payload)
        let end = BitReader(payload).payloadEnd
        var (reader, writer) = (BitReader(payload), BitWriter())
        for (point, offset) in zip(header.operatingPoints, header.levelOffsets) {
            try copy(&reader, to: &writer, until: offset)
            _ = try reader.bits(point.level > 7 && !header.hasReducedHeader ? 6 : 5, "seq_level_idx")
            writer.bits(UInt32(level & 31), count: 5)
            if level > 7, !header.hasReducedHeader { writer.flag(tier == .high) }
        }
        try copy(&reader, to: &writer, until: end)
        writer.trailingBits()
        return writer.bytes
    }

    private static func copy(
        _ reader: inout BitReader,
        to writer: inout BitWriter,
        until end: Int
    ) throws(BitstreamError) {
        while reader.bitOffset < end { writer.flag(try reader.flag()) }
    }
}
