/// Follows the tags of an FLV file (Adobe Flash Video File Format 10.1, E.3) to check whether the last one is complete:
/// libavformat treats any end of the bytes as the end of the file.
package struct FLVTags {
    private static let (fileHeader, tagHeader, sizeBehind) = (9, 11, 4)

    /// The bytes are those of an FLV file, as far as they have been looked at.
    private var isFollowed = true
    /// Where the current header begins, and its bytes so far.
    private var (start, header) = (0, [UInt8]())
    /// Bytes of the last tag, from its header to the size after it.
    private var length = 0
    /// The place of the first byte that was not examined yet.
    private var end = 0

    package init() {}

    /// Takes bytes of the file. Those that were there before, and those beyond the next, are passed over.
    package mutating func take(_ bytes: RawSpan, at position: Int) {
        guard isFollowed, position <= end, position + bytes.byteCount > end else { return }
        end = position + bytes.byteCount
        while isFollowed, start + header.count < end {
            let offset = start + header.count - position
            // SAFETY: what is before these bytes has been read into the header, and the loop ends with them.
            unsafe header.append(bytes.unsafeLoad(fromByteOffset: offset, as: UInt8.self))
            if header.count == 1 { isFollowed = isBeginning(header[0]) }
            if header.count == (start == 0 ? Self.fileHeader : Self.tagHeader) { takeHeader() }
        }
    }

    /// How many bytes the last tag has, if it is incomplete.
    package var partial: (bytes: Int, length: Int)? {
        guard isFollowed, start > 0 else { return nil }
        if start > end {
            let bytes = length - (start - end)
            // Some writers omit the size after the last tag.
            return start - end > Self.sizeBehind ? (bytes, length) : nil
        }
        return header.isEmpty ? nil : (header.count, Self.tagHeader)
    }

    /// A file begins with "FLV", a tag with its type.
    private func isBeginning(_ byte: UInt8) -> Bool { start == 0 ? byte == 0x46 : [8, 9, 18].contains(byte & 0x1F) }

    private mutating func takeHeader() {
        defer { header = [] }
        guard start > 0 else {
            isFollowed = header.starts(with: "FLV".utf8)
            length = Self.number(header[5...]) + Self.sizeBehind
            start = max(length, Self.fileHeader)
            return
        }
        length = Self.tagHeader + Self.number(header[1..<4]) + Self.sizeBehind
        start += length
    }

    private static func number(_ bytes: ArraySlice<UInt8>) -> Int { bytes.reduce(0) { $0 << 8 | Int($1) } }
}
