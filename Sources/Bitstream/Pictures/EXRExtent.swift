/// The end of an OpenEXR file of one part: of the chunk that is the last (OpenEXR file layout).
enum EXRExtent {
    @Sendable static func find(_ bytes: borrowing PictureBytes) throws(BitstreamError) -> PictureExtent {
        var bytes = copy bytes
        bytes.isBigEndian = false
        guard let flags = bytes.number(4, bytes: 4) else { return .atLeast(8) }
        // Bit 11: deep data. Bit 12: several parts.
        guard flags & 0x1800 == 0 else {
            throw bytes.unknown("an OpenEXR file of deep data or several parts", at: 4)
        }
        guard let header = try EXRHeader(bytes) else { return .atLeast(bytes.count + 1) }
        let chunks = try header.chunks(isTiled: flags & 0x200 != 0, bytes)
        guard chunks > 0, chunks <= StreamLimit.unitBytes / 8 else {
            throw bytes.invalid("\(chunks) chunks", at: 8, expected: "1 to \(StreamLimit.unitBytes / 8)")
        }
        let table = header.end
        guard bytes.slice(table, chunks * 8) != nil else { return .atLeast(table + chunks * 8) }
        let last = (0..<chunks).compactMap { bytes.number(table + $0 * 8, bytes: 7) }.max() ?? 0
        guard last >= table + chunks * 8, last <= StreamLimit.unitBytes else {
            throw bytes.invalid("a chunk at \(last)", at: table, expected: "one after the table of chunks")
        }
        // A chunk begins with its place: a row, or two coordinates and two levels.
        let place = last + (flags & 0x200 != 0 ? 16 : 4)
        guard let size = bytes.number(place, bytes: 4) else { return .atLeast(place + 4) }
        let end = place + 4 + size
        return bytes.count >= end ? .whole(end) : .atLeast(end)
    }
}
