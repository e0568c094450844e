/// Finds the fields that make a frame with the field before them (H.264 3.30 and 7.4.1.2.4), in streams whose pictures come one
/// by one.
package struct AVCFieldPairs: Sendable {
    private var sets = AVCParameterSets()
    private let framing: NALUnitFraming
    /// A field that can have a second one.
    private var first: SliceHeader?

    /// At the beginning of a stream.
    ///
    /// - Parameter description: The `avcC` record of a stream with lengths before its NAL units.
    package init(description: [UInt8]? = nil) {
        let record = description.flatMap { try? AVCDecoderConfigurationRecord(parsing: $0) }
        framing = record?.framing ?? .annexB
        for unit in record?.parameterSets ?? [] { try? sets.take(unit[...]) }
    }

    /// The sequence has fields, as far as it is known.
    package var mayHaveFields: Bool { sets.latest?.frameMbsOnly == false }

    /// Whether the next access unit is the second field of the previous picture. Units must be passed in order.
    package mutating func isSecondField(_ unit: [UInt8]) -> Bool {
        guard let header = firstSlice(of: unit) else { return false }
        guard let before = first, header.isField, header.isBottomField != before.isBottomField,
            header.frameNum == before.frameNum, !header.isIDR, (header.refIdc == 0) == (before.refIdc == 0)
        else {
            first = header.isField ? header : nil
            return false
        }
        first = nil
        return true
    }

    private mutating func firstSlice(of unit: [UInt8]) -> SliceHeader? {
        for nalUnit in (try? framing.split(unit)) ?? [] {
            guard let type = try? NALUnitHeader(parsing: nalUnit).type else { continue }
            guard !type.isVCL else { return try? sets.header(ofSlice: nalUnit).header }
            try? sets.take(nalUnit)
        }
        return nil
    }
}
