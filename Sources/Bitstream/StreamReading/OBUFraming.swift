/// The header and size of an OBU (AV1 5.3.2), which is all that it takes to find the next one.
struct OBUFraming: Hashable, Sendable {
    /// `obu_type`.
    let type: UInt8
    /// `temporal_id`, 0 where there is no extension.
    let temporalID: Int
    /// Bytes of the header, the size and the payload.
    let byteCount: Int

    /// A header, its extension and a `leb128()` of eight bytes.
    static let longestHeader = 10

    var isTemporalDelimiter: Bool { type == 2 }

    /// Whether it holds (a part of) a coded picture: a frame header, a frame, a tile group or a redundant frame header.
    var isPicture: Bool { [3, 4, 6, 7].contains(type) }

    /// Reads the beginning of an OBU; `nil` if the bytes end within it.
    ///
    /// - Parameters:
    ///   - bytes: The first ``longestHeader`` bytes, or as many as there are.
    ///   - offset: Where they stand, for errors.
    init?(_ bytes: ArraySlice<UInt8>, at offset: Int) throws(BitstreamError) {
        guard let first = bytes.first else { return nil }
        guard first & 0x80 == 0 else {
            throw BitstreamError(.invalid, "obu_forbidden_bit is 1", at: .byte(offset), expected: "0")
        }
        guard first & 2 != 0 else {
            let expected = "1 in a low-overhead stream"
            throw BitstreamError(.invalid, "obu_has_size_field is 0", at: .byte(offset), expected: expected)
        }
        let headerBytes = first & 4 != 0 ? 2 : 1
        guard bytes.count > headerBytes else { return nil }
        guard let size = try Self.leb128(bytes.dropFirst(headerBytes), at: offset + headerBytes) else { return nil }
        type = first >> 3 & 0xF
        temporalID = headerBytes == 2 ? Int(bytes[bytes.startIndex + 1] >> 5) : 0
        byteCount = headerBytes + size.byteCount + size.value
    }

    /// `leb128()` (AV1 4.10.5), at most 2³² - 1; `nil` if the bytes end within it.
    private static func leb128(
        _ bytes: ArraySlice<UInt8>,
        at offset: Int
    ) throws(BitstreamError) -> (value: Int, byteCount: Int)? {
        var value = 0
        for (index, byte) in bytes.prefix(8).enumerated() {
            value |= Int(byte & 0x7F) << (7 * index)
            guard byte & 0x80 != 0 else {
                guard value <= Int(UInt32.max) else { break }
                return (value, index + 1)
            }
        }
        guard bytes.count >= 8 || value > Int(UInt32.max) else { return nil }
        throw BitstreamError(.invalid, "obu_size is too long", at: .byte(offset), expected: "at most 4294967295")
    }
}
