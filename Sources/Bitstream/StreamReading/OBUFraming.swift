/// The header and size of an OBU (AV1 5.3.2), which is all that it takes to find the next one.
struct OBUFraming: Hashable, Sendable {
    let type: OBUType
    /// Bytes of the header, the size and the payload.
    let byteCount: Int

    /// A header, its extension and a `leb128()` of eight bytes.
    static let longestHeader = 10

    /// Reads the beginning of an OBU; `nil` if the bytes end within it.
    ///
    /// - Parameters:
    ///   - bytes: The first ``longestHeader`` bytes, or fewer if the OBU is shorter.
    ///   - offset: Where they are, for errors.
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
        guard let size = try Self.size(bytes.dropFirst(headerBytes), at: offset + headerBytes) else { return nil }
        type = OBUType(rawValue: first >> 3)
        byteCount = headerBytes + size.length + size.value
    }

    /// `obu_size`; `nil` if the bytes end within it.
    private static func size(
        _ bytes: ArraySlice<UInt8>,
        at offset: Int
    ) throws(BitstreamError) -> (value: Int, length: Int)? {
        do throws(BitstreamError) {
            return try LEB128.read(bytes, "obu_size", at: offset)
        } catch {
            guard error.reason == .truncated else { throw error }
            return nil
        }
    }
}
