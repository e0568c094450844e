package import Bitstream
package import VideoTypes

/// AV1's low-overhead bitstream format (AV1 5.2): OBUs with their sizes. Each temporal unit begins with a temporal
/// delimiter (AV1 7.5), which is put there if the encoder has left it out.
package struct LowOverheadFraming: ChunkFraming {
    /// The framing.
    package init() {}

    /// The chunk after a temporal delimiter.
    package func frame(_ chunk: EncodedVideoChunk) throws(BitstreamError) -> FramedChunk {
        let unit = try AV1TemporalUnit(parsing: chunk.data)
        return FramedChunk(header: unit.beginsWithDelimiter ? [] : OBU.temporalDelimiter.bytes, payload: chunk.data)
    }
}

/// AV1's length-delimited bitstream format (AV1 Annex B): sizes are before temporal units, frame units and OBUs.
package struct LengthDelimitedFraming: ChunkFraming {
    /// The framing.
    package init() {}

    /// The chunk after its `temporal_unit_size`, with the sizes inside moved out of the OBUs.
    package func frame(_ chunk: EncodedVideoChunk) throws(BitstreamError) -> FramedChunk {
        var unit = try AV1TemporalUnit(parsing: chunk.data)
        if !unit.beginsWithDelimiter { unit.obus.insert(.temporalDelimiter, at: 0) }
        let bytes = unit.annexB
        let (_, length) = try LEB128.read(bytes[...], "temporal_unit_size")
        return FramedChunk(header: Array(bytes.prefix(length)), payload: Array(bytes.dropFirst(length)))
    }
}

extension AV1TemporalUnit {
    fileprivate var beginsWithDelimiter: Bool { obus.first?.type == .temporalDelimiter }
}

extension OBU {
    fileprivate static let temporalDelimiter = OBU(.temporalDelimiter, payload: [])
}
