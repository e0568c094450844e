/// What is before each NAL unit of a stream: a start code, or its length.
struct NALUnitFraming: Sendable {
    /// Bytes of a length; `nil` for start codes.
    let lengthSize: Int?

    /// NAL units as they are in the stream.
    func joined(_ nalUnits: [ArraySlice<UInt8>]) -> [UInt8] {
        nalUnits.reduce(into: []) { bytes, nalUnit in
            bytes += lengthSize.map { Self.length(nalUnit.count, bytes: $0) } ?? [0, 0, 0, 1]
            bytes += nalUnit
        }
    }

    private static func length(_ count: Int, bytes: Int) -> [UInt8] {
        (0..<bytes).reversed().map { UInt8(truncatingIfNeeded: count >> (8 * $0)) }
    }
}
