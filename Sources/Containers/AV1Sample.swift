package import Bitstream

/// A chunk of AV1 as ISO and Matroska files hold it (AV1-ISOBMFF 2.4, AV1 in Matroska "Block").
package struct AV1Sample {
    private let unit: AV1TemporalUnit

    /// A chunk without the parts that libavformat would drop, so that it stores the rest unchanged.
    package init(_ chunk: [UInt8]) throws(BitstreamError) {
        let dropped: Set<OBUType> = [.temporalDelimiter, .redundantFrameHeader, .tileList, .padding]
        unit = AV1TemporalUnit(try AV1TemporalUnit(parsing: chunk).obus.filter { !dropped.contains($0.type) })
    }

    /// The sample's bytes.
    package var bytes: [UInt8] { unit.bytes }

    /// The content of `av1C`, if the sample has a sequence header.
    package var record: [UInt8]? {
        get throws(BitstreamError) {
            guard let header = unit.sequenceHeader else { return nil }
            return try AV1CodecConfigurationRecord(header).bytes
        }
    }
}
