/// The byte stream format: NAL units after start codes (H.264 annex B).
package enum AnnexB {
    /// The NAL units of a byte stream, without start codes and trailing zeros, as slices of `bytes`.
    ///
    /// Bytes before the first start code belong to no NAL unit; empty NAL units are omitted.
    package static func split(_ bytes: ArraySlice<UInt8>) -> [ArraySlice<UInt8>] {
        var units: [ArraySlice<UInt8>] = []
        var start: Int?
        var index = bytes.startIndex
        while let code = startCode(in: bytes, from: index) {
            if let start { append(bytes[start..<code], to: &units) }
            start = code + 3
            index = code + 3
        }
        if let start { append(bytes[start...], to: &units) }
        return units
    }

    /// The NAL units of a byte stream, without start codes and trailing zeros, as slices of `bytes`.
    package static func split(_ bytes: [UInt8]) -> [ArraySlice<UInt8>] { split(bytes[...]) }

    /// The first place at or after `from` where 0, 0, 1 is (B.2).
    private static func startCode(in bytes: ArraySlice<UInt8>, from: Int) -> Int? {
        var index = from
        while index + 2 < bytes.endIndex {
            switch bytes[index + 2] {
            case 0: index += 1
            case 1 where bytes[index] == 0 && bytes[index + 1] == 0: return index
            default: index += 3
            }
        }
        return nil
    }

    /// A NAL unit never ends in a zero, so that zeros there are `trailing_zero_8bits` or a four-byte start code's first.
    private static func append(_ bytes: ArraySlice<UInt8>, to units: inout [ArraySlice<UInt8>]) {
        guard let last = bytes.lastIndex(where: { $0 != 0 }) else { return }
        units.append(bytes[...last])
    }
}
