/// NAL units after their lengths, as MP4 and Matroska hold them (ISO/IEC 14496-15 5.3.4.2).
package enum LengthPrefixed {
    /// The NAL units of a sample, as slices of `bytes`.
    ///
    /// - Parameters:
    ///   - bytes: One sample.
    ///   - lengthSize: Bytes of a length: 1, 2 or 4 (`lengthSizeMinusOne` plus 1).
    package static func split(
        _ bytes: ArraySlice<UInt8>,
        lengthSize: Int = 4
    ) throws(BitstreamError) -> [ArraySlice<UInt8>] {
        precondition([1, 2, 4].contains(lengthSize), "a NAL unit's length has 1, 2 or 4 bytes")
        var units: [ArraySlice<UInt8>] = []
        var rest = bytes
        while !rest.isEmpty {
            let offset = rest.startIndex - bytes.startIndex
            let length = try length(rest.prefix(lengthSize), size: lengthSize, offset: offset)
            rest = rest.dropFirst(lengthSize)
            guard length <= rest.count else {
                let expected = "at most \(rest.count)"
                throw BitstreamError(.truncated, "NAL unit length \(length)", at: .byte(offset), expected: expected)
            }
            units.append(rest.prefix(length))
            rest = rest.dropFirst(length)
        }
        return units
    }

    /// The NAL units of a sample, as slices of `bytes`.
    package static func split(_ bytes: [UInt8], lengthSize: Int = 4) throws(BitstreamError) -> [ArraySlice<UInt8>] {
        try split(bytes[...], lengthSize: lengthSize)
    }

    /// Appends a NAL unit after its length.
    ///
    /// - Parameters:
    ///   - nalUnit: The NAL unit, whose length has room in the length's bytes.
    ///   - sample: What it is appended to.
    ///   - lengthSize: Bytes of a length: 1, 2 or 4.
    package static func append(_ nalUnit: ArraySlice<UInt8>, to sample: inout [UInt8], lengthSize: Int = 4) {
        for place in (0..<lengthSize).reversed() {
            sample.append(UInt8(truncatingIfNeeded: nalUnit.count >> (8 * place)))
        }
        sample += nalUnit
    }

    private static func length(
        _ field: ArraySlice<UInt8>,
        size: Int,
        offset: Int
    ) throws(BitstreamError) -> Int {
        guard field.count == size else {
            let expected = "\(size) bytes, \(field.count) are left"
            throw BitstreamError(.truncated, "the data ends within a length", at: .byte(offset), expected: expected)
        }
        let length = field.reduce(0) { $0 << 8 | Int($1) }
        guard length > 0 else {
            throw BitstreamError(.invalid, "NAL unit length 0", at: .byte(offset), expected: "1 or more")
        }
        return length
    }
}
