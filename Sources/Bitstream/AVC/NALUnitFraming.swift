/// What is before each NAL unit of a stream of H.264 or HEVC: a start code, or its length.
package struct NALUnitFraming: Hashable, Sendable {
    /// Bytes of a length: 1, 2 or 4; `nil` for start codes.
    package let lengthSize: Int?

    /// Start codes, of four bytes where they are written.
    package static let annexB = Self(lengthSize: nil)

    /// A framing with lengths of this size; `nil` for start codes.
    package init(lengthSize: Int?) { self.lengthSize = lengthSize }

    /// The NAL units of an access unit, as slices of it.
    package func split(_ unit: [UInt8]) throws(BitstreamError) -> [ArraySlice<UInt8>] {
        guard let lengthSize else { return AnnexB.split(unit) }
        return try LengthPrefixed.split(unit, lengthSize: lengthSize)
    }

    /// Appends a NAL unit to an access unit.
    package func append(_ nalUnit: ArraySlice<UInt8>, to unit: inout [UInt8]) {
        if let lengthSize { return LengthPrefixed.append(nalUnit, to: &unit, lengthSize: lengthSize) }
        unit += [0, 0, 0, 1]
        unit += nalUnit
    }

    /// NAL units as they are in the stream.
    package func joined(_ nalUnits: [ArraySlice<UInt8>]) -> [UInt8] {
        nalUnits.reduce(into: []) { append($1, to: &$0) }
    }

    /// The parameter sets of an access unit, as they are in the stream; empty if it cannot be read.
    func parameterSets<UnitType: CodedNALUnitType>(of unit: [UInt8], _ type: UnitType.Type) -> [UInt8] {
        joined(((try? split(unit)) ?? []).filter { $0.first.map(UnitType.init(firstByte:))?.isParameterSet == true })
    }
}
